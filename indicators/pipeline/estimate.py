"""Estimated: levels of the project, its groups and its schools from totals.

Levels of surveys: mean of respondents, linearised variance, school = cluster (method sections 0, 3,
4). Self-selected surveys and director checklists get no uncertainty (sections 1, 9, 10).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import SupportsFloat

import numpy as np

from indicators.pipeline.outcomes import EstimateRow
from indicators.pipeline.shapes import FloatArray, MeasureSpec, SchoolSpec
from indicators.pipeline.tally import Cells, Totals
from indicators.stats.linear import contrast_taylor
from indicators.stats.moments import mean_sd
from indicators.stats.results import Result, SchoolResults, refused
from indicators.stats.school import mean_interval, share_interval
from indicators.stats.shares import share_level
from indicators.vocabulary import (
    SHARE_MEASURES,
    MeasureKind,
    Reason,
    Respondent,
    Scope,
    Selection,
)

COUNT_KINDS = frozenset({MeasureKind.SCHOOLS_COUNT, MeasureKind.SCHOOLS_SHARE})


def refusal(respondent: Respondent, selection: Selection) -> Reason | None:
    """Why no uncertainty may be shown for this survey at all, or None."""
    if selection is Selection.SELF_SELECTED:
        return Reason.SELF_SELECTED
    return Reason.CENSUS if respondent is Respondent.DIRECTOR else None


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
) -> Iterator[EstimateRow]:
    """Level of the project, of every group and of every school of one measure in one wave."""
    reason = refusal(spec.respondent, selection)
    yield level_row(spec, wave, totals.schools, reason, counts=totals.counts)
    for group in spec.groups:
        keys, cells = _group_cells(group.name, totals, schools)
        for position, key in enumerate(keys):
            column = Cells(
                cells.n[:, position], cells.total[:, position], cells.squares[:, position]
            )
            if column.n.sum() > 0:
                yield level_row(spec, wave, column, reason, group_by=group.name, group=key)
    if spec.keeps_schools:
        yield from _school_rows(spec, wave, totals, reason)


def level_row(
    spec: MeasureSpec,
    wave: str,
    cells: Cells,
    reason: Reason | None,
    *,
    group_by: str = "",
    group: str = "",
    counts: Mapping[int, int] | None = None,
) -> EstimateRow:
    """Level over schools: `cells` arrays (S,). Value = sum y / n (a count: sum y)."""
    n, total = float(cells.n.sum()), float(cells.total.sum())
    result, n_eff = _level(spec, cells, reason)
    _, sd = mean_sd(n, total, float(cells.squares.sum()))
    is_share = spec.kind in SHARE_MEASURES or spec.kind is MeasureKind.SCHOOLS_COUNT
    return EstimateRow(
        measure=spec.code,
        wave=wave,
        scope=Scope.GROUP if group_by else Scope.PROJECT,
        group_by=group_by,
        group=group,
        n=int(n),
        n_schools=int((cells.n > 0).sum()),
        value=total if spec.kind is MeasureKind.SCHOOLS_COUNT and n else result.estimate,
        numerator=total if is_share and n else None,
        denominator=n if is_share and n else None,
        sd=number(sd),
        se=result.se if result.reason is None else None,
        df=result.df if result.reason is None else None,
        ci_low=result.ci_low,
        ci_high=result.ci_high,
        counts=None if counts is None else {str(code): k for code, k in sorted(counts.items())},
        method=result.method,
        reason=result.reason,
        n_eff=n_eff,
    )


def _level(spec: MeasureSpec, cells: Cells, reason: Reason | None) -> tuple[Result, float | None]:
    n = float(cells.n.sum())
    if n and reason is not None:
        plain = refused(
            reason,
            n=int(n),
            n_clusters=int((cells.n > 0).sum()),
            method="as_answered",
            estimate=float(cells.total.sum()) / n,
        )
        return plain, None
    result = contrast_taylor(cells.n[:, None], cells.total[:, None], [1.0])
    if spec.kind in SHARE_MEASURES and result.reason in (None, Reason.ZERO_VARIANCE):
        return share_level(result)
    return result, None


def _group_cells(
    name: str, totals: Totals, schools: Mapping[str, SchoolSpec]
) -> tuple[tuple[str, ...], Cells]:
    """Cells (S, L) of a breakdown; by a school attribute they follow from the schools' totals."""
    if name in totals.groups:
        return totals.group_keys[name], totals.groups[name]
    values = [schools[code].attributes.get(name, "") for code in totals.school_codes]
    keys = tuple(sorted({value for value in values if value}))
    member = np.array([[value == key for key in keys] for value in values], dtype=np.float64)
    member = member.reshape(len(values), len(keys))
    return keys, Cells(
        totals.schools.n[:, None] * member,
        totals.schools.total[:, None] * member,
        totals.schools.squares[:, None] * member,
    )


def _school_rows(
    spec: MeasureSpec, wave: str, totals: Totals, reason: Reason | None
) -> Iterator[EstimateRow]:
    cells = totals.schools
    mean, sd = mean_sd(cells.n, cells.total, cells.squares)
    levels = None if reason is not None else _school_levels(spec, cells.n, mean, sd)
    is_share = spec.kind in SHARE_MEASURES
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
            numerator=float(cells.total[i]) if is_share else None,
            denominator=float(cells.n[i]) if is_share else None,
            sd=number(sd[i]),
            se=None if one is None else one.se or None,
            df=None if one is None else one.df,
            ci_low=None if one is None else one.ci_low,
            ci_high=None if one is None else one.ci_high,
            method="as_answered" if levels is None else levels.method,
            reason=reason if one is None else one.reason,
        )


def _school_levels(
    spec: MeasureSpec, n: FloatArray, mean: FloatArray, sd: FloatArray
) -> SchoolResults:
    # No finite-population correction: the teachers' lists per wave are not in the files.
    return share_interval(n, mean) if spec.kind in SHARE_MEASURES else mean_interval(n, mean, sd)
