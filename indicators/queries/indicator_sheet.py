"""Everything stored about one indicator in one run."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from django.db.models import Q

from indicators.models import (
    Assessment,
    Change,
    Estimate,
    Gap,
    School,
)
from indicators.models.base import in_language
from indicators.queries.components import composition
from indicators.queries.field_log import fieldwork_checks
from indicators.queries.index_quality import index_quality, pattern_tests
from indicators.queries.notes import quote_of, visible_notes
from indicators.queries.provenance import records, sources
from indicators.queries.questions import BY_SCHOOL, Questions
from indicators.queries.results import (
    gaps_of,
    indicator_head,
    level_of,
    move_of,
    optional,
    standing_of,
    status_of,
)
from indicators.queries.school_filter import narrowed, school_categories, school_choices
from indicators.queries.small_groups import hide_beside_one, is_hidden
from indicators.queries.versions import as_defined_at
from indicators.queries.waves import wave_pair
from indicators.results import (
    PEOPLE,
    FieldworkChecks,
    GroupGap,
    GroupRow,
    IndicatorHead,
    ItemAnswers,
    Level,
    Line,
    Quote,
    Reference,
    SchoolChoices,
    SchoolFilter,
    SchoolRow,
    Sheet,
    Source,
    TargetRow,
    WavePair,
)
from indicators.vocabulary import MeasureKind, Scope

if TYPE_CHECKING:
    from indicators.access import Visit
    from indicators.models import Indicator, Run, SchoolCategory

PER_PAGE = 50


def indicator_sheet(
    *, visit: Visit, indicator: Indicator, run: Run, wanted: SchoolFilter, page: int = 1
) -> Sheet:
    """Thirteen queries or fewer, whatever the number of schools. `wanted` narrows the schools.

    `indicator` with `select_related("measure__index", "measure__item", "measure__second_item")`.
    """
    return _Reader(visit, indicator, run, wanted).sheet(page)


class _Reader:
    """The rows of one indicator, each kind fetched once."""

    def __init__(self, visit: Visit, indicator: Indicator, run: Run, wanted: SchoolFilter) -> None:
        self.visit, self.indicator, self.run = visit, indicator, run
        self.wanted = wanted
        self.min_group = visit.min_group
        self.version = as_defined_at(indicator, run.finished_at)
        self.measure = indicator.measure
        self.head: IndicatorHead = indicator_head(indicator)
        self.waves: WavePair = wave_pair(project=visit.project, run=run)
        self.questions = Questions(indicator)
        self.changes: dict[tuple[str, str], Change] = {}

    @cached_property
    def categories(self) -> list[SchoolCategory]:
        return school_categories(self.visit.project)

    def sheet(self, page: int) -> Sheet:
        estimates = self._estimates()
        targets = self._targets(estimates)
        self.changes, schools = self._changes(page)
        line = self._line(estimates, targets)
        groups = self._groups(estimates)
        return Sheet(
            line=line,
            waves=self.waves,
            reference=self._reference(),
            version=self.version,
            answers=self._answers(estimates),
            groups=groups,
            gaps=self._gaps(groups),
            schools=schools[:PER_PAGE],
            page=page,
            has_next_page=len(schools) > PER_PAGE,
            choices=self._choices(),
            targets=targets,
            quotes=self._quotes(),
            sources=self._sources(),
            records=records(self.run, self.head.respondent),
            quality=index_quality(
                run=self.run,
                measure=self.measure,
                waves=self.waves,
                questions=self.questions,
                min_group=self.min_group,
            ),
            composition=composition(
                run=self.run,
                measure=self.measure,
                waves=self.waves,
                questions=self.questions,
                levels=(line.baseline, line.endline),
                difference=line.change.difference if line.change else None,
                min_group=self.min_group,
            ),
        )

    def _choices(self) -> SchoolChoices:
        """A director sees the own schools only: nothing to choose, and no query."""
        is_bound = self.visit.role.is_bound_to_schools
        return school_choices(() if is_bound else self.categories)

    def _estimates(self) -> dict[tuple[int, int, str, str], Estimate]:
        """Project and groups of the measure, and the levels of its questions one by one."""
        asked = Q(measure__kind=MeasureKind.ITEM_MEAN, scope=Scope.PROJECT) & Q(
            measure__item__in=self.questions.ids
        )
        rows = Estimate.objects.filter(
            Q(measure=self.measure) | asked,
            run=self.run,
            scope__in=(Scope.PROJECT, Scope.GROUP),
            wave__in=self.waves.ids,
        ).order_by()
        self.item_measures: dict[int, int] = {}
        found = {}
        for row in rows.select_related("measure"):
            found[row.measure_id, row.wave_id, row.group_by, row.group] = row
            if row.measure.kind == MeasureKind.ITEM_MEAN and row.measure.item_id:
                self.item_measures[row.measure.item_id] = row.measure_id
        return found

    def _level(
        self,
        estimates: dict[tuple[int, int, str, str], Estimate],
        wave: str,
        measure: int,
        kind: str,
        *group: str,
    ) -> Level | None:
        head = getattr(self.waves, wave)
        key = (measure, head.pk if head else 0, *(group or ("", "")))
        row = estimates.get(key)  # type: ignore[arg-type]
        limits = {"min_group": self.min_group, "min_schools": self.visit.min_schools}
        return None if row is None else level_of(row, kind=kind, **limits)

    def _line(
        self,
        estimates: dict[tuple[int, int, str, str], Estimate],
        targets: tuple[TargetRow, ...],
    ) -> Line:
        kind = self.head.kind
        target = targets[-1].standing if targets else None
        change = self.changes.get(("", ""))
        return Line(
            indicator=self.head,
            baseline=self._level(estimates, "baseline", self.measure.pk, kind),
            endline=self._level(estimates, "endline", self.measure.pk, kind),
            change=optional(move_of, change, kind, self.min_group),
            target=target,
            status=status_of(self.head, target),
        )

    def _changes(self, page: int) -> tuple[dict[tuple[str, str], Change], tuple[SchoolRow, ...]]:
        """Changes of the project and its groups; schools by code, one more than a page. One query.

        A director gets the own schools only.
        """
        waves = self.waves
        if waves.baseline is None or waves.endline is None:
            return {}, ()
        pair = Q(
            run=self.run,
            measure=self.measure,
            wave_from=waves.baseline.pk,
            wave_to=waves.endline.pk,
        )
        # Said as "with a school" and "without": then both indexes of unique changes serve.
        schools = Change.objects.filter(pair, school__isnull=False).order_by("school__code")
        if self.visit.role.is_bound_to_schools:
            schools = schools.filter(school__in=self.visit.own_school_ids)
        if self.wanted.is_active:
            fitting = narrowed(School.objects.filter(project=self.visit.project), self.wanted)
            schools = schools.filter(school__in=fitting.values("pk"))
        start = (page - 1) * PER_PAGE
        shown = schools.values("pk")[start : start + PER_PAGE + 1]
        found = list(
            Change.objects.filter((pair & Q(school__isnull=True)) | Q(pk__in=shown))
            .select_related("school")
            .order_by("school__code")
        )
        return {(row.group_by, row.group): row for row in found if row.school is None}, tuple(
            SchoolRow(
                code=row.school.code,
                name=row.school.name,
                change=move_of(row, kind=self.head.kind, min_group=self.min_group),
            )
            for row in found
            if row.school is not None
        )

    def _targets(
        self, estimates: dict[tuple[int, int, str, str], Estimate]
    ) -> tuple[TargetRow, ...]:
        rows = (
            Assessment.objects.filter(
                run=self.run, target__indicator=self.indicator, target__school__isnull=True
            )
            .select_related("target__wave")
            .order_by("target__wave__position")
        )
        bases = tuple(
            row.n
            for key, row in estimates.items()
            if key[0] == self.measure.pk and key[2:] == ("", "")
        )
        return tuple(
            TargetRow(
                wave=row.target.wave.name,
                standing=standing_of(
                    row, kind=self.head.kind, min_group=self.min_group, bases=bases
                ),
                rationale=_rationale(row),
            )
            for row in rows
        )

    def _answers(
        self, estimates: dict[tuple[int, int, str, str], Estimate]
    ) -> tuple[ItemAnswers, ...]:
        found = []
        tests = pattern_tests(
            run=self.run,
            measures=[
                self.item_measures[pk] for pk in self.questions.ids if pk in self.item_measures
            ],
            waves=self.waves,
            min_group=self.min_group,
        )
        for pk, question in self.questions.asked.items():
            measure = self.item_measures.get(pk)
            if measure is None or not question.options:
                continue
            kind = MeasureKind.ITEM_MEAN
            found.append(
                ItemAnswers(
                    name=question.name,
                    label=question.label,
                    options=tuple(question.options),
                    baseline=self._level(estimates, "baseline", measure, kind),
                    endline=self._level(estimates, "endline", measure, kind),
                    is_reversed=question.is_reversed,
                    test=tests.get(measure),
                )
            )
        return tuple(found)

    def _groups(self, estimates: dict[tuple[int, int, str, str], Estimate]) -> tuple[GroupRow, ...]:
        keys = dict.fromkeys(key[2:] for key in estimates if key[0] == self.measure.pk and key[2])
        labels = self._group_labels({group_by for group_by, _group in keys})
        order = list(labels)
        rows = [
            GroupRow(
                group_by=group_by,
                group=group,
                label=_label(labels, group_by, group),
                baseline=self._level(
                    estimates, "baseline", self.measure.pk, self.head.kind, group_by, group
                ),
                endline=self._level(
                    estimates, "endline", self.measure.pk, self.head.kind, group_by, group
                ),
                change=optional(
                    move_of, self.changes.get((group_by, group)), self.head.kind, self.min_group
                ),
            )
            for group_by, group in keys
        ]
        wanted = {name: place for place, name in enumerate(self.indicator.disaggregation)}

        def place(row: GroupRow) -> tuple[int, int, str]:
            key = (row.group_by, row.group)
            by_label = order.index(key) if key in labels else len(order)
            return wanted.get(row.group_by, len(wanted)), by_label, row.group

        return tuple(sorted(_without_lone_gaps(rows), key=place))

    def _group_labels(self, names: Iterable[str]) -> dict[tuple[str, str], str]:
        labels = dict(self.questions.group_labels)
        if BY_SCHOOL & set(names):
            labels |= {(row.field, row.code): row.label for row in self.categories}
        return labels

    def _gaps(self, groups: tuple[GroupRow, ...]) -> tuple[GroupGap, ...]:
        pair = (self.waves.baseline, self.waves.endline)
        hidden = {
            (wave.pk, group.group_by, group.group)
            for group in groups
            for wave, level in zip(pair, (group.baseline, group.endline), strict=True)
            if wave and is_hidden(level)
        }
        rows = Gap.objects.filter(
            run=self.run,
            measure=self.measure,
            wave__in=self.waves.ids,
            group_by__in=self.indicator.disaggregation,
        )
        rows = rows.order_by("wave__position")
        return gaps_of(rows, kind=self.head.kind, min_group=self.min_group, hidden=hidden)

    def _quotes(self) -> tuple[Quote, ...]:
        """Readers outside the team get those that an officer marked for them."""
        rows = visible_notes(self.visit).filter(indicator=self.indicator).select_related("wave")
        return tuple(map(quote_of, rows))

    def _sources(self) -> tuple[Source, ...]:
        """The files with the names of their wave and questionnaire, not the codes."""
        names = self.questions.instruments
        waves = {wave.code: wave.name for wave in (self.waves.baseline, self.waves.endline) if wave}
        return tuple(
            replace(row, wave=waves.get(row.wave, row.wave), instrument=names[row.instrument])
            for row in sources(self.run, instruments=frozenset(names))
        )

    def _reference(self) -> Reference:
        indicator = self.indicator
        return Reference(
            definition=indicator.definition,
            responsible=in_language(indicator, "responsible"),
            frequency=indicator.frequency,
            baseline_policy=indicator.baseline_policy,
            kind=self.measure.kind,
            level=indicator.level,
            note=indicator.note,
            limits=self.questions.limits,
            disaggregation=tuple(indicator.disaggregation),
            fieldwork=self._fieldwork(),
        )

    def _fieldwork(self) -> tuple[FieldworkChecks, ...]:
        """Checks of the fieldwork among the people asked; logs and desk data have none."""
        asked = [one for one in self.indicator.respondent.split("+") if one in PEOPLE]
        heads = [one for one in (self.waves.baseline, self.waves.endline) if one]
        return fieldwork_checks(heads, asked) if asked else ()


def _rationale(row: Assessment) -> str:
    """Why the target is as it was judged; a target changed since has another reason."""
    target = row.target
    judged = (row.target_type, row.target_low, row.target_high)
    return target.rationale if (target.type, target.low, target.high) == judged else ""


def _label(labels: dict[tuple[str, str], str], group_by: str, group: str) -> str:
    """A group's label; several codes ("ky,ru") are joined."""
    if (group_by, group) in labels:
        return labels[group_by, group]
    return ", ".join(labels.get((group_by, part), part) for part in group.split(","))


def _without_lone_gaps(rows: list[GroupRow]) -> list[GroupRow]:
    """Groups of one breakdown add up to the whole: a single hidden one takes another along."""
    found = []
    for name in dict.fromkeys(row.group_by for row in rows):
        parts = [row for row in rows if row.group_by == name]
        then = hide_beside_one([row.baseline for row in parts])
        now = hide_beside_one([row.endline for row in parts])
        found += [
            replace(
                row,
                baseline=first,
                endline=second,
                change=None if is_hidden(first) or is_hidden(second) else row.change,
            )
            for row, first, second in zip(parts, then, now, strict=True)
        ]
    return found
