"""What a project's change is made of: inside schools or mix, its size, how schools differ, flags.

Method sections 5.1 (decomposition), 5.4 (spread of schools), 5.7 (little room), 11 (effect size).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from indicators.pipeline.change_rows import result_of
from indicators.pipeline.estimate import number
from indicators.pipeline.outcomes import ChangeRow
from indicators.pipeline.pair import Pair
from indicators.pipeline.shapes import MeasureSpec
from indicators.stats.composition import (
    change_composition,
    change_heterogeneity,
    change_same_mix,
)
from indicators.stats.cr2 import METHOD as CR2
from indicators.stats.effects import g_clustered
from indicators.stats.moments import mean_sd
from indicators.vocabulary import Flag, MeasureKind

MIX_SHARE, MIX_SD = 0.25, 0.05
MIX_MOVED = 0.05
TOP_SHARE, NEAR_END = 0.40, 0.15


def with_parts(
    row: ChangeRow,
    spec: MeasureSpec,
    pair: Pair,
    counts: Mapping[int, float] | None,
) -> ChangeRow:
    """`row` with its decomposition, effect size, spread and flags. `counts`: baseline answers.

    A row that was refused its test, or stands on a sample of schools, is returned as it is.
    """
    if row.se is None or row.method != CR2:
        return row
    first = mean_sd(pair.before.n, pair.before.total, pair.before.squares)
    second = mean_sd(pair.after.n, pair.after.total, pair.after.squares)
    parts = change_composition(pair.before.n, first[0], pair.after.n, second[0])
    spread = change_heterogeneity(pair.before.n, *first, pair.after.n, *second)
    sums1, sums2 = (
        cells.each(lambda a: a[pair.is_in_both]).sums for cells in (pair.before, pair.after)
    )
    sd1, sd2 = (number(mean_sd(s.n, s.total, s.squares)[1]) for s in (sums1, sums2))
    effect = g_clustered(result_of(row), float(sums1.n), sd1 or 0.0, float(sums2.n), sd2 or 0.0)
    mix = _same_mix(pair)
    return replace(
        row,
        same_mix_difference=mix,
        within_difference=parts.within.estimate,
        within_low=parts.within.ci_low,
        within_high=parts.within.ci_high,
        mix_difference=parts.mix,
        effect_size=effect.g,
        effect_low=effect.ci_low,
        effect_high=effect.ci_high,
        spread_i2=spread.i2,
        p_spread=spread.p,
        flags=(
            *_flags(row, spec, parts.mix, sd1, counts),
            *((Flag.MIX_OF_PEOPLE,) if mix is not None else ()),
        ),
    )


def _same_mix(pair: Pair) -> float | None:
    """The change with the baseline's mix of people, where a kind's share moved by over 5 points."""
    if pair.kinds is None:
        return None
    both = pair.is_in_both
    before, after = (cells.each(lambda a: a[both]) for cells in pair.kinds)
    mix = change_same_mix(before.n, before.total, after.n, after.total)
    return mix.difference if mix.moved > MIX_MOVED else None


def _flags(
    row: ChangeRow,
    spec: MeasureSpec,
    mix: float | None,
    sd: float | None,
    counts: Mapping[int, float] | None,
) -> tuple[Flag, ...]:
    found = []
    bar = max(MIX_SHARE * abs(row.difference or 0.0), MIX_SD * (sd or 0.0))
    if mix is not None and abs(mix) > bar:
        found.append(Flag.MIX_OF_SCHOOLS)
    if _has_little_room(spec, row.baseline, counts):
        found.append(Flag.LITTLE_ROOM)
    return tuple(found)


def _has_little_room(
    spec: MeasureSpec, baseline: float | None, counts: Mapping[int, float] | None
) -> bool:
    """An index near the end of its scale, or an item with many answers in the top category."""
    is_on_scale = spec.kind in (MeasureKind.INDEX_MEAN, MeasureKind.ITEM_MEAN)
    if not is_on_scale or spec.scale is None or baseline is None:
        return False
    low, high = spec.scale
    if spec.kind is MeasureKind.ITEM_MEAN and counts:
        scored = {code: n for code, n in counts.items() if code not in spec.unscored_codes}
        return scored.get(int(high), 0) >= TOP_SHARE * sum(scored.values())
    return high - baseline <= NEAR_END * (high - low)
