"""One cell of a file understood: numbers, dates, missing tokens. No cell is ever evaluated."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from typing import Any

from indicators.pipeline.matching import normalise

LOCAL = timezone(timedelta(hours=6))  # Bishkek has no summer time
EXCEL_DAY_0 = datetime(1899, 12, 30)  # noqa: DTZ001 - dates of files have no zone
NUMBER = re.compile(r"[+-]?\d{1,15}(?:[.,]\d+)?")
GROUPED = re.compile(r"([+-]?\d{1,3}(?:[ \u00a0\u202f\u2009]\d{3})+)([.,]\d+)?")
NO_ANSWER = frozenset(
    [
        "na",
        "n a",
        "null",
        "nan",
        "none",
        "nil",
        "no answer",
        "missing",
        "жооп жок",
        "жооп берилген жок",
        "нет ответа",
        "н о",
        "н д",
        "не указано",
    ]
)
DASHES = frozenset(["-", "–", "—", "−", "--", ".", "...", "…", "?", "#N/A", "#н/д", "/"])
UNDECLARED_MISSING = frozenset([77, 88, 97, 98, 99, 997, 998, 999, -9, -99])
TOTALS = ("бардыгы", "жыйынтыгы", "жыйынтык", "баары", "итого", "всего", "total", "totals", "sum")
MONTHS = {
    name: number
    for number, names in enumerate(
        [
            "янв jan",
            "фев feb",
            "мар mar",
            "апр apr",
            "май мая may",
            "июн jun",
            "июл jul",
            "авг aug",
            "сен sep",
            "окт oct",
            "ноя noy nov",
            "дек dec",
        ],
        start=1,
    )
    for name in names.split()
}


ISO = re.compile(
    r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ]+(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?)?"
    r"\s*(AM|PM)?\s*(Z|(?:GMT|UTC)?[+-]\d{1,2}(?::?\d{2})?|GMT|UTC)?",
    re.IGNORECASE,
)
DAY_FIRST = re.compile(
    r"(\d{1,2})[./-](\d{1,2})[./-](\d{4}|\d{2})(?:[, ]+(\d{1,2}):(\d{2})(?::(\d{2}))?)?"
    r"\s*(AM|PM)?",
    re.IGNORECASE,
)
MONTH_FIRST = re.compile(  # as SurveyCTO and Google write it in English
    r"([A-Za-z]{3,9})\.?\s+(\d{1,2}),?\s+(\d{4})"
    r"(?:,?\s+(\d{1,2}):(\d{2})(?::(\d{2}))?\s*(AM|PM)?)?",
    re.IGNORECASE,
)
WRITTEN = re.compile(r"(\d{1,2})[\s.-]*([^\W\d]{3,})\.?,?\s*(\d{4})")


def is_blank(cell: Any) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip(" \t\r\n\u00a0\u200b\ufeff"))


def is_missing_token(text: str) -> bool:
    """Whether a text says "no answer" (-, n/a, н/о, NULL)."""
    return text.strip() in DASHES or normalise(text) in NO_ANSWER


def is_total(cell: Any) -> bool:
    """Whether the first cell of a row says that it is a total."""
    words = normalise(str(cell)).split() if isinstance(cell, str) else []
    return bool(words) and words[0] in TOTALS and len(words) <= 4


def number_of(cell: Any) -> float | None:
    """A number, also with a decimal comma or spaces between thousands; None when it is none."""
    if isinstance(cell, bool):
        return float(cell)
    if isinstance(cell, int | float):
        return float(cell) if cell == cell and abs(cell) < 1e15 else None
    if not isinstance(cell, str):
        return None
    text = cell.strip(" \t\r\n\u00a0\u200b\ufeff").removesuffix("%").strip()
    if grouped := GROUPED.fullmatch(text):
        text = re.sub(r"\s", "", grouped[1]) + (grouped[2] or "")
    if NUMBER.fullmatch(text):
        return float(text.replace(",", "."))
    return None


@dataclass(frozen=True, slots=True)
class Moment:
    """A date and time as local time; `note` names what was odd about the way it was written."""

    at: datetime
    note: str = ""
    has_time: bool = True


def moment_of(cell: Any) -> Moment | None:
    """A date cell, an Excel serial number or a text in one of the usual orders."""
    if isinstance(cell, datetime):
        return Moment(_local(cell))
    if isinstance(cell, date):
        return Moment(datetime.combine(cell, time()), has_time=False)
    number = number_of(cell)
    if number is not None:
        if 20_000 <= number < 80_000:
            return Moment(EXCEL_DAY_0 + timedelta(days=number), "excel_serial_date")
        return None
    if not isinstance(cell, str):
        return None
    text = cell.strip(" \t\r\n\u00a0\u200b\ufeff")
    try:
        return _iso(text) or _day_first(text) or _month_first(text) or _written(text)
    except (ValueError, OverflowError):
        return None


def _local(at: datetime) -> datetime:
    return at.astimezone(LOCAL).replace(tzinfo=None) if at.tzinfo else at


def _hour(hour: str | None, half: str | None) -> int:
    number = int(hour or 0)
    if half:
        number = number % 12 + (12 if half.upper() == "PM" else 0)
    return number


def _iso(text: str) -> Moment | None:
    found = ISO.fullmatch(text)
    if not found:
        return None
    year, month, day, hour, minute, second, half, zone = found.groups()
    at = datetime(  # noqa: DTZ001
        int(year), int(month), int(day), _hour(hour, half), int(minute or 0), int(second or 0)
    )
    if zone:
        at = _local(at.replace(tzinfo=timezone(_offset(zone))))
    return Moment(at, has_time=hour is not None)


def _offset(zone: str) -> timedelta:
    found = re.search(r"([+-])(\d{1,2}):?(\d{2})?", zone)
    if not found:
        return timedelta()
    sign = -1 if found[1] == "-" else 1
    return sign * timedelta(hours=int(found[2]), minutes=int(found[3] or 0))


def _day_first(text: str) -> Moment | None:
    found = DAY_FIRST.fullmatch(text)
    if not found:
        return None
    first, second, year_text, hour, minute, seconds, half = found.groups()
    day, month, year, note = int(first), int(second), int(year_text), ""
    if len(year_text) == 2:
        year, note = 2000 + year, "date_two_digit_year"
    if month > 12 >= day:
        day, month, note = month, day, "date_in_other_order"
    at = datetime(year, month, day, _hour(hour, half), int(minute or 0), int(seconds or 0))  # noqa: DTZ001
    return Moment(at, note, has_time=hour is not None)


def _month_first(text: str) -> Moment | None:
    found = MONTH_FIRST.fullmatch(text)
    month = _month(found[1]) if found else None
    if found is None or month is None:
        return None
    _, day, year, hour, minute, second, half = found.groups()
    at = datetime(  # noqa: DTZ001
        int(year), month, int(day), _hour(hour, half), int(minute or 0), int(second or 0)
    )
    return Moment(at, has_time=hour is not None)


def _month(name: str) -> int | None:
    word = normalise(name)
    return next((number for start, number in MONTHS.items() if word.startswith(start)), None)


def _written(text: str) -> Moment | None:
    found = WRITTEN.search(text)
    if not found:
        return None
    month = _month(found[2])
    if month is None:
        return None
    return Moment(datetime(int(found[3]), month, int(found[1])), has_time=False)  # noqa: DTZ001
