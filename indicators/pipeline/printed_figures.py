"""Figures of a printed report against those of a calculation, and against each other.

A printed number stands for every value that rounds to it. What differs is first looked at for a
cause one can name (missing answers as zero, "don't know" in the mean); else two numbers differ.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from indicators.pipeline.consistency import (
    NOISE,
    Band,
    Finding,
    Findings,
    Printed,
    Scale,
    bands_apart,
    bases_agree,
    gap_fits,
    groups_add_up,
    is_lowest,
    labels_once,
    mean_fits,
    mean_of_answers,
    mean_within_scale,
    mean_without_unscored,
    numbered_within,
    numbers_agree,
    ratio_fits,
    scale_fits,
    shares_add_up,
    within_respondents,
)
from indicators.pipeline.inputs import StoredFigure, StoredFigures
from indicators.pipeline.printed_table import LineProblem, PrintedRow, read_printed
from indicators.vocabulary import Inconsistency, PrintedProblem

WAVES = re.compile(r"\s*(?:→|->|–|—|\.\.)\s*")  # between the two waves of a change
ENDS = re.compile(r"(-?\d+(?:[.,]\d+)?)\s*(?:-|–|—|\.\.)\s*(-?\d+(?:[.,]\d+)?)")
OPEN_BAND = re.compile(r"(\d+)\s*(?:\+|or more|и более|жана андан көп)")
COUNT = re.compile(r"\d{1,3}(?:[ .,\u00a0\u202f]\d{3})+|\d+")
LOWEST = frozenset({"lowest", "the lowest", "самое низкое", "самый низкий", "эң төмөн"})
Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class PrintedFinding:
    """What does not agree, and in which line. `typed`: the number as printed.

    `found` and `expected` in stored units; a share is shown in percent, both with `decimals`.
    """

    line: int
    kind: Inconsistency
    figure: str
    typed: str
    found: float | None
    expected: float | None
    detail: str = ""
    is_share: bool = False
    decimals: int = 0


@dataclass(slots=True)
class PrintedCheck:
    """`n_lines`: with something to compare; `n_compared`: comparisons made."""

    n_lines: int = 0
    n_compared: int = 0
    findings: list[PrintedFinding] = field(default_factory=list)
    problems: list[LineProblem] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Figure:
    """A line whose cells were understood. `later` is set for a change between two waves."""

    row: PrintedRow
    measure: str = ""
    wave: str = ""
    later: str = ""
    stored: StoredFigure | None = None
    value: Printed | None = None
    n: int | None = None
    count: int | None = None
    option: float | None = None
    scale: Scale | None = None

    @property
    def name(self) -> str:
        return f"{self.row.code} {self.row.wave}".strip()


def check_printed(text: str, stored: StoredFigures) -> PrintedCheck:
    """Every check that the pasted table gives figures for."""
    rows, problems = read_printed(text)
    check = PrintedCheck(problems=list(problems))
    figures = [figure for row in rows if (figure := _understood(row, stored, check)) is not None]
    check.n_lines = len(figures)
    for figure in figures:
        _one(figure, stored, check)
    _same_figure_twice(figures, check)
    _distributions(figures, check)
    _differences(figures, stored, check)
    _lowest(figures, check)
    _names(figures, check)
    check.findings.sort(key=lambda one: (one.line, list(Inconsistency).index(one.kind)))
    check.problems.sort(key=lambda one: one.line)
    return check


# --- reading a line -------------------------------------------------------------------


class _Unreadable(Exception):
    def __init__(self, kind: PrintedProblem, cell: str) -> None:
        super().__init__(kind.value)
        self.kind, self.cell = kind, cell


def _understood(row: PrintedRow, stored: StoredFigures, check: PrintedCheck) -> _Figure | None:
    """The line with its numbers; a problem where one cannot be read."""
    try:
        return _figure(row, stored)
    except _Unreadable as problem:
        check.problems.append(LineProblem(row.line, problem.kind, problem.cell))
        return None


def _figure(row: PrintedRow, stored: StoredFigures) -> _Figure:
    if not row.code:
        if row.label or row.number:  # names and numbers of figures can be checked alone
            return _Figure(row)
        raise _Unreadable(PrintedProblem.NO_CODE, "")
    measure = stored.codes.get(row.code.casefold())
    if measure is None:
        if not row.value and row.label:  # another thing that has a name
            return _Figure(row)
        raise _Unreadable(PrintedProblem.UNKNOWN_CODE, row.code)
    wave, later = _waves(row.wave, stored)
    known = stored.levels.get((measure, later or wave))
    if known is None:
        raise _Unreadable(PrintedProblem.NOT_STORED, f"{row.code} {row.wave}")
    option = _option(row.option, known)
    return _Figure(
        row=row,
        measure=measure,
        wave=wave,
        later=later,
        stored=known,
        value=_value(row.value, is_share=known.is_share or option is not None),
        n=_count(row.n),
        count=_count(row.count),
        option=option,
        scale=_scale(row.scale),
    )


def _waves(text: str, stored: StoredFigures) -> tuple[str, str]:
    """One wave, or the two of a change. A name may hold a dash itself, so the whole comes first."""
    whole = stored.waves.get(text.casefold())
    if whole is not None:
        return whole, ""
    found = [stored.waves.get(part.casefold()) for part in WAVES.split(text)]
    if len(found) == 2 and found[0] is not None and found[1] is not None:
        return found[0], found[1]
    raise _Unreadable(PrintedProblem.UNKNOWN_WAVE, text)


def _value(text: str, *, is_share: bool) -> Printed | None:
    """A share is printed in percent, with the sign or without."""
    if not text:
        return None
    if text.endswith("%") and not is_share:
        raise _Unreadable(PrintedProblem.NOT_A_SHARE, text)
    try:
        return Printed.of(f"{text}%" if is_share and not text.endswith("%") else text)
    except ValueError as error:
        raise _Unreadable(PrintedProblem.NOT_A_NUMBER, text) from error


def _count(text: str) -> int | None:
    if not text:
        return None
    if COUNT.fullmatch(text) is None:
        raise _Unreadable(PrintedProblem.NOT_A_COUNT, text)
    return int(re.sub(r"\D", "", text))


def _option(text: str, stored: StoredFigure) -> float | None:
    if not text:
        return None
    try:
        code = float(text)
    except ValueError as error:
        raise _Unreadable(PrintedProblem.UNKNOWN_OPTION, text) from error
    if not stored.counts or not math.isfinite(code):
        raise _Unreadable(PrintedProblem.UNKNOWN_OPTION, text)
    return code


def _scale(text: str) -> Scale | None:
    if not text:
        return None
    match = ENDS.fullmatch(text)
    ends = [float(end.replace(",", ".")) for end in match.groups()] if match else []
    if not match or ends[0] >= ends[1]:
        raise _Unreadable(PrintedProblem.NOT_A_SCALE, text)
    return ends[0], ends[1]


# --- one line against the calculation -------------------------------------------------


def _note(check: PrintedCheck, figure: _Figure, findings: Iterable[Finding], n: int = 1) -> None:
    """`n` comparisons and what they found."""
    check.n_compared += n
    printed, is_share = figure.value, bool(figure.stored and figure.stored.is_share)
    is_share = is_share or figure.option is not None
    for one in findings:
        is_number = one.kind not in COUNTED
        check.findings.append(
            PrintedFinding(
                line=figure.row.line,
                kind=one.kind,
                figure=figure.name or figure.row.label or figure.row.number,
                typed=figure.row.value if is_number else "",
                found=one.found,
                expected=one.expected,
                detail=one.detail,
                is_share=is_share and is_number,
                decimals=_decimals(printed, is_share=is_share) if is_number and printed else 0,
            )
        )


COUNTED = frozenset(
    {
        Inconsistency.MORE_THAN_ANSWERED,
        Inconsistency.BASES_DIFFER,
        Inconsistency.GROUPS_OFF_TOTAL,
        Inconsistency.SCALE_OFF_CODES,
        Inconsistency.BANDS_OVERLAP,
        Inconsistency.LABEL_TWICE,
        Inconsistency.NUMBERED_ELSEWHERE,
    }
)


def _decimals(printed: Printed, *, is_share: bool) -> int:
    """As printed: "17.7 %" has one."""
    step = 2 * printed.half * (100 if is_share else 1)
    return max(0, round(-math.log10(step)))


def exact(value: float) -> Printed:
    return Printed(value, NOISE * max(1.0, abs(value)))


def _one(figure: _Figure, stored: StoredFigures, check: PrintedCheck) -> None:
    known = figure.stored
    if known is None:
        return
    if figure.later:
        _change(figure, stored, check)
    elif figure.option is not None:
        _share_of_option(figure, figure.option, known, check)
    else:
        _base(figure, known, check)
        _level(figure, known, check)
    if figure.value is not None and figure.count is not None and figure.n is not None:
        _note(check, figure, ratio_fits("", figure.value, figure.count, figure.n))
    if figure.scale is not None and known.scale is not None:
        _note(check, figure, scale_fits("", figure.scale, known.scale))


def _base(figure: _Figure, known: StoredFigure, check: PrintedCheck) -> None:
    if figure.n is None:
        return
    found: Findings = ()
    if known.respondents is not None:
        found = within_respondents("", figure.n, known.respondents)
    _note(check, figure, found or bases_agree("", {"stored": known.n, "printed": figure.n}))


def _level(figure: _Figure, known: StoredFigure, check: PrintedCheck) -> None:
    value = figure.value
    if value is None:
        return
    if known.value is None:
        check.problems.append(LineProblem(figure.row.line, PrintedProblem.NOT_STORED, figure.name))
        return
    differs = numbers_agree("", value, exact(known.value))
    _note(check, figure, (_cause(value, known, known.value) or differs) if differs else ())


def _cause(value: Printed, known: StoredFigure, stored: float) -> Findings:
    """Why a printed mean is another one, where that can be told from its answers."""
    found: Findings = ()
    if known.scale is not None:
        found = mean_within_scale("", value, known.scale)
    people = known.respondents
    if not found and stored and people is not None and known.n < people:
        found = mean_of_answers("", value, exact(stored), known.n, people)
    if not found and known.counts and not known.is_share:
        spread = {code: exact(n) for code, n in known.counts.items()}
        found = mean_without_unscored("", value, spread, known.unscored)
    return found


def _share_of_option(
    figure: _Figure, option: float, known: StoredFigure, check: PrintedCheck
) -> None:
    """Of everyone who chose any option; "don't know" is in the base."""
    times, total = known.counts.get(option, 0.0), sum(known.counts.values())
    if figure.value is not None:
        _note(check, figure, numbers_agree("", figure.value, exact(times / total)))
    elif figure.count is not None:
        _note(check, figure, numbers_agree("", Printed(figure.count), exact(times)))


def _change(figure: _Figure, stored: StoredFigures, check: PrintedCheck) -> None:
    known = stored.changes.get((figure.measure, figure.wave, figure.later))
    if figure.value is None:
        return
    if known is None:
        check.problems.append(LineProblem(figure.row.line, PrintedProblem.NOT_STORED, figure.name))
        return
    _note(check, figure, numbers_agree("", figure.value, exact(known)))


# --- lines against each other ---------------------------------------------------------


def _levels_of(figures: Sequence[_Figure]) -> dict[Key, _Figure]:
    """The first line that prints the level of a figure."""
    found: dict[Key, _Figure] = {}
    for one in figures:
        if one.measure and one.option is None and not one.later and one.value is not None:
            found.setdefault((one.measure, one.wave), one)
    return found


def _same_figure_twice(figures: Sequence[_Figure], check: PrintedCheck) -> None:
    """Text and chart say one number."""
    first: dict[tuple[str, str, str, float | None], _Figure] = {}
    for one in figures:
        if one.value is None:
            continue
        before = first.setdefault((one.measure, one.wave, one.later, one.option), one)
        if before is not one and before.value is not None:
            detail = before.row.place or f"{before.row.line}"
            _note(check, one, numbers_agree("", one.value, before.value, detail))


def _distributions(figures: Sequence[_Figure], check: PrintedCheck) -> None:
    """The options of one question with the mean and the base printed for it."""
    levels = _levels_of(figures)
    options: dict[Key, dict[float, _Figure]] = defaultdict(dict)
    for one in figures:
        if one.option is not None:
            options[one.measure, one.wave].setdefault(one.option, one)
    for key, found in options.items():
        last = list(found.values())[-1]
        shares = {code: one.value for code, one in found.items() if one.value is not None}
        counts = {code: one.count for code, one in found.items() if one.count is not None}
        if len(shares) == len(found):
            _note(check, last, shares_add_up("", shares.values()))
        spread = shares
        if len(counts) == len(found):
            spread = {code: Printed(n) for code, n in counts.items()}
            base = next(
                (one.n for one in (levels.get(key), *found.values()) if one and one.n), None
            )
            if base is not None:
                _note(check, last, groups_add_up("", counts.values(), base))
        mean = levels.get(key)
        if mean is not None and mean.value is not None and len(spread) == len(found):
            _mean_of(mean, mean.value, spread, check)
        _bands(found, check)


def _mean_of(
    mean: _Figure, value: Printed, spread: dict[float, Printed], check: PrintedCheck
) -> None:
    """The printed mean follows from the printed answers, "don't know" left out."""
    unscored = mean.stored.unscored if mean.stored else frozenset()
    scored = {code: one for code, one in spread.items() if code not in unscored}
    differs = mean_fits("", value, scored)
    named = mean_without_unscored("", value, spread, unscored) if differs else ()
    _note(check, mean, named or differs)


def _bands(found: dict[float, _Figure], check: PrintedCheck) -> None:
    bands = [(one, band) for one in found.values() if (band := _band(one.row.label)) is not None]
    if len(bands) > 1:
        last = bands[-1][0]
        _note(check, last, bands_apart("", [band for _one, band in bands]))


def _band(label: str) -> Band | None:
    """ "3-5" is a band, "5+" an open one; other labels are none."""
    if label.isdigit():
        return float(label), float(label)
    if match := OPEN_BAND.fullmatch(label.casefold()):
        return float(match[1]), None
    if match := ENDS.fullmatch(label):
        return float(match[1].replace(",", ".")), float(match[2].replace(",", "."))
    return None


def _differences(figures: Sequence[_Figure], stored: StoredFigures, check: PrintedCheck) -> None:
    """A printed gap or change is the difference of its two printed values, where both stand."""
    levels = _levels_of(figures)
    for one in figures:
        if one.value is None or one.stored is None or one.option is not None:
            continue
        if one.later:
            kind = Inconsistency.CHANGE_OFF_VALUES
            pair = (levels.get((one.measure, one.later)), levels.get((one.measure, one.wave)))
        elif one.stored.sides is not None:
            kind = Inconsistency.GAP_OFF_VALUES
            pair = tuple(levels.get((side, one.wave)) for side in one.stored.sides)  # type: ignore[assignment]
        else:
            continue
        first, second = (side.value if side else None for side in pair)
        if first is not None and second is not None:
            found = gap_fits("", one.value, first, second)
            _note(check, one, (_as(kind, each) for each in found))


def _as(kind: Inconsistency, one: Finding) -> Finding:
    return Finding(kind, one.where, one.found, one.expected, one.tolerance, one.detail)


def _lowest(figures: Sequence[_Figure], check: PrintedCheck) -> None:
    """What is called the lowest is so among the printed means of its wave, on one scale."""
    levels = _levels_of(figures).values()
    for one in figures:
        if one.row.claim.casefold() not in LOWEST or one not in levels:
            continue
        values = {
            other.row.code: (other.value, other.stored.scale)
            for other in levels
            if other.wave == one.wave
            and other.value is not None
            and other.stored is not None
            and other.stored.scale is not None
        }
        if one.row.code in values:
            _note(check, one, is_lowest("", one.row.code, values))


def _names(figures: Sequence[_Figure], check: PrintedCheck) -> None:
    """One name for one thing; the figures of a section carry its number."""
    first: dict[tuple[str, str], _Figure] = {}
    for one in figures:
        if one.row.label and one.option is None:
            label = one.row.label.casefold()
            first.setdefault((label, one.measure or one.row.code or one.name), one)
        if one.row.place and one.row.number:
            _note(check, one, numbered_within(one.row.place, [one.row.number]))
    by_line = {str(one.row.line): one for one in first.values()}
    named = [(one.row.label, line) for line, one in by_line.items()]
    check.n_compared += len(named)
    for found in labels_once(named):
        _note(check, by_line[found.where], (found,), n=0)
