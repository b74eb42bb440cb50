"""A target in one cell of a sheet, as people type and paste it: "≥ 3,5", "60–70", "Δ ≥ +5"."""

from __future__ import annotations

import re
from decimal import Decimal

from indicators.actions.target_grid import Limits
from indicators.forms.numbers import as_typed, parse_number
from indicators.vocabulary import Direction, TargetType

LONGEST = 60
AT_LEAST, AT_MOST, BETWEEN, CHANGE = "≥", "≤", "–", "Δ"
_SIDES = {
    **dict.fromkeys(("≥", ">=", "=>", ">"), AT_LEAST),
    **dict.fromkeys(("≤", "<=", "=<", "<"), AT_MOST),
}
_SPACE = r"[ \u00a0\u202f\u2009]"
_DIGITS = rf"(?:\d{{1,3}}(?:{_SPACE}\d{{3}})+|\d+)(?:[.,]\d+)?|[.,]\d+"
_NUMBER = rf"[+\-−–]?{_SPACE}*(?:{_DIGITS}){_SPACE}*%?"
_RANGE = re.compile(rf"({_NUMBER})\s*(?:\.\.|…|–|—|-)\s*({_NUMBER})")
_ONE = re.compile(rf"([Δ∆])?\s*(≥|>=|=>|>|≤|<=|=<|<)?\s*({_NUMBER})")

# The side of a bare number is that of the indicator.
_SIDE_OF = {Direction.INCREASE: AT_LEAST, Direction.DECREASE: AT_MOST}


class Unreadable(ValueError):
    """The text is no target."""


class SideMissing(ValueError):
    """A number alone, where neither higher nor lower is better."""


def parse_cell(text: str, *, direction: str, in_percent: bool) -> Limits | None:
    """The target in a text, None for an empty one. Percent is typed, a share comes out.

    A number alone is a lower or an upper limit as the indicator's direction says; with a plus
    sign, or after Δ, it is a change from the baseline. Raises Unreadable or SideMissing.
    """
    plain = text.strip()
    if not plain:
        return None
    if len(plain) > LONGEST:
        raise Unreadable(text)
    if match := _RANGE.fullmatch(plain):
        low, high = (_stored(part, in_percent=in_percent) for part in match.groups())
        return Limits(TargetType.RANGE, low, high)
    match = _ONE.fullmatch(plain)
    if match is None:
        raise Unreadable(text)
    mark, sign, number = match.groups()
    value = _stored(number, in_percent=in_percent)
    side = _SIDES[sign] if sign else _SIDE_OF.get(Direction(direction))
    if side is None:
        raise SideMissing(text)
    is_low = side == AT_LEAST
    kind = TargetType.AT_LEAST if is_low else TargetType.AT_MOST
    if mark or (number.startswith("+") and not sign):
        kind = TargetType.CHANGE
    return Limits(kind, value if is_low else None, None if is_low else value)


def write_cell(type: str, low: float | None, high: float | None, *, in_percent: bool) -> str:
    """A stored target as a person would type it; `parse_cell` reads it back. Empty without one."""
    if not type:
        return ""
    texts = [as_typed(limit, in_percent=in_percent).replace("-", "−") for limit in (low, high)]
    if type == TargetType.RANGE:
        return f"{texts[0]} {BETWEEN} {texts[1]}"
    side, text, limit = (AT_LEAST, texts[0], low) if low is not None else (AT_MOST, texts[1], high)
    if type != TargetType.CHANGE:
        return f"{side} {text}"
    plus = "+" if limit is not None and limit > 0 else ""
    return f"{CHANGE} {side} {plus}{text}"


def _stored(text: str, *, in_percent: bool) -> float:
    """Percent to share in decimals, so that 7 is 0.07 on every way in."""
    try:
        number = parse_number(text.lstrip("+"))
    except ValueError as error:
        raise Unreadable(text) from error
    assert number is not None  # noqa: S101  # the pattern asks for a digit
    return float(number / Decimal(100) if in_percent else number)
