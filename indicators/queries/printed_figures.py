"""The figures of a run as those of a printed report are compared with them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from indicators.models import Change, Estimate, Indicator, Wave
from indicators.models.base import LANGUAGES
from indicators.pipeline.inputs import StoredFigure, StoredFigures
from indicators.pipeline.shapes import GapSpec, MeasureSpec
from indicators.queries.provenance import sources
from indicators.queries.specs import Definitions, definitions
from indicators.vocabulary import SHARE_MEASURES, MeasureKind, Scope, is_percent_unit

if TYPE_CHECKING:
    from indicators.models import Project, Run

Key = tuple[str, str]  # measure and wave


def stored_figures(*, project: Project, run: Run) -> StoredFigures:
    """Levels and changes of the whole project. Thirteen queries, however large the project."""
    indicators = list(Indicator.objects.filter(project=project).select_related("measure"))
    known = definitions(project)
    rows = {
        (row.measure.code, row.wave.code): row
        for row in Estimate.objects.filter(run=run, scope=Scope.PROJECT).select_related(
            "measure", "wave"
        )
    }
    changes = Change.objects.filter(run=run, scope=Scope.PROJECT).values_list(
        "measure__code", "wave_from__code", "wave_to__code", "difference"
    )
    return StoredFigures(
        codes=_codes(indicators, known),
        waves=_waves(project),
        levels=_Figures(run, known, rows, indicators).all(),
        changes={(measure, first, last): value for measure, first, last, value in changes},
    )


def _codes(indicators: list[Indicator], known: Definitions) -> dict[str, str]:
    """By code of the measure, name of a question, code of the indicator; the latter counts most."""
    computed = [spec.code for spec in known.measures] + [spec.code for spec in known.gaps]
    counted = [spec.code for spec in known.facts]
    return {
        **{code.casefold(): code for code in (*computed, *counted)},
        **{
            spec.items[0].casefold(): spec.code
            for spec in known.measures
            if spec.kind is MeasureKind.ITEM_MEAN
        },
        **{one.code.casefold(): one.measure.code for one in indicators},
    }


def _waves(project: Project) -> dict[str, str]:
    found: dict[str, str] = {}
    for wave in Wave.objects.filter(project=project):
        names = (wave.code, *(getattr(wave, f"name_{language}") for language in LANGUAGES))
        found |= {name.casefold(): wave.code for name in names if name}
    return found


class _Figures:
    """Rows of a run with what is known of their measures."""

    def __init__(
        self,
        run: Run,
        known: Definitions,
        rows: Mapping[Key, Estimate],
        indicators: list[Indicator],
    ) -> None:
        self.rows = rows
        self.specs = {spec.code: spec for spec in known.measures}
        self.gaps = {spec.code: spec for spec in known.gaps}
        self.units = {one.measure.code: one.unit for one in indicators}
        self.sheets: Counter[Key] = Counter()
        for source in sources(run):
            self.sheets[source.instrument, source.wave] += source.n - source.n_excluded

    def all(self) -> dict[Key, StoredFigure]:
        return {key: self._figure(key, row) for key, row in self.rows.items()}

    def _figure(self, key: Key, row: Estimate) -> StoredFigure:
        measure, wave = key
        spec, gap = self.specs.get(measure), self.gaps.get(measure)
        is_share = row.measure.kind in SHARE_MEASURES or is_percent_unit(
            self.units.get(measure, "")
        )
        figure = StoredFigure(row.value, row.n, is_share, sides=_sides(gap))
        if spec is None:
            return figure
        return replace(
            figure,
            respondents=self.sheets[spec.instrument, wave] or None,
            scale=None if is_share else spec.scale,
            counts=self._counts(spec, wave),
            unscored=frozenset(map(float, spec.unscored_codes)),
        )

    def _counts(self, spec: MeasureSpec, wave: str) -> dict[float, float]:
        """Answers by option: kept with the mean of a question, which its shares stand on too."""
        has_options = spec.kind in (MeasureKind.ITEM_MEAN, MeasureKind.SHARE)
        row = self.rows.get((f"item:{spec.items[0]}", wave)) if has_options else None
        return {float(code): n for code, n in ((row and row.counts) or {}).items()}


def _sides(gap: GapSpec | None) -> tuple[str, str] | None:
    return None if gap is None or gap.group_by else (gap.first, gap.second)
