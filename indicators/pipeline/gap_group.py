"""The gaps between two groups of a measure in every wave, and their change since the baseline.

Girls and boys sit in the same schools; town and village schools do not, so that at least six
schools of each kind are needed (method section 6). All gaps of a measure go through one test.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from indicators.pipeline.gap import (
    FIRST_MINUS_SECOND,
    GAP_AFTER_MINUS_BEFORE,
    GapCells,
    difference,
    gap_cells,
)
from indicators.pipeline.outcomes import GapRow
from indicators.pipeline.register import register_of
from indicators.pipeline.sampling import Strata, contrast_sample, line_strata
from indicators.pipeline.shapes import GapSpec, SchoolSpec
from indicators.pipeline.totals import Cells, Totals, beside
from indicators.stats.cells import MIN_SCHOOLS
from indicators.stats.cr2 import contrasts_cr2
from indicators.stats.results import Result, refused
from indicators.vocabulary import Reason


@dataclass(frozen=True, slots=True)
class GroupGaps:
    """What the gaps of one measure are computed from. `totals` and `reasons` by wave, one at least,
    baseline first; `reasons`: why no uncertainty may be shown.
    """

    totals: Mapping[str, Totals]
    schools: Mapping[str, SchoolSpec]
    reasons: Mapping[str, Reason | None]
    is_comparable: bool = True  # asked in the same words in all waves
    is_sample: bool = False
    strata: Strata = field(default_factory=dict)

    def rows(self, specs: Sequence[GapSpec]) -> list[GapRow]:
        """Every gap in every wave; its change on the schools with answers in both waves (of a
        sample: on all).
        """
        register = register_of(self.schools)
        codes = {wave: one.school_codes for wave, one in self.totals.items()}
        baseline = next(iter(codes))
        first = register.lines(codes[baseline])
        before = self._cells(specs, baseline, first)
        rows = _levels(specs, baseline, before)
        for wave in list(codes)[1:]:
            lines = register.lines(codes[wave])
            after = self._cells(specs, wave, lines)
            levels = _levels(specs, wave, after)
            if not self.is_comparable:
                rows += levels
                continue
            both = register.lines(codes[baseline], codes[wave])
            pair = before, after
            if self.is_sample or not first == lines == both:
                pair = (
                    self._cells(specs, baseline, both, first, lines),
                    self._cells(specs, wave, both, first, lines),
                )
            rows += _with_changes(levels, baseline, *pair)
        return rows

    def _cells(
        self,
        specs: Sequence[GapSpec],
        wave: str,
        lines: tuple[str, ...],
        *waves: tuple[str, ...],
    ) -> list[GapCells]:
        one = self.totals[wave]
        strata: tuple[str, ...] = ()
        if self.is_sample:
            strata = line_strata(lines, self.schools, self.strata, waves)
        return [
            replace(
                gap_cells(spec, one, one, self.schools, lines, self.reasons[wave]), strata=strata
            )
            for spec in specs
        ]


def _levels(specs: Sequence[GapSpec], wave: str, gaps: Sequence[GapCells]) -> list[GapRow]:
    results = _tests([gap.cells for gap in gaps], FIRST_MINUS_SECOND, gaps)
    rows = []
    for spec, gap, result in zip(specs, gaps, results, strict=True):
        sums = gap.cells.n.sum(axis=0)
        shown = _shown(result, gap.unequal)
        rows.append(
            GapRow(
                measure=spec.first,
                wave=wave,
                group_by=spec.group_by,
                first_group=spec.first_group,
                second_group=spec.second_group,
                value=difference(gap.cells),
                se=shown.se,
                df=shown.df,
                p=shown.p,
                ci_low=shown.ci_low,
                ci_high=shown.ci_high,
                n_first=int(sums[0]),
                n_second=int(sums[1]),
                n_schools=result.n_clusters,
                reason=shown.reason,
            )
        )
    return rows


def _with_changes(
    rows: Sequence[GapRow], baseline: str, before: Sequence[GapCells], after: Sequence[GapCells]
) -> list[GapRow]:
    panels = [_panel(first, second) for first, second in zip(before, after, strict=True)]
    results = _tests(panels, GAP_AFTER_MINUS_BEFORE, before)
    changed = []
    for i, row in enumerate(rows):
        shown = _shown(results[i], before[i].unequal or after[i].unequal)
        first, second = difference(panels[i]), difference(panels[i], 2)
        if first is None or second is None:
            changed.append(replace(row, wave_from=baseline, change_reason=shown.reason))
            continue
        changed.append(
            replace(
                row,
                wave_from=baseline,
                baseline=first,
                endline=second,
                change=second - first,
                change_se=shown.se,
                change_df=shown.df,
                change_p=shown.p,
                change_low=shown.ci_low,
                change_high=shown.ci_high,
                change_reason=shown.reason,
            )
        )
    return changed


def _shown(result: Result, reason: Reason | None) -> Result:
    """The result without what a refusal forbids."""
    reason = reason or result.reason
    if reason is None:
        return result
    plain = refused(reason, n=result.n, n_clusters=result.n_clusters, method=result.method)
    return replace(plain, se=None)


def _panel(before: GapCells, after: GapCells) -> Cells:
    """Cells (G, 4) with the schools that did not answer in both waves set to nothing."""
    cells = beside([before.cells, after.cells])
    if before.strata:
        return cells
    both = (before.cells.n.sum(axis=1) > 0) & (after.cells.n.sum(axis=1) > 0)
    return cells.each(lambda a: np.where(both[:, None], a, 0.0))


def _tests(
    cells: Sequence[Cells], coefs: tuple[float, ...], gaps: Sequence[GapCells]
) -> list[Result]:
    """One test for all gaps of a measure; a gap between kinds of schools needs six of each."""
    if gaps[0].strata or cells[0].weight is not None:
        strata = gaps[0].strata or ("",) * len(gaps[0].lineages)
        return [contrast_sample(one, coefs, strata) for one in cells]
    n = np.stack([one.n for one in cells])
    results = contrasts_cr2(n, np.stack([one.total for one in cells]), coefs)
    if len(coefs) > len(FIRST_MINUS_SECOND):
        results = [
            _shown(result, Reason.TOO_FEW_CLUSTERS if _is_short(one) else None)
            for result, one in zip(results, n, strict=True)
        ]
    return results


def _is_short(n: np.ndarray) -> bool:
    """Kinds of schools (no school has answers in both groups) with fewer than six of one kind."""
    first, second = n[:, ::2].any(axis=1), n[:, 1::2].any(axis=1)
    is_between = not (first & second).any()
    return is_between and min(int(first.sum()), int(second.sum())) < MIN_SCHOOLS
