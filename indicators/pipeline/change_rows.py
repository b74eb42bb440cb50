"""Building rows of changes: from a test to a row and back."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from indicators.pipeline.inputs import Rules
from indicators.pipeline.outcomes import ChangeRow
from indicators.pipeline.shapes import MeasureSpec
from indicators.stats.paired import PairedResult
from indicators.stats.results import Result
from indicators.stats.verdict import verdict_change
from indicators.vocabulary import SHARE_MEASURES, MeasureKind, Reason, Verdict

UNTESTED: dict[str, Any] = dict.fromkeys(
    (
        *("se", "df", "t", "p", "ci_low", "ci_high", "ci90_low", "ci90_high", "all_se"),
        *("second_look", "school_difference", "school_ci_low", "school_ci_high", "p_sign_flip"),
    )
)


def margin_for(spec: MeasureSpec, rules: Rules, sd: float | None) -> float | None:
    """The smallest change that matters: the indicator's own, else the project's rule.

    None where it is not set (0 in the settings) or the answers do not vary.
    """
    if spec.margin is not None:
        margin = spec.margin
    elif spec.kind in SHARE_MEASURES:
        margin = rules.margin_share
    elif spec.kind is MeasureKind.NPS:
        margin = rules.margin_nps
    else:
        margin = rules.margin_sd * (sd or 0.0)
    return margin if margin > 0 else None


def not_comparable(row: ChangeRow) -> ChangeRow:
    """Both levels stay, the difference goes: it would mix wording and change."""
    return replace(
        row,
        verdict=Verdict.NOT_COMPARABLE,
        reason=Reason.NOT_COMPARABLE,
        difference=None,
        all_difference=None,
        n_up=None,
        n_down=None,
        **UNTESTED,
    )


def with_result(
    row: ChangeRow, result: Result, margin: float | None, verdict: Verdict | None
) -> ChangeRow:
    """`row` with the test of its difference; a refused test gives its reason instead of a word."""
    return replace(
        row,
        difference=row.difference if result.estimate is None else result.estimate,
        se=result.se or None,
        df=result.df,
        t=result.t,
        p=result.p,
        ci_low=result.ci_low,
        ci_high=result.ci_high,
        ci90_low=result.ci90_low,
        ci90_high=result.ci90_high,
        margin=margin,
        verdict=verdict or Verdict.NOT_APPLICABLE,
        reason=result.reason,
        method=result.method,
    )


def with_second_look(row: ChangeRow, paired: PairedResult, rules: Rules) -> ChangeRow:
    """`row` with the school-by-school result, the word that follows from both, and whether the two
    agree. A row that was refused its test gets no word.
    """
    row = replace(
        row,
        school_difference=paired.result.estimate,
        school_ci_low=paired.result.ci_low,
        school_ci_high=paired.result.ci_high,
        n_up=paired.n_up,
        n_down=paired.n_down,
        p_sign_flip=paired.p_sign_flip,
    )
    verdict, look = verdict_change(
        result_of(row),
        margin=row.margin,
        alpha=rules.alpha,
        second_p=paired.p_sign_flip,
        n_schools=row.n_schools,
    )
    if verdict is None:
        return row
    return replace(row, verdict=verdict, second_look=look)


def result_of(row: ChangeRow) -> Result:
    """The test of a row as the statistics give it."""
    return Result(
        estimate=row.difference,
        se=row.se,
        df=row.df,
        t=row.t,
        p=row.p,
        ci_low=row.ci_low,
        ci_high=row.ci_high,
        ci90_low=row.ci90_low,
        ci90_high=row.ci90_high,
        n=row.n_baseline + row.n_endline,
        n_clusters=row.n_schools,
        method=row.method,
        reason=row.reason,
    )
