"""Definitions from the database as specs for the pipeline: schools, waves, measures."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from indicators.models import (
    Indicator,
    Item,
    Measure,
    Project,
    ScaleOption,
    School,
    SchoolCategory,
    Stratum,
    Wave,
)
from indicators.pipeline.inputs import FactSpec, QuestionSpec
from indicators.pipeline.shapes import (
    GapSpec,
    GroupSpec,
    MeasureSpec,
    SchoolSpec,
    StratumSpec,
    WaveSpec,
)
from indicators.queries.wording import comparable_items
from indicators.vocabulary import (
    ANSWERED_KINDS,
    BACKGROUND_BLOCK,
    GAP_MEASURES,
    SURVEY_MEASURES,
    BaselinePolicy,
    ItemKind,
    MeasureKind,
    Respondent,
)

SCHOOL_ATTRIBUTES = ("language", "settlement", "oblast")
BY_SEX = "sex"
MIX_OF_STUDENTS = ("grade", BY_SEX)
PERCENT_POSITIVE = "percent_positive"
GRADE, CLASS = "_grade", "_class"  # how the names of these items end


def school_specs(project: Project) -> dict[str, SchoolSpec]:
    """All schools by code, each with the first code of its line."""
    schools = {
        school.pk: school
        for school in School.objects.filter(project=project).prefetch_related("aliases")
    }

    def first_code(school: School) -> str:
        while school.continues_id is not None:
            school = schools[school.continues_id]
        return school.code

    return {
        school.code: SchoolSpec(
            code=school.code,
            names=tuple(
                name
                for name in (
                    school.name_ky,
                    school.name_ru,
                    school.name_en,
                    *(alias.text for alias in school.aliases.all()),
                )
                if name
            ),
            lineage=first_code(school),
            n_students=school.n_students,
            n_teachers=school.n_teachers,
            attributes={
                "language": school.languages,
                "settlement": school.settlement,
                "oblast": school.oblast,
            },
            stratum=school.stratum,
        )
        for school in schools.values()
    }


def stratum_specs(project: Project) -> dict[str, StratumSpec]:
    """The strata of a sample of schools by code."""
    rows = Stratum.objects.filter(project=project).select_related("merged_into")
    return {
        row.code: StratumSpec(
            row.code, row.n_schools, row.merged_into.code if row.merged_into else ""
        )
        for row in rows
    }


def wave_specs(project: Project) -> tuple[WaveSpec, ...]:
    return tuple(
        WaveSpec(wave.code, wave.position, wave.field_start, wave.field_end)
        for wave in Wave.objects.filter(project=project)
    )


@dataclass(slots=True)
class Definitions:
    """Every measure of a project as a spec."""

    measures: tuple[MeasureSpec, ...] = ()
    gaps: tuple[GapSpec, ...] = ()
    group_gaps: tuple[GapSpec, ...] = ()
    facts: tuple[FactSpec, ...] = ()
    class_items: dict[str, str] = field(default_factory=dict)
    with_classes: frozenset[str] = frozenset()
    headline: frozenset[str] = frozenset()
    questionnaires: dict[str, str] = field(default_factory=dict)
    questions: tuple[QuestionSpec, ...] = ()
    # (questionnaire, question, the earlier one it carries on)
    links: tuple[tuple[str, str, str], ...] = ()


def definitions(
    project: Project, measure: str | None = None, catalogue: Catalogue | None = None
) -> Definitions:
    """All measures, or one with those it is the gap of; the rest of the register stays whole.

    Nine queries at most, whatever the number of indicators; three with a `catalogue` read before.
    """
    catalogue = catalogue or Catalogue(project)
    catalogue.read_indicators()
    rows = list(
        Measure.objects.filter(project=project)
        .select_related("item__instrument", "second_item", "index__instrument")
        .prefetch_related("index__index_items__item")
    )
    gap_rows = [row for row in rows if row.kind in GAP_MEASURES]
    gaps = tuple(catalogue.gap(row) for row in gap_rows if measure in (None, row.code))
    wanted = {measure, *(side for gap in gaps for side in (gap.first, gap.second))}
    surveys = [
        catalogue.measure(row)
        for row in rows
        if row.kind in SURVEY_MEASURES and (measure is None or row.code in wanted)
    ]
    by_sex = {gap.first for gap in gaps if gap.group_by == BY_SEX}
    surveys = [
        catalogue.with_group(spec, BY_SEX) if spec.code in by_sex else spec for spec in surveys
    ]
    class_items = catalogue.class_items()
    return Definitions(
        measures=tuple(surveys),
        gaps=gaps,
        group_gaps=tuple(gap for spec in surveys for gap in catalogue.group_gaps(spec)),
        facts=tuple(
            catalogue.fact(row)
            for row in rows
            if row.kind not in SURVEY_MEASURES and row.kind not in GAP_MEASURES
        ),
        class_items=class_items,
        with_classes=frozenset(i for i, item in class_items.items() if item.endswith(CLASS)),
        headline=frozenset(
            row.code for row in rows if any(i.is_headline for i in catalogue.by_measure[row.pk])
        ),
        questionnaires={
            row.code: catalogue.by_measure[row.pk][0].respondent
            for row in rows
            if catalogue.by_measure[row.pk]
        },
        questions=catalogue.questions({r.item_id for r in rows if r.kind == MeasureKind.ITEM_MEAN}),
        links=catalogue.links(),
    )


class Catalogue:
    """Items, options and versions of a project, fetched once; its indicators whenever asked."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.items = list(
            Item.objects.filter(instrument__project=project)
            .select_related("instrument", "scale", "block")
            .prefetch_related("scale__options")
        )
        names = {item.pk: item.name for item in self.items}
        # A question that carries on another is read, and counted once, under the earlier name.
        self.series = {item.pk: names[item.continues_id or item.pk] for item in self.items}
        self.by_measure: dict[int, list[Indicator]] = defaultdict(list)
        self.comparable = comparable_items(project)
        self.categories: dict[str, list[str]] = defaultdict(list)
        for category in SchoolCategory.objects.filter(project=project):
            self.categories[category.field].append(category.code)

    def read_indicators(self) -> None:
        self.by_measure.clear()
        for indicator in Indicator.objects.filter(project=self.project):
            self.by_measure[indicator.measure_id].append(indicator)

    def links(self) -> tuple[tuple[str, str, str], ...]:
        return tuple(
            sorted(
                (item.instrument.code, item.name, self.series[item.pk])
                for item in self.items
                if item.continues_id is not None
            )
        )

    def questions(self, ordered: set[int | None]) -> tuple[QuestionSpec, ...]:
        """Every question with answers worth counting; `ordered`: keys of those that have a mean."""
        return tuple(
            QuestionSpec(
                instrument=item.instrument.code,
                name=item.name,
                kind=ItemKind(item.kind),
                options=tuple(option.code for option in _options(item)),
                scored=frozenset(o.code for o in _options(item) if o.is_substantive),
                is_ordered=item.kind == ItemKind.SCALE and item.pk in ordered,
            )
            for item in self.items
            if _is_counted(item)
        )

    def measure(self, row: Measure) -> MeasureSpec:
        indicators = self.by_measure[row.pk]
        spec = self._of_index(row) if row.index is not None else self._of_item(row)
        wanted = {name for indicator in indicators for name in indicator.disaggregation}
        spec = replace(
            spec,
            mix=self._mix(spec),
            common_items=tuple(name for name in spec.items if self._is_comparable(spec, name)),
            keeps_schools="school" in wanted,
            keeps_counts=row.kind == MeasureKind.ITEM_MEAN,
            margin=next((i.margin for i in indicators if i.margin is not None), None),
        )
        for name in sorted(wanted - {"school"}):
            spec = self.with_group(spec, name)
        return spec

    def _mix(self, spec: MeasureSpec) -> tuple[GroupSpec, ...]:
        """Students of another wave are others: their grades and sexes are watched."""
        if spec.respondent is not Respondent.STUDENT:
            return ()
        groups = (self._by_item(spec.instrument, name) for name in MIX_OF_STUDENTS)
        return tuple(group for group in groups if group is not None)

    def _is_comparable(self, spec: MeasureSpec, name: str) -> bool:
        return (spec.instrument, name) in self.comparable

    def _of_index(self, row: Measure) -> MeasureSpec:
        index = row.index
        assert index is not None  # noqa: S101  # chosen by the caller; narrows the type
        if index.statistic == PERCENT_POSITIVE and not index.positive_codes:
            raise ValueError(f"index {index.code}: say which answers are positive")
        members = list(index.index_items.all())
        return MeasureSpec(
            code=row.code,
            kind=MeasureKind(row.kind),
            instrument=index.instrument.code,
            respondent=Respondent(index.instrument.respondent),
            items=tuple(dict.fromkeys(self.series[member.item_id] for member in members)),
            scale=(index.scale_min, index.scale_max),
            reversed_items=frozenset(self.series[m.item_id] for m in members if m.is_reversed),
            min_share=index.min_answered_share,
            positive_codes=frozenset(int(code) for code in index.positive_codes),
            unscored_codes=self._unscored({member.item_id for member in members}),
        )

    def _unscored(self, items: set[int]) -> frozenset[int]:
        """Codes of the items' options that are no answer. The items of an index share a scale."""
        return frozenset(
            option.code
            for item in self.items
            if item.pk in items and item.scale is not None
            for option in item.scale.options.all()
            if not option.is_substantive
        )

    def _of_item(self, row: Measure) -> MeasureSpec:
        if row.item is None:
            raise ValueError(f"measure {row.code} names neither an index nor an item")
        item = next(item for item in self.items if item.pk == row.item_id)
        options = _options(item)
        names = [option.name for option in options]
        return MeasureSpec(
            code=row.code,
            kind=MeasureKind(row.kind),
            instrument=item.instrument.code,
            respondent=Respondent(item.instrument.respondent),
            items=(self.series[item.pk],),
            codes=frozenset(int(code) for code in row.codes),
            option=names.index(row.option) if row.option else None,
            unscored_codes=frozenset(o.code for o in options if not o.is_substantive),
            scale=_range([o.code for o in options if o.is_substantive]),
        )

    def with_group(self, spec: MeasureSpec, name: str) -> MeasureSpec:
        """`spec` broken down by a school attribute or by the item that asks for it."""
        if any(group.name == name for group in spec.groups):
            return spec
        if name in SCHOOL_ATTRIBUTES:
            return replace(spec, groups=(*spec.groups, GroupSpec(name)))
        group = self._by_item(spec.instrument, name)
        return spec if group is None else replace(spec, groups=(*spec.groups, group))

    def _by_item(self, instrument: str, name: str) -> GroupSpec | None:
        item = self._background(instrument, name)
        if item is None or item.scale is None:
            return None
        codes = {option.code: option.name for option in item.scale.options.all()}
        return GroupSpec(name, item.name, codes)

    def _background(self, instrument: str, name: str) -> Item | None:
        """The item of a questionnaire that asks for a breakdown, for example s_sex for sex."""
        return next(
            (
                item
                for item in self.items
                if item.instrument.code == instrument
                and item.kind == ItemKind.SCALE
                and item.name.partition("_")[2] == name
            ),
            None,
        )

    def group_gaps(self, spec: MeasureSpec) -> Iterable[GapSpec]:
        """Girls and boys, and the two kinds of schools where an attribute has just two."""
        for group in spec.groups:
            keys = list(group.codes.values())[:2] if group.name == BY_SEX else []
            if not group.item and len(self.categories[group.name]) == 2:
                keys = self.categories[group.name]
            if len(keys) == 2:
                yield GapSpec(
                    *(spec.code, MeasureKind.GROUP_GAP, spec.code, spec.code),
                    group_by=group.name,
                    first_group=keys[0],
                    second_group=keys[1],
                )

    def gap(self, row: Measure) -> GapSpec:
        margin = next((i.margin for i in self.by_measure[row.pk] if i.margin is not None), None)
        if row.item is None:
            raise ValueError(f"gap {row.code} names no item")
        first = f"item:{row.item.name}"
        if row.second_item is not None:
            second = f"item:{row.second_item.name}"
            return GapSpec(row.code, MeasureKind(row.kind), first, second, margin=margin)
        asked = self._background(row.item.instrument.code, BY_SEX)
        if asked is None or asked.scale is None:
            raise ValueError(f"gap {row.code}: the questionnaire does not ask for the sex")
        groups = [option.name for option in asked.scale.options.all()]
        return GapSpec(
            row.code,
            MeasureKind(row.kind),
            first,
            first,
            group_by=BY_SEX,
            first_group=groups[0],
            second_group=groups[1],
            margin=margin,
        )

    def fact(self, row: Measure) -> FactSpec:
        indicators = self.by_measure[row.pk]
        policy = indicators[0].baseline_policy if indicators else BaselinePolicy.MEASURED
        return FactSpec(
            code=row.code,
            kind=MeasureKind(row.kind),
            source=row.source,
            codes=frozenset(str(code) for code in row.codes),
            baseline_policy=BaselinePolicy(policy),
            indicator=indicators[0].code if indicators else "",
            keeps_schools=any("school" in i.disaggregation for i in indicators),
        )

    def class_items(self) -> dict[str, str]:
        """Students answer as whole classes; where none is asked for, the grade stands for it."""
        return {
            item.instrument.code: item.name
            for ending in (GRADE, CLASS)  # the latter replaces the former
            for item in self.items
            if item.instrument.respondent == Respondent.STUDENT and item.name.endswith(ending)
        }


def _is_counted(item: Item) -> bool:
    is_name = (
        item.kind == ItemKind.TEXT
        and item.block is not None
        and item.block.code == BACKGROUND_BLOCK
    )
    return item.kind in ANSWERED_KINDS and item.continues_id is None and not is_name


def _options(item: Item) -> list[ScaleOption]:
    return list(item.scale.options.all()) if item.scale is not None else []


def _range(codes: list[int]) -> tuple[float, float] | None:
    return (float(min(codes)), float(max(codes))) if codes else None
