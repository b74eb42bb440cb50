"""What is stored about the questions behind a measure: reliability, tests of distributions."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import TYPE_CHECKING

from indicators.models import DistributionTest, Reliability
from indicators.queries.small_groups import hide_small
from indicators.results import IndexQuality, PatternTest, QualityPair

if TYPE_CHECKING:
    from indicators.models import Measure, Run
    from indicators.queries.questions import Questions
    from indicators.results import WavePair


def index_quality(
    *, run: Run, measure: Measure, waves: WavePair, questions: Questions, min_group: int
) -> QualityPair | None:
    """One query for an index, none for other measures; None where nothing is stored."""
    if measure.index_id is None:
        return None
    rows = Reliability.objects.filter(run=run, measure=measure, wave__in=waves.ids)
    found = {row.wave_id: _quality(row, min_group) for row in rows}
    if not found:
        return None
    first, second = (
        found.get(wave.pk) if wave else None for wave in (waves.baseline, waves.endline)
    )
    asked = tuple((question.name, question.label) for question in questions.asked.values())
    return QualityPair(first, second, asked)


def _quality(row: Reliability, min_group: int) -> IndexQuality:
    quality = IndexQuality(
        n=row.n,
        n_complete=row.n_complete,
        n_items=row.n_items,
        not_asked=tuple(row.not_asked),
        flags=tuple(row.flags),
        reason=row.reason,
        **{name: getattr(row, name) for name in IndexQuality.FIGURES},
    )
    if 0 < row.n_prorated < min_group:  # their scores would follow from both values
        quality = replace(quality, value_complete=None)
    return hide_small(quality, min_group)


def pattern_tests(
    *, run: Run, measures: Collection[int], waves: WavePair, min_group: int
) -> dict[int, PatternTest]:
    """The test of each of these measures between the waves shown, by measure. One query."""
    if waves.baseline is None or waves.endline is None or not measures:
        return {}
    rows = DistributionTest.objects.filter(
        run=run,
        measure__in=measures,
        wave_from=waves.baseline.pk,
        wave_to=waves.endline.pk,
    )
    return {row.measure_id: pattern_of(row, min_group) for row in rows}


def pattern_of(row: DistributionTest, min_group: int) -> PatternTest:
    test = PatternTest(
        n_baseline=row.n_baseline,
        n_endline=row.n_endline,
        n_schools=row.n_schools,
        reason=row.reason,
        **{name: getattr(row, name) for name in PatternTest.FIGURES},
    )
    return hide_small(test, min_group)
