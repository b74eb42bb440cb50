"""Facts: indicators that are counted or written down. No sample, so no interval and no verdict.

Missing stays missing: a school without a row has no value, and 0/0 is none. A baseline that is
zero by definition is 0 (product rule: percent change is undefined, the difference is shown).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from indicators.pipeline.inputs import FactSpec, WaveFacts
from indicators.pipeline.outcomes import ChangeRow, EstimateRow
from indicators.pipeline.shapes import SchoolSpec
from indicators.vocabulary import BaselinePolicy, MeasureKind, Reason, Scope, Verdict

Parts = tuple[float | None, float | None]  # numerator, denominator

PER_HUNDRED = 100.0
MEAN, TAKERS = "mean", "takers"


def fact_estimates(
    spec: FactSpec, wave: str, facts: WaveFacts, *, is_baseline: bool
) -> Iterator[EstimateRow]:
    """Value of the project and of every school that has one."""
    if is_baseline and spec.baseline_policy is BaselinePolicy.ZERO:
        yield _row(spec, wave, 0.0, (None, None), n=0, reason=Reason.ZERO_BASELINE)
        return
    if spec.kind is MeasureKind.MANUAL:
        yield from _manual(spec, wave, facts)
        return
    by_school = _parts(spec, facts)
    if not by_school:
        yield _row(spec, wave, None, (None, None), n=0, reason=Reason.NO_DATA)
        return
    total = _total(by_school)
    yield _row(
        spec,
        wave,
        _value(spec, total),
        total,
        n=_base(spec, total, by_school, facts),
        n_schools=len(by_school),
    )
    for school, parts in sorted(by_school.items()) if spec.keeps_schools else ():
        yield _row(spec, wave, _value(spec, parts), parts, n=1, n_schools=1, school=school)


def _parts(spec: FactSpec, facts: WaveFacts) -> dict[str, Parts]:
    """Numerator and denominator of every school (denominator None: a plain count or sum)."""
    if spec.kind is MeasureKind.DESK_WEIGHTED_MEAN:
        return _weighted_scores(spec, facts)
    if spec.kind is MeasureKind.DESK_RATE:
        return _participation(spec, facts)
    if spec.kind is MeasureKind.LOG_SUM:
        return {
            p.school: (float(p.n_schools), None) for p in facts.plans if p.n_schools is not None
        }
    if spec.kind is MeasureKind.LOG_SHARE:
        return {p.school: (float(p.is_signed), 1.0) for p in facts.plans if p.is_signed is not None}
    return _activities(spec, facts)


def _latest(facts: WaveFacts, table: str) -> str:
    return max((record.period for record in facts.desk if record.table == table), default="")


def _desk(facts: WaveFacts, table: str, name: str) -> dict[str, float]:
    """Sum over levels per school in the table's latest period, missing values left out."""
    latest = _latest(facts, table)
    out: dict[str, float] = {}
    for record in facts.desk:
        is_wanted = record.table == table and record.period == latest and record.name == name
        if is_wanted and record.value is not None:
            out[record.school] = out.get(record.school, 0.0) + record.value
    return out


def _weighted_scores(spec: FactSpec, facts: WaveFacts) -> dict[str, Parts]:
    table = spec.source.partition(".")[0]
    means, weights = _desk(facts, table, MEAN), _desk(facts, table, TAKERS)
    return {
        school: (mean * weights[school], weights[school])
        for school, mean in means.items()
        if weights.get(school)
    }


def _participation(spec: FactSpec, facts: WaveFacts) -> dict[str, Parts]:
    table, _, name = spec.source.partition(".")
    counts = _desk(facts, table, name)
    return {
        school: (count, float(facts.enrolment[school]))
        for school, count in counts.items()
        if facts.enrolment.get(school)
    }


def _activities(spec: FactSpec, facts: WaveFacts) -> dict[str, Parts]:
    """Events of the chosen types (all without types), counted or their teachers summed.

    A school with a cluster and no such event has 0: the log is complete. A school whose events all
    lack the number of teachers has no sum.
    """
    out: dict[str, Parts] = {}
    if facts.activities:
        out = {plan.school: (0.0, None) for plan in facts.plans}
    known: dict[str, list[int]] = {}
    for record in facts.activities:
        if spec.codes and record.kind not in spec.codes:
            continue
        one = record.n_teachers if spec.kind is MeasureKind.LOG_SUM_TEACHERS else 1
        known.setdefault(record.school, []).extend([] if one is None else [one])
    for school, numbers in known.items():
        out[school] = (float(sum(numbers)), None) if numbers else (None, None)
    return {school: parts for school, parts in out.items() if parts[0] is not None}


def _total(by_school: Mapping[str, Parts]) -> Parts:
    numerator = sum(parts[0] or 0.0 for parts in by_school.values())
    denominators = [parts[1] for parts in by_school.values() if parts[1] is not None]
    return numerator, sum(denominators) if denominators else None


def _value(spec: FactSpec, parts: Parts) -> float | None:
    numerator, denominator = parts
    if numerator is None or denominator is None:
        return numerator  # schools with a denominator of 0 were left out: 0/0 is missing
    factor = PER_HUNDRED if spec.kind is MeasureKind.DESK_RATE else 1.0
    return factor * numerator / denominator


def _base(spec: FactSpec, total: Parts, by_school: Mapping[str, Parts], facts: WaveFacts) -> int:
    if spec.kind in (MeasureKind.LOG_COUNT, MeasureKind.LOG_SUM_TEACHERS):
        return len(facts.activities)
    return int(total[1]) if total[1] is not None else len(by_school)


def _manual(spec: FactSpec, wave: str, facts: WaveFacts) -> Iterator[EstimateRow]:
    for record in facts.manual:
        if record.indicator == spec.indicator:
            yield _row(
                spec,
                wave,
                record.value,
                (record.numerator, record.denominator),
                n=int(record.denominator or 0),
            )
            return
    yield _row(spec, wave, None, (None, None), n=0, reason=Reason.NO_DATA)


def _row(
    spec: FactSpec,
    wave: str,
    value: float | None,
    parts: Parts,
    *,
    n: int,
    n_schools: int = 0,
    school: str = "",
    reason: Reason | None = Reason.NOT_A_SAMPLE,
) -> EstimateRow:
    return EstimateRow(
        measure=spec.code,
        wave=wave,
        scope=Scope.SCHOOL if school else Scope.PROJECT,
        school=school,
        n=n,
        n_schools=n_schools,
        value=value,
        numerator=parts[0] if parts[1] is not None else None,
        denominator=parts[1],
        method="counted",
        reason=reason,
    )


def fact_changes(
    spec: FactSpec,
    waves: tuple[str, str],
    before: Iterable[EstimateRow],
    after: Iterable[EstimateRow],
    schools: Mapping[str, SchoolSpec],
) -> Iterator[ChangeRow]:
    """Plain differences, for the project and for every line of schools with a later value."""
    first = {_line(row, schools): row for row in before}
    second = {_line(row, schools): row for row in after}
    is_zero = spec.baseline_policy is BaselinePolicy.ZERO
    for line, row in second.items():
        old = first.get(line)
        start = old.value if old is not None else (0.0 if is_zero else None)
        has_both = start is not None and row.value is not None
        difference = row.value - start if has_both else None  # type: ignore[operator]
        yield ChangeRow(
            measure=spec.code,
            wave_from=waves[0],
            wave_to=waves[1],
            scope=row.scope,
            school=row.school,
            verdict=Verdict.NOT_APPLICABLE,
            baseline=start,
            endline=row.value,
            n_baseline=old.n if old is not None else 0,
            n_endline=row.n,
            n_schools=row.n_schools,
            difference=difference,
            all_difference=difference,
            reason=Reason.NOT_A_SAMPLE if has_both else Reason.NOT_IN_BOTH_WAVES,
            method="difference",
        )


def _line(row: EstimateRow, schools: Mapping[str, SchoolSpec]) -> str:
    return schools[row.school].lineage if row.school else ""
