"""Findings and quotes of the qualitative part, typed on the site or brought by a file."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from indicators.actions.audit import record
from indicators.models import Note, Project, User, Wave
from indicators.pipeline.personal_data import PersonalHint, personal_hints

WORDS = ("theme", "quote", "language", "source", "speaker")  # of a file, they stay as received
PLACE = ("wave", "indicator", "school", "item")
FIELDS = (*WORDS, *PLACE, "is_publishable")
PREFIX = "N"  # of the codes of typed notes


@dataclass
class StaleNote(Exception):
    """Somebody else changed the note meanwhile; `stored` is what stands there now."""

    stored: Mapping[str, Any]


class NoteOfFile(Exception):
    """A note that a file brought goes with its file."""


def doubts_about(note: Note) -> tuple[PersonalHint, ...]:
    """What in the words looks as if it named a person."""
    return personal_hints(f"{note.quote}\n{note.speaker}")


@transaction.atomic
def add_note(*, project: Project, values: Mapping[str, Any], by: User) -> Note:
    """`values` hold FIELDS."""
    wave: Wave = values["wave"]
    Wave.objects.select_for_update().get(pk=wave.pk)  # two new notes do not get one code
    note = Note.objects.create(
        code=_next_code(wave), typed_at=timezone.now(), created_by=by, updated_by=by, **values
    )
    record("note.created", note, by=by, project=project, after=plain(note))
    return note


@transaction.atomic
def change_note(*, note: Note, values: Mapping[str, Any], revision: int, by: User) -> Note:
    """Store what was typed over the revision read. The words and wave of a file's note stay.

    Raises StaleNote.
    """
    stored = _locked(note)
    if stored.revision != revision:
        raise StaleNote(plain(stored) | {"revision": stored.revision})
    before = plain(stored)
    fixed = {*WORDS, "wave"} if stored.upload_id else set()
    old_wave = stored.wave_id
    for name in FIELDS:
        if name not in fixed:
            setattr(stored, name, values[name])
    after = plain(stored)
    if before == after:
        return stored
    if stored.wave_id != old_wave:
        Wave.objects.select_for_update().get(pk=stored.wave_id)
        stored.code = _next_code(stored.wave)
    stored.revision += 1
    stored.updated_by = by
    stored.save()
    project = stored.wave.project
    record("note.changed", stored, by=by, project=project, before=before, after=after)
    return stored


@transaction.atomic
def publish_notes(
    *, project: Project, keys: Collection[int], shown: Collection[int], by: User | None
) -> list[Note]:
    """Of the notes `shown`, mark exactly `keys` as fit for readers. Returns those changed."""
    rows = Note.objects.select_for_update(of=("self",)).filter(wave__project=project, pk__in=shown)
    changed = [note for note in rows if note.is_publishable != (note.pk in keys)]
    for note in changed:
        note.is_publishable = note.pk in keys
        note.revision += 1
        note.updated_by = by
        note.save()
        record(
            "note.changed",
            note,
            by=by,
            project=project,
            before={"is_publishable": not note.is_publishable},
            after={"is_publishable": note.is_publishable},
        )
    return changed


@transaction.atomic
def remove_note(*, note: Note, reason: str, by: User) -> None:
    """Remove a typed note; its words stay in the audit log. Raises NoteOfFile."""
    stored = _locked(note)
    if stored.upload_id is not None:
        raise NoteOfFile
    project = stored.wave.project
    record("note.removed", stored, by=by, project=project, before=plain(stored), reason=reason)
    stored.delete()


def with_marks(notes: Iterable[Note], earlier: Iterable[Note]) -> list[Note]:
    """New notes of a file with what officers decided about the same words under the same code."""
    known = {(one.wave_id, one.code, one.quote): one for one in earlier}
    marked = []
    for note in notes:
        old = known.get((note.wave_id, note.code, note.quote))
        if old is not None:
            note.is_publishable, note.school, note.item = (
                old.is_publishable,
                old.school,
                old.item,
            )
            note.indicator = note.indicator or old.indicator
            note.revision, note.updated_by = old.revision, old.updated_by
        marked.append(note)
    return marked


def _next_code(wave: Wave) -> str:
    """The number after the highest typed one of the wave."""
    codes = Note.objects.filter(wave=wave, upload=None).values_list("code", flat=True)
    taken = [int(code[1:]) for code in codes if code[1:].isdecimal()]
    return f"{PREFIX}{max(taken, default=0) + 1}"


def _locked(note: Note) -> Note:
    rows = Note.objects.select_for_update(of=("self",))
    related = ("wave__project", "indicator", "school", "item")
    return rows.select_related(*related).get(pk=note.pk)


def plain(note: Note) -> dict[str, Any]:
    return {
        **{name: getattr(note, name) for name in WORDS},
        "wave": note.wave.code,
        "indicator": note.indicator.code if note.indicator else "",
        "school": note.school.code if note.school else "",
        "item": note.item.name if note.item else "",
        "is_publishable": note.is_publishable,
    }
