"""A project's folder read as a whole: everything wrong is listed, or a definition comes back.

project.toml            code, names, reference date
framework.xlsx          waves, scales, indices, indicators, targets, item_versions
register/schools.xlsx   schools, codes
instruments/*.xlsx      one XLSForm per version of a questionnaire
agenda.xlsx             questions for the last study; may be absent
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from pathlib import Path

from indicators.pipeline import framework_agenda as agenda_sheet
from indicators.pipeline import framework_indicators as indicator_sheet
from indicators.pipeline import framework_indices as index_sheet
from indicators.pipeline import framework_instruments as instrument_sheet
from indicators.pipeline import framework_scales as scale_sheet
from indicators.pipeline import framework_schools as school_sheet
from indicators.pipeline import framework_targets as target_sheet
from indicators.pipeline.framework_cells import Problems, Sheet, read_sheets
from indicators.pipeline.framework_measures import extra_measures
from indicators.pipeline.framework_shapes import (
    AgendaDefinition,
    Catalogue,
    CategoryDefinition,
    FormDefinition,
    IndexDefinition,
    InstrumentDefinition,
    MeasureDefinition,
    ProjectDefinition,
    ProjectHead,
    ScaleDefinition,
    SchoolDefinition,
    StratumDefinition,
)
from indicators.pipeline.shapes import ProblemSpec
from indicators.pipeline.xlsform import read_form
from indicators.vocabulary import DefinitionPart, ItemKind, Severity

HEAD, FRAMEWORK = "project.toml", "framework.xlsx"
REGISTER, FORMS = "register/schools.xlsx", "instruments"
AGENDA = "agenda.xlsx"
FRAMEWORK_SHEETS = {
    "waves": scale_sheet.WAVE_COLUMNS,
    "scales": scale_sheet.SCALE_COLUMNS,
    "indices": index_sheet.INDEX_COLUMNS,
    "indicators": indicator_sheet.INDICATOR_COLUMNS,
    "targets": target_sheet.TARGET_COLUMNS,
    "item_versions": instrument_sheet.ITEM_VERSION_COLUMNS,
}
REGISTER_SHEETS = {
    "schools": school_sheet.REGISTER_COLUMNS,
    "codes": school_sheet.CATEGORY_COLUMNS,
    "strata": school_sheet.STRATUM_COLUMNS,
}
AGENDA_SHEETS = {"agenda": agenda_sheet.AGENDA_COLUMNS}
OPTIONAL = frozenset({"strata"})  # only a sample of schools has them


class _Folder:
    """The files of one project by their names in its folder, each with its list of problems."""

    def __init__(self, files: Mapping[str, Path]) -> None:
        self.files = files
        self.problems: dict[str, Problems] = {}
        self.hashes: dict[str, str] = {}

    def open(self, name: str) -> tuple[Path | None, Problems]:
        path = self.files.get(name)
        problems = self.problems.setdefault(name, Problems(name))
        if path is None:
            problems.add("file_missing")
        else:
            self.hashes[name] = hashlib.sha256(path.read_bytes()).hexdigest()
        return path, problems

    def sheets(self, name: str, wanted: Mapping[str, tuple[str, ...]]) -> dict[str, Sheet]:
        path, problems = self.open(name)
        found = read_sheets(path, wanted, problems, OPTIONAL) if path is not None else {}
        empty = {sheet: Sheet(name, sheet, (), ()) for sheet in wanted}
        return {**empty, **found}

    @property
    def forms(self) -> list[str]:
        return sorted(name for name in self.files if name.startswith(f"{FORMS}/"))

    @property
    def found(self) -> tuple[ProblemSpec, ...]:
        return tuple(problem for one in self.problems.values() for problem in one.found)


Outcome = tuple[ProjectDefinition | None, tuple[ProblemSpec, ...]]


def read_project(directory: Path) -> Outcome:
    """The definition (None when anything blocks it) and everything found wrong or notable."""
    single = (directory / name for name in (HEAD, FRAMEWORK, REGISTER, AGENDA))
    forms = (directory / FORMS).glob("*.xlsx")
    # "~$" begins the lock file of a workbook that is open elsewhere.
    paths = [path for path in (*single, *forms) if path.is_file() and path.name[:2] != "~$"]
    folder = _Folder({path.relative_to(directory).as_posix(): path for path in paths})
    return _read(folder, _head(folder))


def read_workbooks(
    files: Mapping[str, Path], head: ProjectHead, known: Collection[str] = ()
) -> Outcome:
    """The same from workbooks that need not lie in a folder; `files`: by their names in one.

    While a part is missing there is no definition, and each workbook is looked at by itself: what
    it says about the missing one cannot be judged yet. `known`: codes of indicators the project
    has whatever the workbooks say.
    """
    folder = _Folder(files)
    if missing_parts(files):
        _look_apart(folder)
        return None, folder.found
    return _read(folder, head, known)


def missing_parts(names: Iterable[str]) -> tuple[DefinitionPart, ...]:
    """What a project still needs besides the workbooks of these names."""
    given = {name.partition("/")[0] for name in names}
    wanted = {
        DefinitionPart.REGISTER: REGISTER.partition("/")[0],
        DefinitionPart.FORM: FORMS,
        DefinitionPart.FRAMEWORK: FRAMEWORK,
    }
    return tuple(part for part, name in wanted.items() if name not in given)


def _look_apart(folder: _Folder) -> None:
    if REGISTER in folder.files:
        _register(folder)
    if folder.forms:
        _forms(folder)
    if FRAMEWORK in folder.files:
        folder.sheets(FRAMEWORK, FRAMEWORK_SHEETS)
    if AGENDA in folder.files:
        folder.sheets(AGENDA, AGENDA_SHEETS)


def _read(folder: _Folder, head: ProjectHead | None, known: Collection[str] = ()) -> Outcome:
    categories, schools, strata = _register(folder)
    forms = _forms(folder)
    sheets = folder.sheets(FRAMEWORK, FRAMEWORK_SHEETS)
    scales = scale_sheet.read_scales(sheets["scales"])
    by_code = {scale.code: scale for scale in scales}
    codes = frozenset(school.code for school in schools)
    for form in forms:
        scale_sheet.check_choices(form, by_code, folder.problems[form.file], codes)
    instruments = _instruments(folder, forms, sheets)
    catalogue = _catalogue(folder, instruments, by_code)
    indices = _indices(forms, instruments, catalogue, sheets["indices"])
    by_index = {index.code: index for index in indices}
    catalogue = Catalogue(catalogue.items, catalogue.scales, by_index)
    indicators = indicator_sheet.read_indicators(sheets["indicators"], catalogue)
    waves = scale_sheet.read_waves(sheets["waves"], forms)
    facts = {one.code: target_sheet.facts_of(one, catalogue) for one in indicators}
    context = target_sheet.TargetContext(facts, codes, [wave.code for wave in waves])
    targets = target_sheet.read_targets(sheets["targets"], context)
    agenda = _agenda(folder, frozenset({*facts, *known}))
    found = folder.found
    if head is None or any(problem.severity is Severity.BLOCK for problem in found):
        return None, found
    measures = [one.measure for one in indicators] + extra_measures(instruments, catalogue)
    definition = ProjectDefinition(
        head=head,
        categories=categories,
        schools=schools,
        strata=strata,
        scales=scales,
        instruments=instruments,
        waves=waves,
        indices=indices,
        measures=_once(measures),
        indicators=indicators,
        targets=targets,
        agenda=agenda,
        files=folder.hashes,
        notices=found,
    )
    return definition, found


def _head(folder: _Folder) -> ProjectHead | None:
    path, problems = folder.open(HEAD)
    if path is None:
        return None
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        problems.add("file_unreadable", reason=str(error))
        return None
    code, day, names = values.get("code"), values.get("reference_date"), values.get("name")
    if not isinstance(code, str) or not code.replace("-", "").isalnum() or len(code) > 40:
        problems.add("project_code_wrong", column="code", value=code)
    elif type(day) is not date:
        problems.add("not_a_date", column="reference_date", value=day, suggestion="2027-12-01")
    elif not isinstance(names, dict) or not any(names.get(key) for key in ("ky", "ru", "en")):
        problems.add("value_missing", column="name")
    else:
        ky, ru, en = (str(names.get(key, "")) for key in ("ky", "ru", "en"))
        return ProjectHead(code, (ky, ru, en), day)
    return None


def _register(
    folder: _Folder,
) -> tuple[
    tuple[CategoryDefinition, ...], tuple[SchoolDefinition, ...], tuple[StratumDefinition, ...]
]:
    sheets = folder.sheets(REGISTER, REGISTER_SHEETS)
    categories = school_sheet.read_categories(sheets["codes"])
    codes = school_sheet.SchoolCodes(categories)
    schools = school_sheet.read_schools(sheets["schools"], codes)
    return categories, schools, school_sheet.read_strata(sheets["strata"], schools)


def _agenda(folder: _Folder, indicators: frozenset[str]) -> tuple[AgendaDefinition, ...]:
    if AGENDA not in folder.files:
        return ()
    sheet = folder.sheets(AGENDA, AGENDA_SHEETS)["agenda"]
    return agenda_sheet.read_agenda(sheet, indicators)


def _forms(folder: _Folder) -> tuple[FormDefinition, ...]:
    if not folder.forms:
        folder.problems.setdefault(FORMS, Problems(FORMS)).add("file_missing")
    found = []
    for name in folder.forms:
        folder.open(name)
        form = read_form(folder.files[name], folder.problems[name])
        if form is not None:
            found.append(form)
    return tuple(found)


def _instruments(
    folder: _Folder, forms: Iterable[FormDefinition], sheets: Mapping[str, Sheet]
) -> tuple[InstrumentDefinition, ...]:
    identities = instrument_sheet.read_identities(sheets["item_versions"], forms)
    limits = index_sheet.read_limits(sheets["indices"])
    return instrument_sheet.build_instruments(forms, identities, limits, folder.problems)


def _indices(
    forms: Iterable[FormDefinition],
    instruments: Iterable[InstrumentDefinition],
    catalogue: Catalogue,
    sheet: Sheet,
) -> tuple[IndexDefinition, ...]:
    names = [instrument.code for instrument in instruments]
    limits = index_sheet.read_limits(sheet)
    indices = index_sheet.read_indices(sheet, catalogue, names, limits)
    index_sheet.check_marks(forms, sheet, indices)
    return indices


def _catalogue(
    folder: _Folder,
    instruments: Iterable[InstrumentDefinition],
    scales: Mapping[str, ScaleDefinition],
) -> Catalogue:
    """All items. A name must be used in one questionnaire only: measures are named after it."""
    items = {}
    owner: dict[str, str] = {}
    for instrument in instruments:
        for item in instrument.items:
            items[instrument.code, item.name] = item
            if item.kind is ItemKind.CONSENT:
                continue
            if owner.setdefault(item.name, instrument.code) != instrument.code:
                folder.problems[instrument.forms[0].file].add(
                    "item_name_shared", sheet="survey", value=item.name, other=owner[item.name]
                )
    return Catalogue(items, scales)


def _once(measures: Iterable[MeasureDefinition]) -> tuple[MeasureDefinition, ...]:
    """Two indicators may share a measure."""
    return tuple({measure.code: measure for measure in measures}.values())
