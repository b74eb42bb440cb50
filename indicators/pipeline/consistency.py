"""Do printed figures agree with each other? Pure checks of a report's numbers.

A printed number stands for every value that rounds to it, so each check carries the rounding of
what it was given and finds fault only beyond it. Shares are 0-1. Every check returns its findings,
an empty tuple when the figures agree; `where` names the figure for the reader.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from indicators.vocabulary import Inconsistency, Status

NOISE = 1e-9  # of the arithmetic, not of the printing
COMMON_SCALE = (1.0, 5.0)
_NUMBER = re.compile(r"([+-]?\d+)(?:[.,](\d+))?\s*(%?)")

Scale = tuple[float, float]
Band = tuple[float, float | None]  # both ends belong to it; None is open


@dataclass(frozen=True, slots=True)
class Finding:
    """One disagreement. `found` and `expected` in the unit of the figure, None where it is none.

    `detail`: the label, code or number that the finding is about.
    """

    kind: Inconsistency
    where: str
    found: float | None
    expected: float | None
    tolerance: float = 0.0
    detail: str = ""


Findings = tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Printed:
    """A number as it was printed: all values within `half` of `value` round to it."""

    value: float
    half: float = 0.0

    @classmethod
    def of(cls, text: str) -> Printed:
        """ "17.7 %" is 0.177 within 0.0005. Decimal point or comma. Raises ValueError."""
        match = _NUMBER.fullmatch(text.strip().replace("\N{MINUS SIGN}", "-"))
        if match is None:
            raise ValueError(f"expected one printed number, found {text!r}")
        whole, decimals, percent = match[1], match[2] or "", match[3]
        unit = 100.0 if percent else 1.0
        return cls(
            float(f"{whole}.{decimals or 0}") / unit, 0.5 * float(f"1e-{len(decimals)}") / unit
        )


def _differ(
    kind: Inconsistency,
    where: str,
    found: float,
    expected: float,
    tolerance: float = 0.0,
    detail: str = "",
) -> Findings:
    if abs(found - expected) <= tolerance + NOISE:
        return ()
    return (Finding(kind, where, found, expected, tolerance, detail),)


# --- one distribution -----------------------------------------------------------------


def shares_add_up(where: str, shares: Collection[Printed]) -> Findings:
    """The options of one question exhaust it. Not for questions with several answers."""
    total = sum(share.value for share in shares)
    return _differ(
        Inconsistency.SHARES_DO_NOT_ADD_UP, where, total, 1.0, sum(one.half for one in shares)
    )


def mean_fits(where: str, mean: Printed, shares: Mapping[float, Printed]) -> Findings:
    """The mean follows from its distribution (code -> share of the answers, or number of them)."""
    return _fits(Inconsistency.MEAN_OFF_DISTRIBUTION, where, mean, shares)


def _fits(
    kind: Inconsistency, where: str, mean: Printed, shares: Mapping[float, Printed]
) -> Findings:
    total = sum(share.value for share in shares.values())
    if total == 0:  # nobody answered: there is no mean
        return (Finding(kind, where, mean.value, None),)
    expected, width = _mean_of(shares, total)
    return _differ(kind, where, mean.value, expected, mean.half + width)


def _mean_of(shares: Mapping[float, Printed], total: float) -> tuple[float, float]:
    """Mean of a distribution, and how far the rounding of its shares can move it."""
    mean = sum(code * share.value for code, share in shares.items()) / total
    return mean, sum(abs(code - mean) * share.half for code, share in shares.items()) / total


def mean_within_scale(where: str, mean: Printed, scale: Scale) -> Findings:
    low, high = scale
    inside = min(max(mean.value, low), high)
    return _differ(Inconsistency.MEAN_OUTSIDE_SCALE, where, mean.value, inside, mean.half)


def scale_fits(where: str, scale: Scale, codes: Collection[float]) -> Findings:
    """The printed ends of a scale are the lowest and highest of its codes (at least one)."""
    return (
        *_differ(Inconsistency.SCALE_OFF_CODES, where, scale[0], min(codes), detail="lowest"),
        *_differ(Inconsistency.SCALE_OFF_CODES, where, scale[1], max(codes), detail="highest"),
    )


def mean_without_unscored(
    where: str, mean: Printed, shares: Mapping[float, Printed], unscored: Collection[float]
) -> Findings:
    """ "Don't know" is no value: the mean may not need its code. `expected` leaves it out."""
    if mean_fits(where, mean, shares):  # it does not come from them either
        return ()
    scored = {code: share for code, share in shares.items() if code not in unscored}
    return _fits(Inconsistency.UNSCORED_IN_MEAN, where, mean, scored)


def mean_of_answers(where: str, mean: Printed, valid: Printed, n_valid: int, n: int) -> Findings:
    """A mean is that of the answers given (`valid`), not of all n > 0 with missing as zero."""
    tolerance = mean.half + valid.half
    if abs(mean.value - valid.value * n_valid / n) > tolerance + NOISE:
        return ()
    missing = f"{n - n_valid}"
    return _differ(
        Inconsistency.MISSING_AS_ZERO, where, mean.value, valid.value, tolerance, missing
    )


# --- counts and bases -----------------------------------------------------------------


def ratio_fits(where: str, ratio: Printed, total: float, base: int) -> Findings:
    """A count over its base gives the printed share, a sum of answers over it the printed mean.

    Without a base there is neither: 0/0 is missing.
    """
    if base == 0:
        return (Finding(Inconsistency.RATIO_OFF_PARTS, where, ratio.value, None),)
    return _differ(
        Inconsistency.RATIO_OFF_PARTS, where, ratio.value, total / base, ratio.half, f"{total:g}"
    )


def bases_agree(where: str, bases: Mapping[str, int]) -> Findings:
    """The shares of one table stand on one base: the most frequent one is expected."""
    numbers = list(bases.values())
    usual = max(numbers, key=numbers.count, default=0)
    return tuple(
        Finding(Inconsistency.BASES_DIFFER, where, base, usual, detail=label)
        for label, base in bases.items()
        if base != usual
    )


def groups_add_up(where: str, groups: Collection[int], total: int) -> Findings:
    return _differ(Inconsistency.GROUPS_OFF_TOTAL, where, sum(groups), total)


def within_respondents(where: str, n: int, respondents: int) -> Findings:
    """No figure has more answers than there were people."""
    if n <= respondents:
        return ()
    return (Finding(Inconsistency.MORE_THAN_ANSWERED, where, n, respondents),)


# --- one number in two places ---------------------------------------------------------


def numbers_agree(where: str, first: Printed, second: Printed, detail: str = "") -> Findings:
    """Text and chart, or text and data, say one number; the coarser one sets the tolerance."""
    return _differ(
        Inconsistency.NUMBERS_DIFFER,
        where,
        first.value,
        second.value,
        max(first.half, second.half),
        detail,
    )


def gap_fits(where: str, gap: Printed, first: Printed, second: Printed) -> Findings:
    """A printed gap is the difference of its two printed values."""
    return _differ(
        Inconsistency.GAP_OFF_VALUES,
        where,
        gap.value,
        first.value - second.value,
        gap.half + first.half + second.half,
    )


def interval_holds(where: str, value: Printed, interval: tuple[float, float]) -> Findings:
    """A value lies inside its own interval; `expected` is the end it passed."""
    low, high = interval
    inside = min(max(value.value, low), high)
    return _differ(Inconsistency.OUTSIDE_INTERVAL, where, value.value, inside, value.half)


def status_fits(
    where: str,
    value: Printed,
    target: tuple[float | None, float | None],
    reached: bool | None,
    status: Status,
) -> Findings:
    """Reached means inside the target; met is reached, not met is not. `expected`: its nearer end.

    Either end of the target may be open. A value that rounds to an end is given the benefit.
    """
    low = float("-inf") if target[0] is None else target[0]
    high = float("inf") if target[1] is None else target[1]
    half = value.half + NOISE
    inside = low - half <= value.value <= high + half
    outside = value.value < low + half or value.value > high - half
    claims_in, claims_out = reached or status is Status.MET, not reached or status is Status.NOT_MET
    if (inside or not claims_in) and (outside or not claims_out):
        return ()
    nearer = min((end for end in target if end is not None), key=lambda end: abs(end - value.value))
    detail = status.value
    return (Finding(Inconsistency.STATUS_OFF_VALUE, where, value.value, nearer, half, detail),)


def labels_once(labels: Iterable[tuple[str, str]]) -> Findings:
    """(label, where): one label names one thing, whatever its case and blanks."""
    places: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for label, where in labels:
        places[" ".join(label.split()).casefold()].append((label, where))
    return tuple(
        Finding(Inconsistency.LABEL_TWICE, where, len(found), 1, detail=label)
        for found in places.values()
        for label, where in found[1:]
    )


# --- how figures are made -------------------------------------------------------------


def bands_apart(where: str, bands: Sequence[Band]) -> Findings:
    """No value belongs to two bands of one question."""
    ordered = sorted(bands, key=lambda band: band[0])
    return tuple(
        Finding(Inconsistency.BANDS_OVERLAP, where, lower[1], upper[0], detail=f"{upper[0]:g}")
        for lower, upper in pairwise(ordered)
        if lower[1] is None or lower[1] >= upper[0]
    )


def is_lowest(where: str, claimed: str, values: Mapping[str, tuple[Printed, Scale]]) -> Findings:
    """The value called the lowest is so on one scale: every value is stretched to 1-5 first."""
    stretched = {name: _stretched(value.value, scale) for name, (value, scale) in values.items()}
    name = min(stretched, key=lambda one: stretched[one])
    tolerance = sum(_width(*values[one]) for one in (name, claimed))
    return _differ(
        Inconsistency.NOT_THE_LOWEST, where, stretched[claimed], stretched[name], tolerance, name
    )


def _stretched(value: float, scale: Scale) -> float:
    low, high = COMMON_SCALE
    return low + (value - scale[0]) * (high - low) / (scale[1] - scale[0])


def _width(value: Printed, scale: Scale) -> float:
    return value.half * (COMMON_SCALE[1] - COMMON_SCALE[0]) / (scale[1] - scale[0])


def numbered_within(section: str, numbers: Iterable[str]) -> Findings:
    """The figures of section 7.1 are 7.1.1, 7.1.2 and so on."""
    return tuple(
        Finding(Inconsistency.NUMBERED_ELSEWHERE, section, None, None, detail=number)
        for number in numbers
        if not number.startswith(f"{section}.")
    )
