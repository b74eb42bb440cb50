"""Do the figures of one calculation agree with each other? Every stored figure that can be told
from others is compared with them, by the checks that hold for printed reports too.

The figures come out of different sums (answers by option, by school, by group), so agreement says
that no answer was lost or counted twice on the way.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from indicators.pipeline.consistency import (
    NOISE,
    Findings,
    Printed,
    Scale,
    bases_agree,
    gap_fits,
    groups_add_up,
    interval_holds,
    mean_fits,
    mean_within_scale,
    numbers_agree,
    ratio_fits,
    status_fits,
    within_respondents,
)
from indicators.pipeline.inputs import CalculationInputs, TargetSpec
from indicators.pipeline.outcomes import (
    AssessmentRow,
    ChangeRow,
    EstimateRow,
    FindingRow,
    GapRow,
    Results,
)
from indicators.pipeline.shapes import GapSpec, MeasureSpec
from indicators.vocabulary import (
    SHARE_MEASURES,
    Inconsistency,
    MeasureKind,
    Scope,
    Status,
    TargetType,
)

# A value entered by hand is rounded by whoever typed it, to whole percent or two decimals.
TYPED = 0.005
SCHOOLS_COUNT = MeasureKind.SCHOOLS_COUNT
PER_HUNDRED = {MeasureKind.DESK_RATE: 100.0}
SHARES: Scale = (0.0, 1.0)
PERCENT_POSITIVE: Scale = (0.0, 100.0)
RECOMMEND: Scale = (-100.0, 100.0)
JUDGED = frozenset({Status.MET, Status.NOT_MET, Status.TOO_CLOSE})

Place = tuple[str, str, str, str, str]  # measure, wave, school, group_by, group


@dataclass(slots=True)
class _Check:
    """What was compared so far, and what contradicts."""

    kinds: Mapping[str, MeasureKind]
    specs: Mapping[str, MeasureSpec]
    gaps: frozenset[str]
    estimates: Mapping[Place, EstimateRow]
    respondents: Mapping[tuple[str, str], int]
    checked: Counter[Inconsistency] = field(default_factory=Counter)
    findings: list[FindingRow] = field(default_factory=list)

    def note(self, kind: Inconsistency, place: Place, found: Findings, detail: str = "") -> None:
        self.checked[kind] += 1
        self.findings.extend(
            FindingRow(kind, *place, one.found, one.expected, one.tolerance, detail or one.detail)
            for one in found
        )


def check_results(inputs: CalculationInputs, results: Results) -> None:
    """Fill `checked` and `findings` of the results."""
    respondents: Counter[tuple[str, str]] = Counter()
    for answers in inputs.answers:
        respondents[answers.instrument, answers.wave] += len(answers.school_index)
    check = _Check(
        kinds={
            **{spec.code: spec.kind for spec in inputs.measures},
            **{spec.code: spec.kind for spec in inputs.gaps},
            **{spec.code: spec.kind for spec in inputs.facts},
        },
        specs={spec.code: spec for spec in inputs.measures},
        gaps=frozenset(spec.code for spec in inputs.gaps),
        estimates={_place(row): row for row in results.estimates},
        respondents=respondents,
    )
    for row in results.estimates:
        _estimate(check, row)
    _bases(check, results)
    for change in results.changes:
        _change(check, change)
    for gap in results.gaps:
        _group_gap(check, gap)
    for spec in inputs.gaps:
        for wave in inputs.waves:
            _gap_measure(check, spec, wave.code)
    targets = {target.key: target for target in inputs.targets}
    for assessment in results.assessments:
        _target(check, targets[assessment.target], assessment)
    results.checked, results.findings = dict(check.checked), check.findings


def _place(row: EstimateRow) -> Place:
    return row.measure, row.wave, row.school, row.group_by, row.group


def exact(value: float) -> Printed:
    """A stored number: only the noise of the arithmetic is allowed for."""
    return Printed(value, NOISE * max(1.0, abs(value)))


def _estimate(check: _Check, row: EstimateRow) -> None:
    place = _place(row)
    spec = check.specs.get(row.measure)
    if spec is not None:
        people = check.respondents.get((spec.instrument, row.wave), 0)
        found = within_respondents("", row.n, people)
        check.note(Inconsistency.MORE_THAN_ANSWERED, place, found)
    if row.value is None:
        return
    if spec is not None and (scale := _scale(spec)) is not None:
        found = mean_within_scale("", exact(row.value), scale)
        check.note(Inconsistency.MEAN_OUTSIDE_SCALE, place, found)
    if row.ci_low is not None and row.ci_high is not None:
        found = interval_holds("", exact(row.value), (row.ci_low, row.ci_high))
        check.note(Inconsistency.OUTSIDE_INTERVAL, place, found)
    if row.numerator is not None and row.denominator is not None:
        _ratio(check, place, row)
    if spec is not None and spec.kind is MeasureKind.ITEM_MEAN and row.counts is not None:
        _distribution(check, place, row, spec)


def _scale(spec: MeasureSpec) -> Scale | None:
    if spec.kind is MeasureKind.INDEX_MEAN:
        return PERCENT_POSITIVE if spec.positive_codes else spec.scale
    if spec.kind in SHARE_MEASURES:
        return SHARES
    return RECOMMEND if spec.kind is MeasureKind.NPS else None


def _ratio(check: _Check, place: Place, row: EstimateRow) -> None:
    """Numerator over denominator is the value; a count of schools is its numerator."""
    value, numerator, denominator = row.value or 0.0, row.numerator or 0.0, row.denominator or 0.0
    kind = check.kinds[row.measure]
    if kind is SCHOOLS_COUNT:
        found = numbers_agree("", exact(value), exact(numerator))
        check.note(Inconsistency.NUMBERS_DIFFER, place, found)
        return
    printed = Printed(value, TYPED) if kind is MeasureKind.MANUAL else exact(value)
    total = numerator * PER_HUNDRED.get(kind, 1.0)
    check.note(
        Inconsistency.RATIO_OFF_PARTS, place, ratio_fits("", printed, total, int(denominator))
    )


def _distribution(check: _Check, place: Place, row: EstimateRow, spec: MeasureSpec) -> None:
    """The mean and its base follow from the answers by option, "don't know" left out."""
    scored = {
        float(code): exact(times)
        for code, times in (row.counts or {}).items()
        if int(code) not in spec.unscored_codes
    }
    found = mean_fits("", exact(row.value or 0.0), scored)
    check.note(Inconsistency.MEAN_OFF_DISTRIBUTION, place, found)
    if all(one.value == int(one.value) for one in scored.values()):  # not weighted
        n = int(sum(one.value for one in scored.values()))
        found = bases_agree("", {"n": row.n, "options": n})
        check.note(Inconsistency.BASES_DIFFER, place, found)


def _bases(check: _Check, results: Results) -> None:
    """Schools add up to everybody; nobody is in two groups of one breakdown."""
    schools: dict[tuple[str, str], list[int]] = defaultdict(list)
    groups: dict[tuple[str, str, str], list[int]] = defaultdict(list)
    for row in results.estimates:
        if row.measure not in check.specs:
            continue
        if row.scope is Scope.SCHOOL:
            schools[row.measure, row.wave].append(row.n)
        elif row.scope is Scope.GROUP:
            groups[row.measure, row.wave, row.group_by].append(row.n)
    for (measure, wave), numbers in schools.items():
        place = (measure, wave, "", "", "")
        whole = check.estimates.get(place)
        if whole is not None:
            found = groups_add_up("", numbers, whole.n)
            check.note(Inconsistency.GROUPS_OFF_TOTAL, place, found, "schools")
    for (measure, wave, group_by), numbers in groups.items():
        whole = check.estimates.get((measure, wave, "", "", ""))
        if whole is not None:
            found = within_respondents("", sum(numbers), whole.n)
            place = (measure, wave, "", group_by, "")
            check.note(Inconsistency.MORE_THAN_ANSWERED, place, found)


def _change(check: _Check, row: ChangeRow) -> None:
    place = (row.measure, row.wave_to, row.school, row.group_by, row.group)
    if row.difference is None or row.baseline is None or row.endline is None:
        return
    found = gap_fits("", exact(row.difference), exact(row.endline), exact(row.baseline))
    check.note(Inconsistency.CHANGE_OFF_VALUES, place, found)
    if row.ci_low is not None and row.ci_high is not None:
        found = interval_holds("", exact(row.difference), (row.ci_low, row.ci_high))
        check.note(Inconsistency.OUTSIDE_INTERVAL, place, found)
    if not _stands_on_the_levels(check, row):
        return
    for wave, value in ((row.wave_from, row.baseline), (row.wave_to, row.endline)):
        level = check.estimates.get((row.measure, wave, "", "", ""))
        if level is not None and level.value is not None:
            found = numbers_agree("", exact(value), exact(level.value))
            check.note(Inconsistency.NUMBERS_DIFFER, (row.measure, wave, "", "", ""), found)


def _stands_on_the_levels(check: _Check, row: ChangeRow) -> bool:
    """Whether its two ends are the levels of both waves: same schools, same questions.

    The change of a gap leaves out schools without naming them.
    """
    is_other_base = row.schools_left or row.schools_joined or row.is_on_common_items
    return row.scope is Scope.PROJECT and not is_other_base and row.measure not in check.gaps


def _group_gap(check: _Check, row: GapRow) -> None:
    place = (row.measure, row.wave, "", row.group_by, f"{row.first_group}-{row.second_group}")
    sides = [
        check.estimates.get((row.measure, row.wave, "", row.group_by, group))
        for group in (row.first_group, row.second_group)
    ]
    first, second = (_per_answer(check, side) for side in sides)
    if row.value is not None and first is not None and second is not None:
        found = gap_fits("", exact(row.value), exact(first), exact(second))
        check.note(Inconsistency.GAP_OFF_VALUES, place, found)
    if row.change is not None and row.baseline is not None and row.endline is not None:
        found = gap_fits("", exact(row.change), exact(row.endline), exact(row.baseline))
        check.note(Inconsistency.CHANGE_OFF_VALUES, place, found)


def _per_answer(check: _Check, row: EstimateRow | None) -> float | None:
    """A level as a mean: counts of schools are compared as shares, for groups differ in size."""
    if row is None or row.value is None or check.kinds[row.measure] is not SCHOOLS_COUNT:
        return None if row is None else row.value
    return row.value / row.denominator if row.denominator else None


def _gap_measure(check: _Check, spec: GapSpec, wave: str) -> None:
    """A gap that is an indicator of its own is the difference of the two levels it stands on."""
    gap = check.estimates.get((spec.code, wave, "", "", ""))
    first = check.estimates.get((spec.first, wave, "", spec.group_by, spec.first_group))
    second = check.estimates.get((spec.second, wave, "", spec.group_by, spec.second_group))
    values = [None if one is None else one.value for one in (gap, first, second)]
    if values[0] is None or values[1] is None or values[2] is None:
        return
    found = gap_fits("", *(exact(value) for value in values if value is not None))
    check.note(Inconsistency.GAP_OFF_VALUES, (spec.code, wave, "", "", ""), found)


def _target(check: _Check, target: TargetSpec, row: AssessmentRow) -> None:
    """A judged target was judged by the level shown, and its word fits this value.

    The value of a target that asks for a change is the change, so it has no level.
    """
    if row.value is None or row.status not in JUDGED:
        return
    place = (target.measure, target.wave, target.school, "", "")
    level = check.estimates.get(place)
    if target.type is not TargetType.CHANGE and level is not None and level.value is not None:
        found = numbers_agree("", exact(row.value), exact(level.value))
        check.note(Inconsistency.NUMBERS_DIFFER, place, found)
    found = status_fits("", exact(row.value), (target.low, target.high), row.reached, row.status)
    check.note(Inconsistency.STATUS_OFF_VALUE, place, found)
