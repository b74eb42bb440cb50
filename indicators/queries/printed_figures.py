"""The figures of a run as those of a printed report are compared with them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from indicators.models import Change, Estimate, Indicator, Measure, ScaleOption, Wave
from indicators.models.base import LANGUAGES
from indicators.pipeline.inputs import StoredFigure, StoredFigures
from indicators.queries.provenance import sources
from indicators.vocabulary import SHARE_MEASURES, MeasureKind, Scope, is_percent_unit

if TYPE_CHECKING:
    from indicators.models import Project, Run

Key = tuple[int, str]  # measure and code of the wave
WITH_OPTIONS = (MeasureKind.ITEM_MEAN, MeasureKind.SHARE)


def stored_figures(*, project: Project, run: Run) -> StoredFigures:
    """Levels and changes of the whole project. Seven queries, however large the project."""
    indicators = list(Indicator.objects.filter(project=project))
    measures = Measure.objects.filter(project=project).select_related(
        "item__instrument", "second_item", "index__instrument"
    )
    by_pk = {measure.pk: measure for measure in measures}
    changes = Change.objects.filter(run=run, scope=Scope.PROJECT).values_list(
        "measure_id", "wave_from__code", "wave_to__code", "difference"
    )
    return StoredFigures(
        codes=_codes(by_pk, indicators),
        waves=_waves(project),
        levels=_Figures(run, by_pk, indicators).all(),
        changes={(by_pk[pk].code, first, last): value for pk, first, last, value in changes},
    )


def _codes(measures: Mapping[int, Measure], indicators: Iterable[Indicator]) -> dict[str, str]:
    """By code of the measure, name of a question, code of the indicator; the latter counts most."""
    rows = measures.values()
    return {
        **{row.code.casefold(): row.code for row in rows},
        **{
            row.item.name.casefold(): row.code
            for row in rows
            if row.item is not None and row.kind == MeasureKind.ITEM_MEAN
        },
        **{one.code.casefold(): measures[one.measure_id].code for one in indicators},
    }


def _waves(project: Project) -> dict[str, str]:
    """Codes count more than names."""
    waves = list(Wave.objects.filter(project=project))
    found = {
        name.casefold(): wave.code
        for wave in waves
        for name in (getattr(wave, f"name_{language}") for language in LANGUAGES)
        if name
    }
    return found | {wave.code.casefold(): wave.code for wave in waves}


class _Figures:
    """Levels of a run with what is known of their measures. Two queries."""

    def __init__(
        self, run: Run, measures: Mapping[int, Measure], indicators: Iterable[Indicator]
    ) -> None:
        self.measures = measures
        self.units = {one.measure_id: one.unit for one in indicators}
        self.item_measures = {
            row.item_id: pk for pk, row in measures.items() if row.kind == MeasureKind.ITEM_MEAN
        }
        self.rows: dict[Key, Estimate] = {
            (row.measure_id, row.wave.code): row
            for row in Estimate.objects.filter(run=run, scope=Scope.PROJECT).select_related("wave")
        }
        self.options: dict[int, list[ScaleOption]] = {}
        scales = {row.item.scale_id for row in measures.values() if row.item is not None}
        for option in ScaleOption.objects.filter(scale__in=scales - {None}):
            self.options.setdefault(option.scale_id, []).append(option)
        self.sheets: Counter[tuple[str, str]] = Counter()
        for source in sources(run):
            self.sheets[source.instrument, source.wave] += source.n - source.n_excluded

    def all(self) -> dict[tuple[str, str], StoredFigure]:
        return {
            (self.measures[pk].code, wave): self._figure(self.measures[pk], wave, row)
            for (pk, wave), row in self.rows.items()
        }

    def _figure(self, measure: Measure, wave: str, row: Estimate) -> StoredFigure:
        unit = self.units.get(measure.pk, "")
        is_share = measure.kind in SHARE_MEASURES or is_percent_unit(unit)
        figure = StoredFigure(row.value, row.n, is_share, sides=self._sides(measure))
        if measure.index is not None:
            sheets = self.sheets[measure.index.instrument.code, wave] or None
            return replace(figure, respondents=sheets, scale=_index_scale(measure))
        if measure.item is None or figure.sides is not None:
            return figure
        options = self.options.get(measure.item.scale_id or 0, [])
        scored = [float(one.code) for one in options if one.is_substantive]
        is_mean = measure.kind == MeasureKind.ITEM_MEAN and len(scored) > 1
        return replace(
            figure,
            respondents=self.sheets[measure.item.instrument.code, wave] or None,
            scale=(min(scored), max(scored)) if is_mean else None,
            counts=self._counts(measure, wave),
            unscored=frozenset(float(one.code) for one in options if not one.is_substantive),
        )

    def _sides(self, measure: Measure) -> tuple[str, str] | None:
        """Of a gap between two questionnaires."""
        pair = (measure.item_id, measure.second_item_id)
        sides = [self.item_measures.get(one) for one in pair]
        if measure.kind != MeasureKind.INSTRUMENT_GAP or sides[0] is None or sides[1] is None:
            return None
        return self.measures[sides[0]].code, self.measures[sides[1]].code

    def _counts(self, measure: Measure, wave: str) -> dict[float, float]:
        """Answers by option: kept with the mean of a question, which its shares stand on too."""
        kept = self.item_measures.get(measure.item_id) if measure.kind in WITH_OPTIONS else None
        row = self.rows.get((kept, wave)) if kept is not None else None
        return {float(code): n for code, n in ((row and row.counts) or {}).items()}


def _index_scale(measure: Measure) -> tuple[float, float] | None:
    index = measure.index
    if index is None:
        return None
    return (0.0, 100.0) if index.positive_codes else (index.scale_min, index.scale_max)
