"""Sheets `waves` and `scales`, and the forms' own options checked against the scales."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from indicators.pipeline.framework_cells import (
    Problems,
    Sheet,
    SheetRow,
    as_number,
    without_repeats,
)
from indicators.pipeline.framework_shapes import (
    ChoiceRow,
    FormDefinition,
    ScaleDefinition,
    WaveDefinition,
)
from indicators.pipeline.shapes import MISSING, OptionSpec
from indicators.pipeline.xlsform import SCHOOL_LIST
from indicators.vocabulary import ItemKind, Selection, Severity, WaveKind

WAVE_COLUMNS = ("code", "kind", "field_start", "field_end", "instrument_versions")
SCALE_COLUMNS = ("scale", "name", "code", "label_ky", "label_ru", "label_en", "substantive")
# A tick is a bit of one 64-bit number.
MOST_TICKS = 62


def read_waves(sheet: Sheet, forms: Iterable[FormDefinition]) -> tuple[WaveDefinition, ...]:
    known = {(form.instrument, form.version) for form in forms}
    kinds = {kind.value: kind for kind in WaveKind}
    waves: list[WaveDefinition] = []
    for row in without_repeats(sheet.rows, ("code",), "duplicate_code"):
        code = row.text("code", required=True, longest=20)
        kind = row.one_of("kind", kinds)
        start, end = row.day("field_start"), row.day("field_end")
        versions = _versions(row, known)
        if not code or kind is None or start is None or end is None:
            continue
        if end < start:
            row.report("dates_not_ordered", "field_end", other=start.isoformat())
            continue
        waves.append(
            WaveDefinition(
                code=code,
                kind=kind,
                names=row.labels("name", required=True),
                field_start=start,
                field_end=end,
                school_year=row.text("school_year", longest=20),
                note=row.text("note"),
                versions=versions,
                position=len(waves),
                selections=_selections(row, {name for name, _ in versions}),
            )
        )
    return tuple(waves)


def _selections(row: SheetRow, instruments: set[str]) -> dict[str, Selection]:
    """ "teacher sample_schools_random_people" by questionnaire, where it is not the usual way."""
    found: dict[str, Selection] = {}
    for part in row.text("selections").split(";"):
        words = part.split()
        if not words:
            continue
        if len(words) == 2 and words[0] in instruments and words[1] in set(Selection):
            found[words[0]] = Selection(words[1])
        else:
            allowed = ", ".join(Selection)
            row.report("value_unknown", "selections", value=part.strip(), allowed=allowed)
    return found


def _versions(row: SheetRow, known: set[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """ "student 2025100101; teacher 2025100101" as pairs that exist among the forms. A wave of desk
    data and logs only has none.
    """
    pairs: list[tuple[str, str]] = []
    for part in row.text("instrument_versions").split(";"):
        words = tuple(part.split())
        if not words:
            continue
        if words in pairs:
            row.report("repeated", "instrument_versions", value=part, first_row=str(row.number))
        elif len(words) == 2 and words in known:
            pairs.append((words[0], words[1]))
        else:
            forms = ", ".join(" ".join(pair) for pair in sorted(known))
            row.report("form_unknown", "instrument_versions", value=part.strip(), allowed=forms)
    return tuple(pairs)


def read_scales(sheet: Sheet) -> tuple[ScaleDefinition, ...]:
    """Options in sheet order. A scale without numbers is numbered from 0: the bits of its ticks."""
    lists: dict[str, list[SheetRow]] = {}
    for row in without_repeats(sheet.rows, ("scale", "name")):
        scale, name = row.text("scale", required=True, longest=60), row.text("name", required=True)
        if scale and name:
            lists.setdefault(scale, []).append(row)
    return tuple(_scale(code, rows) for code, rows in lists.items())


def _scale(code: str, rows: list[SheetRow]) -> ScaleDefinition:
    numbered = [row for row in rows if row.text("code")]
    if numbered and len(numbered) < len(rows):
        for row in rows:
            if row not in numbered:
                row.report("option_without_code", "code", scale=code)
    options: list[OptionSpec] = []
    seen: dict[int, int] = {}
    for position, row in enumerate(rows):
        number = _option_code(row) if numbered else position
        if number is None:
            continue
        if number in seen:
            row.report("duplicate_code", "code", first_row=str(seen[number]))
            continue
        seen[number] = row.number
        options.append(
            OptionSpec(
                name=row.text("name", longest=60),
                code=number,
                labels=row.labels("label", required=True, longest=2000),
                is_substantive=row.yes("substantive", default=True),
            )
        )
    notes = {row.text("name"): row.text("note") for row in rows if row.text("note")}
    return ScaleDefinition(code, tuple(options), notes)


def _option_code(row: SheetRow) -> int | None:
    number = as_number(row.cells.get("code"))
    if not row.text("code"):
        return None
    if number is None or number != int(number) or not MISSING < number < 128:
        row.report("option_code_wrong", "code", low=str(MISSING + 1), high="127")
        return None
    return int(number)


def check_choices(
    form: FormDefinition,
    scales: Mapping[str, ScaleDefinition],
    problems: Problems,
    school_codes: frozenset[str],
) -> None:
    """The options a respondent sees must be those of the framework, with the same numbers."""
    used = {item.scale for item in form.items if item.scale}
    for name, options in form.choices.items():
        if name == SCHOOL_LIST:
            _check_schools(options, problems, school_codes)
        elif name in used and name not in scales:
            problems.add(
                "scale_missing", sheet="choices", row=options[0].row, column="list_name", value=name
            )
        elif name in used:
            _check_options(scales[name], options, problems)
    for scale in dict.fromkeys(item.scale for item in form.items if item.kind is ItemKind.MULTI):
        if len(form.choices.get(scale, ())) > MOST_TICKS:
            problems.add("too_many_options", sheet="choices", value=scale, longest=str(MOST_TICKS))
    for item in form.items:
        lone, known = item.exclusive_option, scales.get(item.scale)
        if lone and known is not None and known.option(lone) is None:
            problems.add(
                "option_unknown",
                sheet="survey",
                row=item.row,
                column="constraint",
                value=lone,
                scale=item.scale,
            )


def _check_options(
    scale: ScaleDefinition, options: tuple[ChoiceRow, ...], problems: Problems
) -> None:
    for option in options:
        known = scale.option(option.name)
        place = {"sheet": "choices", "row": option.row, "scale": scale.code}
        if known is None:
            names = ", ".join(one.name for one in scale.options)
            problems.add("option_unknown", column="name", value=option.name, allowed=names, **place)  # type: ignore[arg-type]
            continue
        if option.code is not None and option.code != known.code:
            problems.add(
                "option_code_differs",
                column="code",
                value=option.code,
                suggestion=str(known.code),
                **place,  # type: ignore[arg-type]
            )
        for language, theirs, ours in zip(
            ("ky", "ru", "en"), option.labels, known.labels, strict=True
        ):
            if theirs != ours:
                problems.add(
                    "option_label_differs",
                    column=f"label ({language})",
                    value=theirs,
                    suggestion=ours,
                    **place,  # type: ignore[arg-type]
                )
    for name in {one.name for one in scale.options} - {option.name for option in options}:
        problems.add(
            "option_missing",
            sheet="choices",
            row=options[0].row,
            column="name",
            value=name,
            scale=scale.code,
        )


def _check_schools(
    options: tuple[ChoiceRow, ...], problems: Problems, school_codes: frozenset[str]
) -> None:
    """A school may join or leave later, so a difference from the register is only noted."""
    listed = {school_code(option.name): option for option in options}
    for code, option in listed.items():
        if code not in school_codes:
            problems.add(
                "school_not_in_register",
                severity=Severity.WARNING,
                sheet="choices",
                row=option.row,
                column="name",
                value=option.name,
            )
    for code in sorted(school_codes - listed.keys()):
        problems.add(
            "school_not_in_form",
            severity=Severity.WARNING,
            sheet="choices",
            row=options[0].row,
            column="name",
            value=code,
        )


def school_code(option: str) -> str:
    """XML names allow no hyphen and are written small: is_01 stands for IS-01."""
    return re.sub(r"_", "-", option).upper()
