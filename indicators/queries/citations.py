"""The figures that texts cite, from the calculation the reader may see."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from indicators.models import Assessment, Estimate, Indicator, School, Wave
from indicators.pipeline.citation import GAPS, CitedFigure, citations_of
from indicators.pipeline.citation_check import Known, cited_problems
from indicators.queries.gaps import breakdowns_with_gap, gap_lines
from indicators.queries.project_overview import project_lines
from indicators.queries.results import (
    indicator_heads,
    level_of,
    line_of,
    standing_of,
    wave_head,
)
from indicators.queries.school_lines import school_rows
from indicators.queries.waves import all_waves, first_and_last
from indicators.results import Figures, GapLine, IndicatorHead, Line, Standing, WaveHead
from indicators.vocabulary import GAP_MEASURES, Scope

if TYPE_CHECKING:
    from indicators.access import Visit
    from indicators.models import Project, Run
    from indicators.pipeline.citation import Citation
    from indicators.pipeline.citation_check import CitedProblem


def all_figures(visit: Visit, run: Run | None, texts: Iterable[str] = ()) -> Figures:
    """Everything that can be cited of the project and of the schools that `texts` name."""
    heads = indicator_heads(visit.project, run)
    return _Reader(visit, run, heads, _cited(texts), is_whole=True).figures()


def cited_figures(
    visit: Visit, run: Run | None, texts: Iterable[str], *, also: Collection[str] = ()
) -> Figures:
    """The figures of some texts and of the indicators in `also`.

    Six queries or fewer, ten more for gaps, four for figures of schools and two for named waves,
    however many are named; none where there is nothing to look up. `run` as `visible_run` gives
    it, None before the first.
    """
    cited = _cited(texts)
    wanted = {one.code for one in cited} | set(also)
    if not wanted:
        return Figures()
    heads = [one for one in indicator_heads(visit.project, run) if one.code in wanted]
    return _Reader(visit, run, heads, cited).figures()


def _cited(texts: Iterable[str]) -> list[Citation]:
    return [one for text in texts for one in citations_of(text)]


class _Reader:
    """Reads what the citations name; `is_whole`: every gap and every line of their schools too."""

    def __init__(
        self,
        visit: Visit,
        run: Run | None,
        heads: Sequence[IndicatorHead],
        cited: Sequence[Citation],
        *,
        is_whole: bool = False,
    ) -> None:
        self.visit, self.run, self.heads, self.cited = visit, run, heads, cited
        self.is_whole = is_whole
        self.min_group = visit.min_group
        self.named = {one.wave for one in cited if one.wave}

    def figures(self) -> Figures:
        cited = [one for one in self.cited if one.figure in GAPS and not one.school]
        every = {head.code for head in self.heads} if self.is_whole else set()
        asked = every or {one.code for one in cited}
        between = every or {one.code for one in cited if one.by}
        figures = self._waves_and_lines()
        if between:
            groups = breakdowns_with_gap(self.visit.project, between)
            figures = replace(figures, breakdowns=groups)
        if self.run is not None:
            if asked:
                found = gap_lines(self.visit, self.run, figures.pair, asked)
                figures = replace(figures, gaps={_key(line): line for line in found})
            figures = self._with_named_waves(self.run, figures)
        return self._with_schools(figures)

    def _waves_and_lines(self) -> Figures:
        if self.run is None:
            rows = Wave.objects.filter(project=self.visit.project).order_by("position")
            blank = {head.code: _blank(head, self.min_group) for head in self.heads}
            return Figures(blank, waves=tuple(map(wave_head, rows)))
        measured, others = all_waves(project=self.visit.project, run=self.run)
        pair = first_and_last(measured)
        lines = project_lines(self.heads, run=self.run, waves=pair, min_group=self.min_group)
        return Figures(
            lines={line.indicator.code: line for line in lines},
            waves=tuple(sorted((*measured, *others), key=lambda wave: wave.position)),
            pair=pair,
        )

    # --- waves that are named -----------------------------------------------------------

    def _with_named_waves(self, run: Run, figures: Figures) -> Figures:
        """Levels the lines do not have, and targets."""
        cites_targets = any(one.wave and one.figure is CitedFigure.TARGET for one in self.cited)
        waves = {
            wave.pk: wave
            for wave in figures.waves
            if wave.code in self.named and (cites_targets or wave.pk not in figures.pair.ids)
        }
        if not waves:
            return figures
        rows = Estimate.objects.filter(
            run=run, scope=Scope.PROJECT, measure__in={head.measure_id for head in self.heads}
        )
        stored = {(row.measure_id, row.wave_id): row for row in rows}
        levels = {
            ("", head.code, wave.code): level_of(row, kind=head.kind, min_group=self.min_group)
            for head in self.heads
            for pk, wave in waves.items()
            if (row := stored.get((head.measure_id, pk)))
        }
        targets = self._targets(run, waves, stored) if cites_targets else {}
        return replace(figures, levels=levels, targets=targets)

    def _targets(
        self, run: Run, waves: dict[int, WaveHead], stored: dict[tuple[int, int], Estimate]
    ) -> dict[tuple[str, str, str], Standing]:
        """The targets set for waves; each rests on every wave its indicator has answers of."""
        heads = {head.pk: head for head in self.heads}
        rows = Assessment.objects.filter(
            run=run,
            target__school=None,
            target__wave__in=waves,
            target__indicator__in=heads,
        ).select_related("target")
        found = {}
        for row in rows:
            head = heads[row.target.indicator_id]
            bases = tuple(
                one.n for (measure, _wave), one in stored.items() if measure == head.measure_id
            )
            key = ("", head.code, waves[row.target.wave_id].code)
            found[key] = standing_of(row, kind=head.kind, min_group=self.min_group, bases=bases)
        return found

    # --- schools ------------------------------------------------------------------------

    def _with_schools(self, figures: Figures) -> Figures:
        """Figures of schools this reader may open; of the others only that they exist."""
        codes = {one.school for one in self.cited if one.school}
        if not codes:
            return figures
        schools = list(
            School.objects.filter(project=self.visit.project, code__in=codes).select_related(
                "continues", "continued_by"
            )
        )
        open_ones = [school for school in schools if self.visit.may_see_school(school)]
        figures = replace(
            figures,
            schools=frozenset(school.code for school in schools),
            closed=frozenset(school.code for school in schools)
            - {school.code for school in open_ones},
        )
        if self.run is None or not open_ones:
            return figures
        return self._with_lines(self.run, figures, open_ones)

    def _with_lines(self, run: Run, figures: Figures, schools: list[School]) -> Figures:
        cited = {one.code for one in self.cited if one.school}
        heads = [head for head in self.heads if self.is_whole or head.code in cited]
        stored = school_rows(run, schools, heads, figures.pair, min_group=self.min_group)
        named = [wave for wave in figures.waves if wave.code in self.named]
        places = [(code, rows, head) for code, rows in stored.items() for head in heads]
        lines = {
            (code, head.code): line for code, rows, head in places if (line := rows.line(head))
        }
        levels, targets = (
            {
                (code, head.code, wave.code): found
                for code, rows, head in places
                for wave in named
                if (found := getattr(rows, what)(head, wave)) is not None
            }
            for what in ("level", "standing")
        )
        return replace(
            figures,
            school_lines=lines,
            levels={**figures.levels, **levels},
            targets={**figures.targets, **targets},
        )


def _blank(head: IndicatorHead, min_group: int) -> Line:
    return line_of(head, then=None, now=None, change=None, assessment=None, min_group=min_group)


def _key(line: GapLine) -> tuple[str, str]:
    """An indicator that is a gap has one gap, whatever it is between."""
    is_own = line.indicator.kind in GAP_MEASURES
    return line.indicator.code, "" if is_own else line.group_by


class Citable:
    """What references may name in a project. Five queries."""

    def __init__(self, project: Project) -> None:
        rows = Indicator.objects.filter(project=project)
        kinds = dict(rows.values_list("code", "measure__kind"))
        self.known = Known(
            codes=frozenset(kinds),
            gaps=frozenset(code for code, kind in kinds.items() if kind in GAP_MEASURES),
            waves=_codes(Wave, project),
            schools=_codes(School, project),
            breakdowns=breakdowns_with_gap(project),
        )

    def problems(self, text: str) -> tuple[CitedProblem, ...]:
        return cited_problems(text, self.known)


def _codes(model: type[Wave] | type[School], project: Project) -> frozenset[str]:
    return frozenset(model._default_manager.filter(project=project).values_list("code", flat=True))
