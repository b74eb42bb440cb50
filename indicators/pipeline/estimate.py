"""Estimated: levels of the project, its groups and its schools from totals.

Levels of surveys: mean of respondents, linearised variance, school = cluster (method sections 0, 3,
4); weighted where there are weights. Self-selected surveys and director checklists get no
uncertainty (sections 1, 9, 10).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import SupportsFloat, TypedDict

import numpy as np

from indicators.pipeline.outcomes import EstimateRow
from indicators.pipeline.sampling import NO_STRATA, Strata, level_design, levels, refusal
from indicators.pipeline.score import COMMON_SCALE
from indicators.pipeline.shapes import FloatArray, MeasureSpec, SchoolSpec
from indicators.pipeline.totals import Cells, Totals, by_place
from indicators.stats.design import Design
from indicators.stats.moments import mean_sd
from indicators.stats.results import Result, SchoolResults, refused
from indicators.stats.school import mean_interval, share_interval
from indicators.stats.scores import rescale
from indicators.stats.shares import share_levels
from indicators.vocabulary import (
    SHARE_MEASURES,
    MeasureKind,
    Reason,
    Scope,
    Selection,
)


@dataclass(frozen=True, slots=True)
class Classes:
    """Design effect of the classes of every school, shape (S,), and the correlation behind it."""

    deff: FloatArray
    correlation: float


COUNT_KINDS = frozenset({MeasureKind.SCHOOLS_COUNT, MeasureKind.SCHOOLS_SHARE})


class _Common(TypedDict):
    common: float | None
    common_low: float | None
    common_high: float | None


NO_COMMON = _Common(common=None, common_low=None, common_high=None)


def number(value: SupportsFloat) -> float | None:
    """NaN as None."""
    plain = float(value)
    return None if math.isnan(plain) else plain


def estimates(
    spec: MeasureSpec,
    wave: str,
    totals: Totals,
    selection: Selection,
    schools: Mapping[str, SchoolSpec],
    strata: Strata = NO_STRATA,
    classes: Classes | None = None,
) -> Iterator[EstimateRow]:
    """Level of the project, of every group and of every school of one measure in one wave.

    `classes`: where respondents sit in classes, which widen the range of one school.
    """
    reason = refusal(spec.respondent, selection)
    design = None
    if selection is Selection.SAMPLE:
        design = level_design(totals.school_codes, schools, strata)
    yield from level_rows(spec, wave, totals, reason, schools, design)
    if spec.keeps_schools:
        yield from _school_rows(spec, wave, totals, reason, classes)


def level_rows(
    spec: MeasureSpec,
    wave: str,
    totals: Totals,
    reason: Reason | None,
    schools: Mapping[str, SchoolSpec],
    design: Design | None = None,
) -> Iterator[EstimateRow]:
    """Level of everybody and of every group with answers. Value = sum wy/sum w (a count: sum)."""
    places, cells = by_place(spec.groups, totals, schools)
    results = _levels(spec, cells, reason, design)
    sums = cells.sums
    _, sd = mean_sd(sums.n, sums.total, sums.squares, sums.weight)
    n_schools = (cells.n > 0).sum(axis=0)
    for i, (group_by, group) in enumerate(places):
        result, n_eff = results[i]
        n, total = float(sums.n[i]), float(sums.total[i])
        is_counted = _is_counted(spec, cells) and n > 0
        is_sum = spec.kind is MeasureKind.SCHOOLS_COUNT and n > 0
        yield EstimateRow(
            measure=spec.code,
            wave=wave,
            scope=Scope.GROUP if group_by else Scope.PROJECT,
            group_by=group_by,
            group=group,
            n=int(n),
            n_schools=int(n_schools[i]),
            value=total if is_sum else result.estimate,
            numerator=total if is_counted else None,
            denominator=n if is_counted else None,
            sd=number(sd[i]),
            se=result.se if result.reason is None else None,
            df=result.df if result.reason is None else None,
            ci_low=result.ci_low,
            ci_high=result.ci_high,
            counts=None if group_by else _distribution(totals, n),
            method=result.method,
            reason=result.reason,
            n_eff=n_eff,
            **(NO_COMMON if group_by else _on_common_scale(spec, result)),
        )


def _on_common_scale(spec: MeasureSpec, result: Result) -> _Common:
    """The level of an index of means on the scale 1 to 5, where indices can stand side by side."""
    if spec.kind is not MeasureKind.INDEX_MEAN or spec.positive_codes or spec.scale is None:
        return NO_COMMON
    ends = (result.estimate, result.ci_low, result.ci_high)
    numbers = np.array([np.nan if end is None else end for end in ends])
    value, low, high = map(number, rescale(numbers, spec.scale, COMMON_SCALE))
    return _Common(common=value, common_low=low, common_high=high)


def _is_counted(spec: MeasureSpec, cells: Cells) -> bool:
    """Whether "3 of 8" says the value: not when answers weigh differently."""
    is_share = spec.kind in SHARE_MEASURES or spec.kind is MeasureKind.SCHOOLS_COUNT
    return is_share and cells.weight is None


def _distribution(totals: Totals, n: float) -> dict[str, float] | None:
    """Answers by option; weighted ones are scaled to the number of answers."""
    if totals.counts is None:
        return None
    whole = sum(totals.counts.values())
    answers = sorted(totals.counts.items())
    if totals.schools.weight is None:
        return {str(code): int(times) for code, times in answers}
    return {str(code): times * n / whole for code, times in answers}


def _levels(
    spec: MeasureSpec, cells: Cells, reason: Reason | None, design: Design | None
) -> list[tuple[Result, float | None]]:
    """Results and effective sample sizes of every column of `cells` (S, K)."""
    if reason is not None and cells.n[:, 0].any():
        return [(_as_answered(cells.column(i), reason), None) for i in range(cells.n.shape[1])]
    results = levels(cells, design)
    if spec.kind in SHARE_MEASURES:
        return share_levels(results)
    return [(result, None) for result in results]


def _as_answered(cells: Cells, reason: Reason) -> Result:
    """The bare value of those who answered."""
    return refused(
        reason,
        n=int(cells.n.sum()),
        n_clusters=int((cells.n > 0).sum()),
        method="as_answered",
        estimate=float(cells.total.sum() / cells.mass.sum()),
    )


def _school_rows(
    spec: MeasureSpec,
    wave: str,
    totals: Totals,
    reason: Reason | None,
    classes: Classes | None,
) -> Iterator[EstimateRow]:
    cells = totals.schools
    mean, sd = mean_sd(cells.n, cells.total, cells.squares, cells.weight)
    deff = np.ones(len(cells.n)) if classes is None else classes.deff
    levels = None if reason is not None else _school_levels(spec, cells.n, mean, sd, deff)
    is_counted = spec.kind in SHARE_MEASURES and cells.weight is None
    for i, code in enumerate(totals.school_codes):
        if cells.n[i] == 0:
            continue
        one = None if levels is None else levels.at(i)
        yield EstimateRow(
            measure=spec.code,
            wave=wave,
            scope=Scope.SCHOOL,
            school=code,
            n=int(cells.n[i]),
            n_schools=1,
            value=number(mean[i]),
            numerator=float(cells.total[i]) if is_counted else None,
            denominator=float(cells.n[i]) if is_counted else None,
            sd=number(sd[i]),
            se=None if one is None else one.se or None,
            df=None if one is None else one.df,
            ci_low=None if one is None else one.ci_low,
            ci_high=None if one is None else one.ci_high,
            method="as_answered" if levels is None else levels.method,
            reason=reason if one is None else one.reason,
            n_eff=float(cells.n[i] / deff[i]) if one is not None else None,
            icc=None if one is None or classes is None else classes.correlation,
            deff=None if one is None or classes is None else float(deff[i]),
        )


def _school_levels(
    spec: MeasureSpec, n: FloatArray, mean: FloatArray, sd: FloatArray, deff: FloatArray
) -> SchoolResults:
    # No finite-population correction: the teachers' lists per wave are not in the files.
    if spec.kind in SHARE_MEASURES:
        return share_interval(n, mean, deff=deff)
    return mean_interval(n, mean, sd, deff=deff)
