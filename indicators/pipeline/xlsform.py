"""One XLSForm read into plain values.

pyxform checks the form and resolves groups and languages. It gives them only through an attribute
marked private, so this is the one module that touches it (the version is pinned). Row numbers,
which pyxform does not keep, are read from the sheets themselves.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from indicators.pipeline.framework_cells import (
    Problems,
    Sheet,
    SheetRow,
    as_number,
    as_text,
    read_sheets,
)
from indicators.pipeline.framework_shapes import (
    BlockDefinition,
    ChoiceRow,
    FormDefinition,
    FormItem,
)
from indicators.pipeline.shapes import MISSING, Labels
from indicators.vocabulary import ItemKind, Respondent, Severity

SHEETS: Mapping[str, tuple[str, ...]] = {
    "survey": ("type", "name"),
    "choices": ("list_name", "name"),
    "settings": ("form_title", "form_id", "version"),
}
SCHOOL_LIST = "school"
CONSENT_LISTS = frozenset({"consent", "consent_p"})
# Filled by the device or shown only: no answers of a person.
NOT_ASKED = frozenset(
    {
        "start", "end", "today", "note", "calculate", "hidden", "deviceid", "username", "audit",
        "phonenumber", "simserial", "subscriberid", "email", "start-geopoint",
    }
)  # fmt: skip
# A number of this name is no answer: it says for how many people the respondent stands.
WEIGHT_NAMES = frozenset({"weight", "sampling_weight"})
WEIGHT_TYPES = frozenset({"decimal", "calculate"})
SIMPLE_KINDS: Mapping[str, ItemKind] = {
    "text": ItemKind.TEXT,
    "date": ItemKind.DATE,
    "integer": ItemKind.NUMBER,
    "int": ItemKind.NUMBER,
    "decimal": ItemKind.NUMBER,
}
_COUNT_LIMIT = re.compile(r"count-selected\(\s*\.\s*\)\s*<=\s*(\d+)")
_EXCLUSIVE = re.compile(
    r"not\(\s*selected\(\s*\.\s*,\s*['\"]([^'\"]+)['\"]\s*\)\s*"
    r"and\s+count-selected\(\s*\.\s*\)\s*>\s*1\s*\)"
)


@dataclass(frozen=True, slots=True)
class _Reading:
    """The form being read: where its rows stand and where to report."""

    problems: Problems
    survey_rows: Mapping[str, int]

    def report(self, kind: str, name: str, value: str, severity: Severity = Severity.BLOCK) -> None:
        row = self.survey_rows.get(name)
        self.problems.add(
            kind, severity=severity, sheet="survey", row=row, column="type", value=value, name=name
        )


def read_form(path: Path, problems: Problems) -> FormDefinition | None:
    """The form, or None when it cannot be used; everything wrong goes to `problems`."""
    sheets = read_sheets(path, SHEETS, problems)
    if len(sheets) < len(SHEETS):
        return None
    survey = _converted(path, problems)
    if survey is None:
        return None
    instrument = instrument_of(sheets["settings"], problems)
    version = str(survey.get("version", "")).strip()
    if not version:
        problems.add("value_missing", sheet="settings", row=2, column="version")
    rows = {as_text(row.cells["name"]): row.number for row in sheets["survey"].rows}
    reading = _Reading(problems, rows)
    items = tuple(_items(survey["children"], reading))
    title = str(survey.get("title", ""))
    return FormDefinition(
        file=problems.file,
        sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
        instrument=instrument,
        version=version,
        title=title,
        names=split_title(title),
        blocks=tuple(_blocks(survey["children"])),
        items=items,
        choices=_choices(sheets["choices"], survey),
    )


def _converted(path: Path, problems: Problems) -> dict[str, Any] | None:
    """pyxform's view of the form as nested dictionaries."""
    from pyxform.xls2xform import convert

    try:
        result: dict[str, Any] = convert(path)._pyxform
    except Exception as error:  # a number as a header, for one, is no error of pyxform's own
        problems.add("form_invalid", reason=str(error))
        return None
    return result


def instrument_of(settings: Sheet, problems: Problems) -> str:
    """Who answers: the last word of the form's id ("b23_student" -> "student")."""
    row = settings.rows[0] if settings.rows else None
    form_id = row.text("form_id") if row else ""
    word = form_id.rsplit("_", 1)[-1]
    if word not in set(Respondent):
        problems.add(
            "form_respondent_unknown",
            sheet="settings",
            row=2,
            column="form_id",
            value=form_id,
            allowed=", ".join(Respondent),
        )
    return word


def split_title(title: str) -> Labels:
    """ "ky / ru / en" apart; a title in one language stands for all."""
    parts = [part.strip() for part in title.split(" / ")]
    return (parts[0], parts[1], parts[2]) if len(parts) == 3 else (title, "", "")


def labels_of(value: object) -> Labels:
    """Labels by the language code in brackets: {"Русский (ru)": "..."}; plain text is Kyrgyz."""
    if not isinstance(value, dict):
        return (as_text(value), "", "")
    found = {
        match.group(1): as_text(text)
        for language, text in value.items()
        if (match := re.search(r"\((\w\w)\)\s*$", language))
    }
    return (found.get("ky", ""), found.get("ru", ""), found.get("en", ""))


def _blocks(children: list[dict[str, Any]]) -> Iterator[BlockDefinition]:
    for child in children:
        if child["type"] == "group" and child["name"] != "meta":
            yield BlockDefinition(child["name"], labels_of(child.get("label")))


def _items(
    children: list[dict[str, Any]], reading: _Reading, block: str = "", rule: str = ""
) -> Iterator[FormItem]:
    for child in children:
        kind = child["type"]
        own = _both(rule, str(child.get("bind", {}).get("relevant", "")))
        if kind == "group":
            # A group inside a group belongs to the outer block.
            if child["name"] != "meta":
                inner = child.get("children", [])
                yield from _items(inner, reading, block or child["name"], own)
        elif kind == "repeat":
            reading.report("repeat_group", child["name"], kind)
        elif kind not in NOT_ASKED or _is_weight(child):
            item_kind = _kind(child)
            if item_kind is None:
                reading.report("question_left_out", child["name"], kind, Severity.WARNING)
            else:
                yield replace(_item(child, item_kind, block, reading), relevant=own)


def _both(first: str, second: str) -> str:
    """A rule that holds where both hold; an empty one always holds."""
    return f"({first}) and ({second})" if first and second else first or second


def _is_weight(child: Mapping[str, Any]) -> bool:
    return child["type"] in WEIGHT_TYPES and child["name"] in WEIGHT_NAMES


def _kind(child: Mapping[str, Any]) -> ItemKind | None:
    kind, options = child["type"], child.get("list_name", "")
    if _is_weight(child):
        return ItemKind.WEIGHT
    if kind == "select one":
        if options == SCHOOL_LIST:
            return ItemKind.SCHOOL
        return ItemKind.CONSENT if options in CONSENT_LISTS else ItemKind.SCALE
    if kind == "select all that apply":
        return ItemKind.MULTI
    return SIMPLE_KINDS.get(kind)


def _item(child: Mapping[str, Any], kind: ItemKind, block: str, reading: _Reading) -> FormItem:
    bind = child.get("bind", {})
    limit = _COUNT_LIMIT.search(bind.get("constraint", ""))
    exclusive = _EXCLUSIVE.search(bind.get("constraint", ""))
    is_multi = kind is ItemKind.MULTI
    return FormItem(
        name=child["name"],
        kind=kind,
        labels=labels_of(child.get("label")),
        scale="" if kind is ItemKind.SCHOOL else child.get("list_name", ""),
        block=block,
        is_required=str(bind.get("required", "")).casefold() in ("yes", "true", "true()"),
        horizon=str(child.get("horizon", ""))[:20],
        max_selected=int(limit.group(1)) if limit and is_multi else None,
        exclusive_option=exclusive.group(1) if exclusive and is_multi else "",
        limits=str(bind.get("constraint", "")),
        indices=tuple(str(child.get("index", "")).split()),
        is_reversed=str(child.get("reverse", "")).casefold() == "yes",
        note=str(child.get("note_origin", "")),
        row=reading.survey_rows.get(child["name"]),
    )


def _choices(sheet: Sheet, survey: Mapping[str, Any]) -> dict[str, tuple[ChoiceRow, ...]]:
    """Options by list, in sheet order, with the numbers of the column `code` if there are any."""
    labels = {
        (name, option["name"]): labels_of(option.get("label"))
        for name, options in survey.get("choices", {}).items()
        for option in options
    }
    lists: dict[str, list[ChoiceRow]] = {}
    for row in sheet.rows:
        key = (row.text("list_name"), row.text("name"))
        option = ChoiceRow(key[1], _code(row), labels.get(key, ("", "", "")), row.number)
        lists.setdefault(key[0], []).append(option)
    return {name: tuple(options) for name, options in lists.items()}


def _code(row: SheetRow) -> int | None:
    """The number of an option, where the sheet gives one."""
    code = as_number(row.cells.get("code"))
    if code is not None and code.is_integer():
        return int(code)
    if row.text("code"):
        row.report("option_code_wrong", "code", low=str(MISSING + 1), high="127")
    return None
