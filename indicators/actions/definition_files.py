"""The workbooks of a project's definition: kept as received, one in use per place."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path, PurePath
from tempfile import TemporaryDirectory

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from indicators.models import DefinitionFile, Project, User
from indicators.pipeline.framework import AGENDA, FORMS, FRAMEWORK, REGISTER
from indicators.pipeline.framework_shapes import ProjectDefinition
from indicators.pipeline.recognise_definition import DefinitionPlace
from indicators.vocabulary import DefinitionPart, DefinitionState

S = DefinitionState
# Names in a project's folder of the workbooks there is one of.
SINGLE = {
    DefinitionPart.REGISTER: REGISTER,
    DefinitionPart.FRAMEWORK: FRAMEWORK,
    DefinitionPart.AGENDA: AGENDA,
}


def current_files(project: Project) -> list[DefinitionFile]:
    """The workbooks in use, with those that wait in their places; in a fixed order."""
    rows = DefinitionFile.objects.filter(project=project, state__in=(S.WAITING, S.HOLDS))
    found = {row.slot: row for row in rows.filter(state=S.HOLDS)}
    found |= {row.slot: row for row in rows.filter(state=S.WAITING)}
    return [found[slot] for slot in sorted(found)]


def mark_of(files: Sequence[DefinitionFile]) -> str:
    """One hash for exactly these workbooks in these places and states."""
    text = "\n".join(f"{one.slot} {one.state} {one.sha256}" for one in files)
    return hashlib.sha256(text.encode()).hexdigest()


@contextmanager
def workbooks(files: Sequence[DefinitionFile]) -> Iterator[tuple[dict[str, Path], dict[str, str]]]:
    """The workbooks as readable files, by their names in a project's folder.

    The second mapping leads from these names to those the files came with.
    """
    names: dict[str, DefinitionFile] = {}
    for one in files:
        names[_name_in_folder(one, names)] = one
    with TemporaryDirectory() as folder:
        paths = {}
        for number, (name, one) in enumerate(names.items()):
            paths[name] = Path(folder) / f"{number}.xlsx"
            with default_storage.open(one.stored_as, "rb") as stored:
                paths[name].write_bytes(stored.read())
        yield paths, {name: one.file_name for name, one in names.items()}


def _name_in_folder(one: DefinitionFile, taken: Mapping[str, DefinitionFile]) -> str:
    if one.part != DefinitionPart.FORM:
        return SINGLE[DefinitionPart(one.part)]
    name = f"{FORMS}/{one.file_name}"
    return f"{FORMS}/{one.slot}.xlsx" if name in taken else name


def keep_file(
    *,
    project: Project,
    place: DefinitionPlace,
    file_name: str,
    data: bytes,
    state: DefinitionState,
    by: User | None,
) -> DefinitionFile:
    """Store a workbook; the one before in the same place and state gives way to it."""
    sha256 = hashlib.sha256(data).hexdigest()
    rows = DefinitionFile.objects.filter(project=project, slot=place.slot, state=state)
    same = rows.filter(sha256=sha256, file_name=file_name).first()
    if same is not None:
        return same
    rows.update(state=S.TAKEN_BACK if state is S.WAITING else S.REPLACED)
    return DefinitionFile.objects.create(
        project=project,
        part=place.part,
        slot=place.slot,
        state=state,
        file_name=file_name,
        stored_as=_stored(sha256, data),
        sha256=sha256,
        created_by=by,
    )


def _stored(sha256: str, data: bytes) -> str:
    name = f"definitions/{sha256[:2]}/{sha256}"
    if not default_storage.exists(name):
        name = default_storage.save(name, ContentFile(data))
    return str(name)


def keep_loaded(
    *, project: Project, directory: Path, definition: ProjectDefinition, by: User | None
) -> None:
    """Keep the workbooks a folder was loaded from, so that pages can add to them."""
    places = {
        name: DefinitionPlace(part)
        for part, name in SINGLE.items()
        if part is not DefinitionPart.AGENDA or name in definition.files
    }
    for instrument in definition.instruments:
        for form in instrument.forms:
            place = DefinitionPlace(DefinitionPart.FORM, form.instrument, form.version)
            places[form.file] = place
    for name, place in places.items():
        path = directory / name
        keep_file(
            project=project,
            place=place,
            file_name=PurePath(name).name,
            data=path.read_bytes(),
            state=S.HOLDS,
            by=by,
        )
