"""The register of indicators and the reference sheet of each."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from indicators.models import Assessment, Target
from indicators.models.base import in_language
from indicators.queries.notes import quote_of, visible_notes
from indicators.queries.project_overview import project_lines
from indicators.queries.provenance import records, sources
from indicators.queries.questions import Questions
from indicators.queries.results import indicator_head, indicator_heads, status_of
from indicators.queries.rules import rules_of
from indicators.queries.versions import as_defined_at
from indicators.queries.waves import wave_pair
from indicators.results import Line, Source, Standing, TargetRow, WavePair
from indicators.results.register import (
    Asked,
    IndexRule,
    Margins,
    MeasureRule,
    Register,
    RegisterSheet,
)
from indicators.roles import Permission

if TYPE_CHECKING:
    from indicators.access import Visit
    from indicators.models import CompositeIndex, Indicator, Measure, Project, Run


def project_register(*, project: Project, run: Run | None, min_group: int) -> Register:
    """All indicators with the results of `run`, if there is one. Five queries, one without."""
    heads = indicator_heads(project, run)
    if run is None:
        lines = tuple(Line(head, None, None, None, None, status_of(head, None)) for head in heads)
        return Register(lines, WavePair(None, None), is_measured=False)
    waves = wave_pair(project=project, run=run)
    found = project_lines(heads, run=run, waves=waves, min_group=min_group)
    return Register(found, waves, is_measured=True)


def register_sheet(*, visit: Visit, indicator: Indicator, run: Run | None) -> RegisterSheet:
    """Six queries. Those who see published results only see the definition and targets of then.

    `indicator` with `select_related("measure__index", "measure__item", "measure__second_item")`.
    """
    if run is not None and not visit.may(Permission.RESULT_VIEW_UNPUBLISHED):
        as_defined_at(indicator, run.finished_at)
    questions = Questions(indicator)
    head = indicator_head(indicator)
    return RegisterSheet(
        indicator=head,
        names=(indicator.name_ky, indicator.name_ru, indicator.name_en),
        definitions=(indicator.definition_ky, indicator.definition_ru, indicator.definition_en),
        responsible=in_language(indicator, "responsible"),
        frequency=indicator.frequency,
        baseline_policy=indicator.baseline_policy,
        disaggregation=tuple(indicator.disaggregation),
        note=indicator.note,
        limits=questions.limits,
        instruments=tuple(questions.instruments.values()),
        measure=_measure(indicator.measure),
        questions=tuple(
            Asked(one.name, one.label, tuple(one.options), one.is_reversed)
            for one in questions.asked.values()
        ),
        margins=_margins(visit.project, indicator, run),
        targets=_targets(visit, indicator, run),
        quotes=tuple(map(quote_of, visible_notes(visit).filter(indicator=indicator))),
        sources=_sources(run, questions, visit.project),
        records=records(run, head.respondent) if run else None,
        is_measured=run is not None,
    )


def _measure(measure: Measure) -> MeasureRule:
    return MeasureRule(
        code=measure.code,
        kind=measure.kind,
        codes=tuple(measure.codes),
        option=measure.option,
        source=measure.source,
        index=_index(measure.index) if measure.index else None,
    )


def _index(index: CompositeIndex) -> IndexRule:
    low, high = index.rescaled_min, index.rescaled_max
    return IndexRule(
        code=index.code,
        name=index.name,
        statistic=index.statistic,
        scale_min=index.scale_min,
        scale_max=index.scale_max,
        min_answered_share=index.min_answered_share,
        rescaled=None if low is None or high is None else (low, high),
        positive_codes=tuple(index.positive_codes),
        note=index.note,
    )


def _margins(project: Project, indicator: Indicator, run: Run | None) -> Margins:
    rules = rules_of(project, run)
    return Margins(indicator.margin, rules.margin_sd, rules.margin_share, rules.margin_nps)


def _targets(visit: Visit, indicator: Indicator, run: Run | None) -> tuple[TargetRow, ...]:
    """The project's targets wave by wave, those judged in the run with their status."""
    judged = {
        row.target_id: row
        for row in Assessment.objects.filter(
            run=run, target__indicator=indicator, target__school__isnull=True
        )
    }
    rows = Target.objects.filter(indicator=indicator, school__isnull=True).select_related("wave")
    sees_all = visit.may(Permission.RESULT_VIEW_UNPUBLISHED)
    return tuple(
        _target(row, judged.get(row.pk), sees_all)
        for row in rows.order_by("wave__position")
        if sees_all or row.pk in judged
    )


def _target(target: Target, found: Assessment | None, sees_all: bool) -> TargetRow:
    """Limits and status, without the numbers it rests on: those stand on the results page.

    A target that changed since the run has no status and, to readers of published results, still
    the limits that were judged.
    """
    limits = (target.type, target.low, target.high)
    then = (found.target_type, found.target_low, found.target_high) if found else None
    shown = limits if then is None or sees_all else then
    status = found.status if found and then == shown else ""
    rationale = target.rationale if shown == limits else ""
    return TargetRow(target.wave.name, Standing(None, target.wave_id, *shown, status), rationale)


def _sources(run: Run | None, questions: Questions, project: Project) -> tuple[Source, ...]:
    """The files of the run with the names of their wave and questionnaire, not the codes."""
    if run is None:
        return ()
    names = questions.instruments
    found = sources(run, instruments=frozenset(names))
    waves = {wave.code: wave.name for wave in project.waves.all()} if found else {}
    return tuple(
        replace(one, wave=waves.get(one.wave, one.wave), instrument=names[one.instrument])
        for one in found
    )
