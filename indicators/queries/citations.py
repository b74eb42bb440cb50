"""The figures that texts cite, from the calculation the reader may see."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

from indicators.models import AgendaQuestion, Estimate, Indicator, Paragraph, Wave
from indicators.models.base import LANGUAGES
from indicators.pipeline.citation import citations_of, cited_problems
from indicators.queries.project_overview import project_lines
from indicators.queries.results import indicator_heads, level_of, line_of, wave_head
from indicators.queries.waves import all_waves, first_and_last
from indicators.results import Figures, IndicatorHead, Level, Line, Lost, WaveHead
from indicators.vocabulary import GAP_MEASURES, Scope

if TYPE_CHECKING:
    from indicators.access import Visit
    from indicators.models import Project, Run
    from indicators.pipeline.citation import Citation, CitedProblem


def all_figures(visit: Visit, run: Run | None, texts: Iterable[str] = ()) -> Figures:
    """Everything that can be cited, with the waves that `texts` name. Six queries or fewer."""
    cited = [one for text in texts for one in citations_of(text)]
    return _figures(visit, run, indicator_heads(visit.project, run), _named_waves(cited))


def cited_figures(
    visit: Visit, run: Run | None, texts: Iterable[str], *, also: Collection[str] = ()
) -> Figures:
    """The figures of some texts and of the indicators in `also`. Six queries or fewer; none
    where there is nothing to look up. `run` as `visible_run` gives it, None before the first.
    """
    cited = [one for text in texts for one in citations_of(text)]
    wanted = {one.code for one in cited} | set(also)
    if not wanted:
        return Figures()
    heads = [one for one in indicator_heads(visit.project, run) if one.code in wanted]
    return _figures(visit, run, heads, _named_waves(cited))


def _named_waves(cited: Iterable[Citation]) -> frozenset[str]:
    return frozenset(one.wave for one in cited if one.wave)


def _figures(
    visit: Visit, run: Run | None, heads: list[IndicatorHead], named: frozenset[str]
) -> Figures:
    """`named`: codes of the waves that texts name."""
    if run is None:
        rows = Wave.objects.filter(project=visit.project).order_by("position")
        blank = {one.code: _blank(one, visit.min_group) for one in heads}
        return Figures(blank, waves=tuple(map(wave_head, rows)))
    measured, others = all_waves(project=visit.project, run=run)
    pair = first_and_last(measured)
    lines = project_lines(heads, run=run, waves=pair, min_group=visit.min_group)
    other = {wave.pk: wave for wave in measured if wave.code in named and wave.pk not in pair.ids}
    return Figures(
        lines={line.indicator.code: line for line in lines},
        levels=_levels(run, heads, other, visit.min_group) if other else {},
        waves=tuple(sorted((*measured, *others), key=lambda wave: wave.position)),
        pair=pair,
    )


def _blank(head: IndicatorHead, min_group: int) -> Line:
    return line_of(head, then=None, now=None, change=None, assessment=None, min_group=min_group)


def _levels(
    run: Run, heads: list[IndicatorHead], waves: dict[int, WaveHead], min_group: int
) -> dict[tuple[str, str], Level]:
    rows = Estimate.objects.filter(
        run=run,
        scope=Scope.PROJECT,
        wave__in=waves,
        measure__in={head.measure_id for head in heads},
    )
    stored = {(row.measure_id, row.wave_id): row for row in rows}
    return {
        (head.code, wave.code): level_of(row, kind=head.kind, min_group=min_group)
        for head in heads
        for pk, wave in waves.items()
        if (row := stored.get((head.measure_id, pk)))
    }


class Citable:
    """What references may name in a project. Two queries."""

    def __init__(self, project: Project) -> None:
        rows = Indicator.objects.filter(project=project)
        kinds = dict(rows.values_list("code", "measure__kind"))
        self.codes = frozenset(kinds)
        self.gaps = frozenset(code for code, kind in kinds.items() if kind in GAP_MEASURES)
        self.waves = frozenset(Wave.objects.filter(project=project).values_list("code", flat=True))

    def problems(self, text: str) -> tuple[CitedProblem, ...]:
        return cited_problems(text, codes=self.codes, gaps=self.gaps, waves=self.waves)


def lost_citations(project: Project) -> tuple[Lost, ...]:
    """References of stored texts that lead nowhere any more. Four queries at most."""
    texts = [
        (kind, place, language, text)
        for kind, rows in (
            ("agenda", AgendaQuestion.objects.filter(project=project)),
            ("paragraph", Paragraph.objects.filter(project=project)),
        )
        for place, *found in rows.values_list(*_columns(kind))
        for language, text in zip(LANGUAGES, found, strict=True)
        if "{" in text
    ]
    if not texts:
        return ()
    known = Citable(project)
    return tuple(
        Lost(kind, place, language, problem.reference)
        for kind, place, language, text in texts
        for problem in known.problems(text)
    )


def _columns(kind: str) -> tuple[str, ...]:
    key, stem = ("code", "conclusion") if kind == "agenda" else ("place", "text")
    return (key, *(f"{stem}_{language}" for language in LANGUAGES))
