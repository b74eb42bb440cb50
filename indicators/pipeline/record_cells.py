"""Cells of a table of records, by the type of their column."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from indicators.pipeline.cells import moment_of, number_of
from indicators.pipeline.matching import How, Matcher, fold, normalise
from indicators.pipeline.problems import Problems


@dataclass(frozen=True, slots=True)
class Field:
    """One column: its name with us, its names in files, how its cells are read."""

    name: str
    aliases: tuple[str, ...]
    kind: str = "text"  # text, count, number, date, school, code, year, school_year, yes_no
    is_needed: bool = False
    codes: Mapping[str, str] = field(default_factory=dict)  # wording -> code, for kind "code"
    low: float | None = None
    high: float | None = None
    unknown_kind: str = "unknown_value"  # the problem when a code is not known
    is_key: bool = False  # without it the row says nothing


def _text(problems: Problems, one: Field, cell: Any, where: dict[str, Any]) -> Any:
    text = str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)
    return text.replace("\u200b", "").replace("\x00", "").strip()


def _number(problems: Problems, one: Field, cell: Any, where: dict[str, Any]) -> Any:
    number = number_of(cell)
    if number is None:
        kind, suggestion = _why_no_number(cell)
        problems.empty_cell(kind, suggestion=suggestion, **where)
        return None
    if one.kind == "count" and number < 0:
        problems.empty_cell("negative_count", **where)
        return None
    if one.kind == "count" and not number.is_integer():
        problems.empty_cell("non_integer_count", **where)
        return None
    outside = (one.low is not None and number < one.low) or (
        one.high is not None and number > one.high
    )
    if outside:
        limits = {"low": f"{one.low or 0:g}", "high": f"{one.high or 0:g}"}
        problems.empty_cell("out_of_range_value", **limits, **where)
        return None
    return int(number) if one.kind in ("count", "year") else number


def _why_no_number(cell: Any) -> tuple[str, str]:
    """The problem with a cell that should be a number, and the number it seems to mean."""
    text = str(cell)
    repaired = text.translate(str.maketrans("ОоOoЗзІіlI", "0000331111"))
    if any(c.isdigit() for c in text) and number_of(repaired) is not None:
        return "cyrillic_letter_in_number", repaired.replace(",", ".")
    digits = [part for part in normalise(text).split() if part.isdigit()]
    return "text_in_numeric", digits[0] if len(digits) == 1 else ""


def _year(problems: Problems, one: Field, cell: Any, where: dict[str, Any]) -> Any:
    parts = normalise(str(_text(problems, one, cell, where))).split()
    years = [part for part in parts if part.isdigit() and len(part) == 4]
    if len(years) != 1:
        problems.leave_out_row("unclear_period", **where)
        return None
    return years[0]


def _school_year(problems: Problems, one: Field, cell: Any, where: dict[str, Any]) -> Any:
    """2024/2025, also written 2024-25 or 2024–2025."""
    parts = [part for part in normalise(str(cell)).split() if part.isdigit()]
    if len(parts) == 2 and len(parts[0]) == 4 and len(parts[1]) in (2, 4):
        first, second = int(parts[0]), int(parts[0][: 4 - len(parts[1])] + parts[1])
        if second == first + 1:
            return f"{first}/{second}"
    problems.leave_out_row("unclear_period", **where)
    return None


def _date(problems: Problems, one: Field, cell: Any, where: dict[str, Any]) -> Any:
    moment = moment_of(cell)
    if moment is None:
        problems.empty_cell("impossible_date", **where)
        return None
    if moment.note and moment.note != "excel_serial_date":
        problems.warn(moment.note, suggestion=f"{moment.at:%Y-%m-%d}", **where)
    return moment.at.date()


def code_of(one: Field, cell: Any) -> str | None:
    wanted = normalise(str(cell))
    return next((code for word, code in one.codes.items() if normalise(word) == wanted), None)


def _code(problems: Problems, one: Field, cell: Any, where: dict[str, Any]) -> Any:
    if (code := code_of(one, cell)) is not None:
        return code
    match = Matcher(one.codes.items()).find(str(cell))
    near = match.target if match.how is How.NEAR else _same_start(one, cell)
    if near is not None:
        problems.warn("misspelt_label", suggestion=near, **where)
        return near
    if one.is_key:
        problems.block(one.unknown_kind, **where)
    else:
        problems.empty_cell(one.unknown_kind, **where)
    return None


def _same_start(one: Field, cell: Any) -> str | None:
    """The only code with a wording that starts alike: an ending or a borrowed suffix differs."""
    start = fold(normalise(str(cell)))[:5]
    codes = {code for word, code in one.codes.items() if fold(normalise(word)).startswith(start)}
    return codes.pop() if len(codes) == 1 and len(start) == 5 else None


def _yes_no(problems: Problems, one: Field, cell: Any, where: dict[str, Any]) -> Any:
    word = normalise(f"{cell:g}" if isinstance(cell, float) else str(cell))
    if word in ("ооба", "да", "yes", "1", "true", "бар"):
        return True
    if word in ("жок", "нет", "no", "0", "false"):
        return False
    problems.empty_cell("unknown_answer_label", **where)
    return None


READERS: Mapping[str, Callable[[Problems, Field, Any, dict[str, Any]], Any]] = {
    "text": _text,
    "count": _number,
    "number": _number,
    "year": _year,
    "school_year": _school_year,
    "date": _date,
    "code": _code,
    "yes_no": _yes_no,
}
