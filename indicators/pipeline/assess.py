"""Assessed: where a target stands (product rule 3, method section 13).

Two statements, never one: was it reached by the value, and credibly? Facts, censuses and values
typed by hand are judged by the value alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from indicators.pipeline.inputs import Rules, TargetSpec
from indicators.pipeline.outcomes import AssessmentRow, ChangeRow, EstimateRow
from indicators.pipeline.shapes import WaveSpec
from indicators.stats.shares import newcombe
from indicators.stats.targets import (
    CONFIDENCE,
    ShareClosed,
    TargetResult,
    progress_status,
    share_closed,
    target_mean,
    target_prop,
)
from indicators.vocabulary import Reason, Scope, Status, TargetType, TargetVerdict, Verdict

BY_VALUE = frozenset({Reason.CENSUS, Reason.NOT_A_SAMPLE, Reason.ZERO_BASELINE})
EXACT_CHANGE = BY_VALUE | {Reason.ZERO_VARIANCE}
NO_STATUS = frozenset({Reason.SELF_SELECTED})
STATUS = {
    TargetVerdict.MET: Status.MET,
    TargetVerdict.NOT_MET: Status.NOT_MET,
    TargetVerdict.TOO_CLOSE: Status.TOO_CLOSE,
}
SINGLE = frozenset({TargetType.AT_LEAST, TargetType.AT_MOST, TargetType.CHANGE})
Range = tuple[float | None, float | None]


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known about a target's place: by measure and wave (and school).

    `levels[(measure, wave, school)]`; `changes[(measure, wave_to, school)]` from the baseline on,
    `school` "" for the project. A merged school's rows are found under its old code too.
    `reworded`: measures asked in both waves whose wording changed, so that there is no change.
    """

    levels: Mapping[tuple[str, str, str], EstimateRow]
    changes: Mapping[tuple[str, str, str], ChangeRow]
    waves: Mapping[str, WaveSpec]
    baseline: str
    share_measures: frozenset[str]
    reworded: frozenset[str]
    unheard: frozenset[tuple[str, str]] = frozenset()  # measure and wave: under half answered


def assess(target: TargetSpec, evidence: Evidence, rules: Rules) -> AssessmentRow:
    """The status of one target on the project's reference date."""
    place = (target.measure, target.wave, target.school)
    level, change = evidence.levels.get(place), evidence.changes.get(place)
    wave = evidence.waves[target.wave]
    has_value = level is not None and level.value is not None
    if not has_value:
        is_due = wave.field_end < rules.reference_date
        if is_due:
            return AssessmentRow(target.key, Status.NO_DATA, reason=Reason.NO_DATA)
        return _progress(target, evidence, rules)
    if level is not None and level.reason in NO_STATUS:
        return AssessmentRow(target.key, Status.NOT_APPLICABLE, reason=level.reason)
    if target.type is TargetType.CHANGE:
        return _of_change(target, change, evidence, rules)
    assert level is not None  # noqa: S101  # has_value says so; narrows the type
    return _of_level(target, level, evidence, rules)


def _is_unheard(target: TargetSpec, evidence: Evidence, *waves: str) -> bool:
    return any((target.measure, wave) in evidence.unheard for wave in waves)


def _of_level(
    target: TargetSpec, level: EstimateRow, evidence: Evidence, rules: Rules
) -> AssessmentRow:
    by_value = target_mean(level.value, None, None, target.low, target.high)
    if _is_unheard(target, evidence, target.wave):
        return _untold(target, level.value, by_value.reached, Reason.LOW_RESPONSE)
    if target.measure in evidence.reworded:
        return _untold(target, level.value, by_value.reached, Reason.NOT_COMPARABLE)
    if level.reason in BY_VALUE:
        return _value_alone(target, level.value, by_value)
    if level.scope is Scope.SCHOOL and level.n < rules.min_group_verdict:
        return _untold(target, level.value, by_value.reached, Reason.TOO_FEW_RESPONDENTS)
    if level.reason is not None and level.reason is not Reason.ZERO_VARIANCE:
        return _untold(target, level.value, by_value.reached, level.reason)
    if target.measure in evidence.share_measures:
        n_eff = level.n_eff if level.n_eff is not None else float(level.n)
        share = (level.value, n_eff, target.low, target.high)
        return _row(target, level.value, target_prop(*share, confidence=rules.target_confidence))
    mean = (level.value, level.se, level.df, target.low, target.high)
    return _row(target, level.value, target_mean(*mean, confidence=rules.target_confidence))


def _of_change(
    target: TargetSpec, change: ChangeRow | None, evidence: Evidence, rules: Rules
) -> AssessmentRow:
    if change is not None and change.verdict is Verdict.NOT_COMPARABLE:
        return _untold(target, None, None, Reason.NOT_COMPARABLE)
    if change is None or change.difference is None:
        return AssessmentRow(
            target.key,
            Status.NO_DATA,
            reason=change.reason if change is not None else Reason.NOT_IN_BOTH_WAVES,
        )
    by_value = target_mean(change.difference, None, None, target.low, target.high)
    if _is_unheard(target, evidence, change.wave_from, change.wave_to):
        return _untold(target, change.difference, by_value.reached, Reason.LOW_RESPONSE)
    if change.reason in EXACT_CHANGE:
        return _value_alone(target, change.difference, by_value)
    if change.reason is not None:
        return _untold(target, change.difference, by_value.reached, change.reason)
    if change.se is None:  # a share of one school: the Newcombe limits speak
        limits = _limits(change, target, rules)
        return _row(target, change.difference, _by_limits(limits, target, by_value))
    mean = (change.difference, change.se, change.df, target.low, target.high)
    return _row(target, change.difference, target_mean(*mean, confidence=rules.target_confidence))


def _limits(change: ChangeRow, target: TargetSpec, rules: Rules) -> Range:
    """Ends of the range of the difference; None where it was refused."""
    confidence = rules.target_confidence
    if confidence == CONFIDENCE or change.ci90_low is None:
        return change.ci90_low, change.ci90_high
    if change.se is not None:
        mean = (change.difference, change.se, change.df, target.low, target.high)
        result = target_mean(*mean, confidence=confidence)
        return result.bound_low, result.bound_high
    counts = [
        part
        for share, n in (
            (change.baseline, change.n_baseline),
            (change.endline, change.n_endline),
        )
        for part in (round((share or 0.0) * n), n)
    ]
    low, high = newcombe(*counts, confidence=confidence)
    return float(low), float(high)


def _by_limits(limits: Range, target: TargetSpec, by_value: TargetResult) -> TargetResult:
    low, high = limits
    if low is None or high is None:
        return by_value
    floor = target.low if target.low is not None else float("-inf")
    ceiling = target.high if target.high is not None else float("inf")
    verdict = TargetVerdict.TOO_CLOSE
    if low >= floor and high <= ceiling:
        verdict = TargetVerdict.MET
    elif high < floor or low > ceiling:
        verdict = TargetVerdict.NOT_MET
    return replace(by_value, verdict=verdict, bound_low=low, bound_high=high)


def _row(target: TargetSpec, value: float | None, result: TargetResult) -> AssessmentRow:
    if result.verdict is None:
        return _value_alone(target, value, result)
    return AssessmentRow(
        target.key,
        STATUS[result.verdict],
        value=value,
        reached=result.reached,
        prob_met=result.prob_met,
        bound_low=result.bound_low,
        bound_high=result.bound_high,
    )


def _value_alone(target: TargetSpec, value: float | None, result: TargetResult) -> AssessmentRow:
    return AssessmentRow(
        target.key,
        Status.MET if result.reached else Status.NOT_MET,
        is_by_value_alone=True,
        value=value,
        reached=result.reached,
    )


def _untold(
    target: TargetSpec, value: float | None, reached: bool | None, reason: Reason | None
) -> AssessmentRow:
    return AssessmentRow(
        target.key, Status.CANNOT_TELL, value=value, reached=reached, reason=reason
    )


def _progress(target: TargetSpec, evidence: Evidence, rules: Rules) -> AssessmentRow:
    """A target that is not due: the share of the way gone at the latest wave before it."""
    level, change = _latest(target, evidence)
    if level is None:
        return AssessmentRow(target.key, Status.NOT_DUE)
    if level.reason in NO_STATUS:
        return AssessmentRow(target.key, Status.NOT_APPLICABLE, reason=level.reason)
    value = level.value
    if target.type is TargetType.CHANGE:
        value = None if change is None else change.difference
    if _is_unheard(target, evidence, evidence.baseline, level.wave):
        return _untold(target, value, None, Reason.LOW_RESPONSE)
    closed = None if change is None else _share_closed(target, change, rules)
    elapsed = _elapsed(
        evidence.waves[evidence.baseline].field_end,
        evidence.waves[level.wave].field_end,
        evidence.waves[target.wave].field_end,
    )
    if closed is None or change is None:
        return AssessmentRow(target.key, Status.NOT_DUE, value=value)
    is_exact = change.reason in EXACT_CHANGE
    # A counted fact is its own range: the value alone says where it stands.
    judged = replace(closed, low=closed.share, high=closed.share) if is_exact else closed
    part = rules.on_track_share
    status = progress_status(judged, elapsed, on_track_from=part, off_track_below=part)
    is_refused = closed.low is None and not is_exact
    return AssessmentRow(
        target.key,
        status or Status.CANNOT_TELL,
        is_by_value_alone=is_exact,
        value=value,
        share_closed=closed.share,
        share_low=closed.low,
        share_high=closed.high,
        share_elapsed=elapsed,
        reason=change.reason if is_refused else None,
    )


def _share_closed(target: TargetSpec, change: ChangeRow, rules: Rules) -> ShareClosed | None:
    """None for a target that is no way to go: a range, or one that the baseline reached already."""
    limit = target.low if target.low is not None else target.high
    is_way = target.type in SINGLE and not target.is_held
    if not is_way or limit is None or change.baseline is None:
        return None
    if target.type is TargetType.CHANGE:
        limit += change.baseline
    is_below = change.baseline < limit
    if is_below is not (target.low is not None):
        return None
    return share_closed(
        change.difference,
        *_limits(change, target, rules),
        target=limit,
        baseline=change.baseline,
    )


def _latest(target: TargetSpec, evidence: Evidence) -> tuple[EstimateRow | None, ChangeRow | None]:
    """Level and change of the newest wave with a value between the baseline and the target."""
    first, last = evidence.waves[evidence.baseline].order, evidence.waves[target.wave].order
    between = [wave for wave in evidence.waves.values() if first < wave.order < last]
    for wave in sorted(between, key=lambda wave: -wave.order):
        place = (target.measure, wave.code, target.school)
        level = evidence.levels.get(place)
        if level is not None and level.value is not None:
            return level, evidence.changes.get(place)
    return None, None


def _elapsed(start: date, now: date, end: date) -> float:
    """Share of the time from baseline to target gone, 0-1."""
    whole = (end - start).days
    return min(max((now - start).days / whole, 0.0), 1.0) if whole > 0 else 1.0
