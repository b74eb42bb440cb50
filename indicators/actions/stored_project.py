"""A stored project as the definition its files would give: what a load wrote, read back."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

from indicators.actions.stored_definitions import (
    index_definition,
    item_definition,
    scale_definition,
)
from indicators.models import (
    CompositeIndex,
    IndexItem,
    Indicator,
    Instrument,
    Item,
    ItemVersion,
    Measure,
    Project,
    Scale,
    Target,
    Wave,
    WaveInstrument,
    WordingDecision,
)
from indicators.pipeline.framework_shapes import (
    IndexDefinition,
    IndicatorDefinition,
    InstrumentDefinition,
    ItemDefinition,
    ItemVersionDefinition,
    MeasureDefinition,
    ProjectDefinition,
    ProjectHead,
    ScaleDefinition,
    TargetDefinition,
    WaveDefinition,
)
from indicators.pipeline.wording import QuestionAsked
from indicators.vocabulary import (
    BaselinePolicy,
    Direction,
    Level,
    MeasureKind,
    Respondent,
    Selection,
    TargetType,
    WaveKind,
)


def stored_project(project: Project, *, with_rest: bool = True) -> ProjectDefinition:
    """Everything of the framework: what the register of schools and the forms say is left out, but
    for the questions. `with_rest`: with waves, targets and reworded questions too.

    Measures are those of indicators. A dozen queries.
    """
    indicators = _indicators(project)
    names = (project.name_ky, project.name_ru, project.name_en)
    return ProjectDefinition(
        head=ProjectHead(project.code, names, project.reference_date),
        categories=(),
        schools=(),
        strata=(),
        scales=_scales(project),
        instruments=_instruments(project, with_versions=with_rest),
        waves=_waves(project) if with_rest else (),
        indices=_indices(project),
        measures=tuple({one.measure.code: one.measure for one in indicators}.values()),
        indicators=indicators,
        targets=_targets(project) if with_rest else (),
        agenda=(),  # a file of its own
        files={},
        notices=(),
    )


def _scales(project: Project) -> tuple[ScaleDefinition, ...]:
    rows = Scale.objects.filter(project=project).prefetch_related("options").order_by("pk")
    return tuple(
        replace(
            scale_definition(row),
            notes={option.name: option.note for option in row.options.all() if option.note},
        )
        for row in rows
    )


def _instruments(project: Project, *, with_versions: bool) -> tuple[InstrumentDefinition, ...]:
    items: dict[int, list[ItemDefinition]] = defaultdict(list)
    rows = Item.objects.filter(instrument__project=project).select_related(
        "instrument", "scale", "block"
    )
    for row in rows.prefetch_related("scale__options"):
        items[row.instrument_id].append(replace(item_definition(row), position=row.position))
    versions = _item_versions(project) if with_versions else {}
    return tuple(
        InstrumentDefinition(
            code=row.code,
            respondent=Respondent(row.respondent),
            names=(row.name_ky, row.name_ru, row.name_en),
            is_anonymous=row.is_anonymous,
            allows_index=row.allows_index,
            limits=(row.limits_ky, row.limits_ru, row.limits_en),
            position=row.position,
            forms=(),
            blocks=(),
            items=tuple(items[row.pk]),
            item_versions=tuple(versions.get(row.pk, ())),
        )
        for row in Instrument.objects.filter(project=project).order_by("position", "code")
    )


def _item_versions(project: Project) -> dict[int, list[ItemVersionDefinition]]:
    """Wordings of the questions that have another name or a decision in one of their versions."""
    decided = {
        row.question_id: row.is_comparable  # ordered: the last one is the newest
        for row in WordingDecision.objects.filter(question__item__instrument__project=project)
    }
    rows = (
        ItemVersion.objects.filter(item__instrument__project=project)
        .select_related("item__instrument", "version")
        .order_by("item__instrument", "item__position", "item", "version__version")
    )
    told = {
        row.item_id for row in rows if row.pk in decided or row.name_in_version != row.item.name
    }
    found: dict[int, list[ItemVersionDefinition]] = defaultdict(list)
    for row in rows:
        if row.item_id in told:
            found[row.item.instrument_id].append(_item_version(row, decided.get(row.pk)))
    return found


def _item_version(row: ItemVersion, is_comparable: bool | None) -> ItemVersionDefinition:
    item = row.item
    asked = QuestionAsked(item.name, row.name_in_version, row.labels, item.kind, rule=row.relevant)
    return ItemVersionDefinition(
        instrument=item.instrument.code,
        version=row.version.version,
        item=item.name,
        name_in_version=row.name_in_version,
        is_required=row.is_required,
        is_comparable=is_comparable,
        position=row.position,
        note=row.note,
        asked=asked,
    )


def _waves(project: Project) -> tuple[WaveDefinition, ...]:
    uses: dict[int, list[WaveInstrument]] = defaultdict(list)
    rows = WaveInstrument.objects.filter(wave__project=project).select_related(
        "version__instrument"
    )
    order = ("version__instrument__position", "version__instrument__code", "version__version")
    for use in rows.order_by(*order):
        uses[use.wave_id].append(use)
    return tuple(
        WaveDefinition(
            code=row.code,
            kind=WaveKind(row.kind),
            names=(row.name_ky, row.name_ru, row.name_en),
            field_start=row.field_start,
            field_end=row.field_end,
            school_year=row.school_year,
            note=row.note,
            versions=tuple(
                (use.version.instrument.code, use.version.version) for use in uses[row.pk]
            ),
            position=row.position,
            selections={
                use.version.instrument.code: Selection(use.selection) for use in uses[row.pk]
            },
        )
        for row in Wave.objects.filter(project=project).order_by("position")
    )


def _indices(project: Project) -> tuple[IndexDefinition, ...]:
    items: dict[int, list[IndexItem]] = defaultdict(list)
    rows = IndexItem.objects.filter(index__instrument__project=project).select_related("item")
    for link in rows.order_by("index", "position", "pk"):
        items[link.index_id].append(link)
    indices = CompositeIndex.objects.filter(instrument__project=project)
    return tuple(
        replace(
            index_definition(row),
            items=tuple(link.item.name for link in items[row.pk]),
            reversed_items=frozenset(link.item.name for link in items[row.pk] if link.is_reversed),
            rescaled=_pair(row.rescaled_min, row.rescaled_max),
            positive_codes=tuple(row.positive_codes),
        )
        for row in indices.select_related("instrument").order_by("position", "pk")
    )


def _pair(low: float | None, high: float | None) -> tuple[float, float] | None:
    return None if low is None or high is None else (low, high)


def _indicators(project: Project) -> tuple[IndicatorDefinition, ...]:
    rows = Indicator.objects.filter(project=project).select_related(
        "measure__index", "measure__item__instrument", "measure__second_item__instrument"
    )
    return tuple(indicator_definition(row) for row in rows.order_by("position", "pk"))


def indicator_definition(row: Indicator) -> IndicatorDefinition:
    """Needs `select_related` of the measure's index, items and their questionnaires."""
    return IndicatorDefinition(
        code=row.code,
        names=(row.name_ky, row.name_ru, row.name_en),
        definitions=(row.definition_ky, row.definition_ru, row.definition_en),
        measure=measure_definition(row.measure),
        position=row.position,
        level=Level(row.level),
        respondent=row.respondent,
        unit=row.unit,
        direction=Direction(row.direction),
        disaggregation=tuple(row.disaggregation),
        responsible=(row.responsible_ky, row.responsible_ru, row.responsible_en),
        frequency=row.frequency,
        baseline_policy=BaselinePolicy(row.baseline_policy),
        decimals=row.decimals,
        is_headline=row.is_headline,
        is_descriptive=row.is_descriptive,
        is_context=row.is_context,
        has_response_shift=row.has_response_shift,
        margin=row.margin,
        note=row.note,
    )


def measure_definition(row: Measure) -> MeasureDefinition:
    return MeasureDefinition(
        code=row.code,
        kind=MeasureKind(row.kind),
        index=row.index.code if row.index else "",
        item=_key(row.item),
        second_item=_key(row.second_item),
        codes=tuple(row.codes),
        option=row.option,
        source=row.source,
    )


def _key(item: Item | None) -> tuple[str, str] | None:
    return (item.instrument.code, item.name) if item else None


def _targets(project: Project) -> tuple[TargetDefinition, ...]:
    rows = Target.objects.filter(indicator__project=project).select_related(
        "indicator", "school", "wave"
    )
    order = ("indicator__position", "indicator", "wave__position", "school__code")
    found = sorted(rows.order_by(*order), key=lambda row: row.school is not None)
    return tuple(
        TargetDefinition(
            indicator=row.indicator.code,
            school=row.school.code if row.school else "",
            wave=row.wave.code,
            type=TargetType(row.type),
            low=row.low,
            high=row.high,
            rationale=row.rationale,
        )
        for row in found
    )
