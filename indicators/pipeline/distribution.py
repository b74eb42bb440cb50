"""Compared: how the answers to one item are spread, between two waves.

Rao-Scott F on the counts of all options, and where more than 40 % of the answers stand at one end
of the scale the design-based Wilcoxon test, which then decides the word (method sections 5.6, 7).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from indicators.pipeline.outcomes import ChangeRow, DistributionRow
from indicators.pipeline.register import register_of
from indicators.pipeline.sampling import Strata, line_strata
from indicators.pipeline.shapes import FloatArray, MeasureSpec, SchoolSpec
from indicators.pipeline.tally_items import OptionCounts
from indicators.stats.design import Design, make_design
from indicators.stats.families import benjamini_hochberg
from indicators.stats.ftests import rao_scott
from indicators.stats.ranks_survey import rank_counts
from indicators.stats.results import BoolArray
from indicators.vocabulary import Flag, Reason, Scope, SecondLook, Verdict

END_SHARE = 0.40

CLEAR = frozenset(
    {Verdict.INCREASED, Verdict.INCREASED_SMALL, Verdict.DECREASED, Verdict.DECREASED_SMALL}
)


@dataclass(frozen=True, slots=True)
class _Table:
    """Counts (lines, codes, waves), sums of weights of the same shape, strata of a sample."""

    n: FloatArray
    weight: FloatArray | None
    strata: tuple[str, ...] | None

    def of(self, codes: BoolArray) -> _Table:
        """Some of the codes only; without strata, on the lines with answers in both waves."""
        n = self.n[:, codes]
        if self.strata is not None:
            weight = None if self.weight is None else self.weight[:, codes]
            return _Table(n, weight, self.strata)
        both = (n.sum(axis=1) > 0).all(axis=1)
        weight = None if self.weight is None else self.weight[both][:, codes]
        return _Table(n[both], weight, None)

    @property
    def design(self) -> Design:
        strata = None if self.strata is None else list(self.strata)
        return make_design(len(self.n), strata=strata)


def distribution_row(
    spec: MeasureSpec,
    waves: tuple[str, str],
    before: OptionCounts,
    after: OptionCounts,
    schools: Mapping[str, SchoolSpec],
    refused: Reason | None,
    *,
    strata: Strata | None = None,
) -> DistributionRow:
    """The tests of one item between two waves.

    All schools of the project: on their lines with answers in both waves. A sample of schools
    (`strata`): on all answers, weighted, as its changes are.
    """
    row = DistributionRow(spec.code, *waves)
    codes = tuple(sorted({*before.codes, *after.codes}))
    table = _table(before, after, codes, schools, strata).of(np.ones(len(codes), dtype=np.bool_))
    people, lines = table.n.sum(axis=(0, 1)), table.n.sum(axis=(1, 2)) > 0
    row = replace(
        row, n_baseline=int(people[0]), n_endline=int(people[1]), n_schools=int(lines.sum())
    )
    if refused is not None or not spec.common_items:
        return replace(row, reason=refused or Reason.NOT_COMPARABLE)
    if not len(table.n):
        has_any = before.n.any() or after.n.any()
        return replace(row, reason=Reason.NOT_IN_BOTH_WAVES if has_any else Reason.NO_DATA)
    test = rao_scott(table.n, table.design, weight=table.weight).rao_scott
    row = replace(row, f=test.f, ndf=test.ndf, ddf=test.ddf, p=test.p, reason=test.reason)
    mass = table.n if table.weight is None else table.weight
    share = end_share(spec, dict(zip(codes, mass.sum(axis=(0, 2)), strict=True)))
    row = replace(row, end_share=share)
    return row if share is None or share <= END_SHARE else _with_ranks(row, spec, table, codes)


def _with_ranks(
    row: DistributionRow, spec: MeasureSpec, table: _Table, codes: Sequence[int]
) -> DistributionRow:
    """`row` with the rank test of the substantive answers."""
    scored = table.of(np.array([code not in spec.unscored_codes for code in codes]))
    if not len(scored.n):
        return row
    ranks = rank_counts(scored.n, scored.design, weight=scored.weight)
    return replace(
        row,
        rank_difference=ranks.estimate,
        rank_se=ranks.se,
        rank_df=ranks.df,
        rank_p=ranks.p,
    )


def _table(
    before: OptionCounts,
    after: OptionCounts,
    codes: Sequence[int],
    schools: Mapping[str, SchoolSpec],
    strata: Strata | None,
) -> _Table:
    register = register_of(schools)
    lines = register.lines(before.school_codes, after.school_codes)
    n = np.zeros((len(lines), len(codes), 2))
    weight = np.zeros_like(n)
    for wave, counts in enumerate((before, after)):
        rows = register.rows(counts.school_codes, lines)
        np.add.at(n[:, :, wave], rows, counts.of(codes))
        np.add.at(weight[:, :, wave], rows, counts.of(codes, weighted=True))
    is_weighted = before.weight is not None or after.weight is not None
    if strata is None:
        return _Table(n, weight if is_weighted else None, None)
    files = (register.lines(before.school_codes), register.lines(after.school_codes))
    labels = line_strata(lines, schools, strata, files)
    return _Table(n, weight if is_weighted else None, labels)


def end_share(spec: MeasureSpec, counts: Mapping[int, float]) -> float | None:
    """The larger share at an end of the scale, of substantive answers; None without any."""
    scored = {code: k for code, k in counts.items() if code not in spec.unscored_codes}
    whole = sum(scored.values())
    if spec.scale is None or whole == 0:
        return None
    return float(max(scored.get(int(end), 0.0) for end in spec.scale) / whole)


def judge_distributions(
    rows: Iterable[DistributionRow], instruments: Mapping[str, str], alpha: float
) -> list[DistributionRow]:
    """`rows` with p adjusted (Benjamini-Hochberg) among the items of one questionnaire.

    `instruments`: code of the measure -> its questionnaire. Each pair of waves is its own family.
    """
    judged = list(rows)
    families: dict[tuple[str, str, str], list[int]] = defaultdict(list)
    for position, row in enumerate(judged):
        if row.p is not None:
            families[instruments[row.measure], row.wave_from, row.wave_to].append(position)
    for positions in families.values():
        adjusted = benjamini_hochberg(np.array([judged[i].p for i in positions], dtype=np.float64))
        for i, p in zip(positions, adjusted, strict=True):
            judged[i] = replace(judged[i], p_adjusted=float(p), has_changed=bool(p < alpha))
    return judged


def with_ranks(changes: Iterable[ChangeRow], tests: Iterable[DistributionRow]) -> list[ChangeRow]:
    """The changes with the rank test where it decides the word of a project's item mean."""
    found = {
        (row.measure, row.wave_from, row.wave_to): row for row in tests if row.rank_p is not None
    }

    def decided(change: ChangeRow) -> ChangeRow:
        test = found.get((change.measure, change.wave_from, change.wave_to))
        if test is None or change.scope is not Scope.PROJECT or change.p is None:
            return change
        return replace(
            change,
            p_rank=test.rank_p,
            rank_difference=test.rank_difference,
            flags=(*change.flags, Flag.RANKS_DECIDE),
        )

    return [decided(change) for change in changes]


def deciding_p(change: ChangeRow) -> float | None:
    """The p value the word follows."""
    return change.p if change.p_rank is None else change.p_rank


def in_one_direction(change: ChangeRow) -> ChangeRow:
    """No clear change where ranks decide and point another way than the mean does."""
    if change.rank_difference is None or change.verdict not in CLEAR:
        return change
    if change.rank_difference * (change.difference or 0.0) > 0:
        return change
    return replace(change, verdict=Verdict.NO_CLEAR_CHANGE, second_look=SecondLook.NOT_NEEDED)
