"""A project's definition as the rows of its framework workbook: the way back from `framework`.

Reading what is written here gives the same definition. Columns beyond those of a workbook made by
hand (`response_shift`, `margin`, `rescaled_min`, `confirmed` ...) hold what else would be lost.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from indicators.pipeline.framework_indices import NO_INDEX
from indicators.pipeline.framework_shapes import (
    SELECTION,
    Catalogue,
    IndexDefinition,
    IndicatorDefinition,
    InstrumentDefinition,
    ItemVersionDefinition,
    MeasureDefinition,
    ProjectDefinition,
    ScaleDefinition,
    TargetDefinition,
    WaveDefinition,
)
from indicators.pipeline.framework_targets import (
    CHANGE_AT_LEAST,
    CHANGE_AT_MOST,
    SIDES,
    TargetFacts,
    facts_of,
    is_outside_scale,
    why_no_target,
)
from indicators.pipeline.shapes import Labels
from indicators.vocabulary import Direction, MeasureKind, TargetType

Cell = str | int | float | date | None
Row = Mapping[str, Cell]

LANGUAGES = ("ky", "ru", "en")
_RANGE_END = ".."


@dataclass(frozen=True, slots=True)
class Table:
    """One sheet. A row has a cell for every column, in any order."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]


def framework_tables(definition: ProjectDefinition) -> tuple[Table, ...]:
    """The sheets in the order of a framework workbook. Targets the loader would refuse (of an
    indicator that may have none any more) are left out: a load leaves them as they are.
    """
    catalogue = catalogue_of(definition)
    facts = {one.code: facts_of(one, catalogue) for one in definition.indicators}
    instruments = definition.instruments
    selections = {one.code: one for one in instruments}
    return (
        Table("waves", WAVES, tuple(_wave(one, selections) for one in definition.waves)),
        Table("scales", SCALES, tuple(row for one in definition.scales for row in _scale(one))),
        Table(
            "indices",
            INDICES,
            (*map(index_row, definition.indices), *_limits(instruments)),
        ),
        Table("indicators", INDICATORS, tuple(map(indicator_row, definition.indicators))),
        Table("targets", TARGETS, tuple(_targets(definition.targets, facts))),
        Table(
            "item_versions",
            ITEM_VERSIONS,
            tuple(_item_version(row) for one in instruments for row in one.item_versions),
        ),
    )


def catalogue_of(definition: ProjectDefinition) -> Catalogue:
    """What the indices and indicators of this definition may refer to."""
    return Catalogue(
        items={(one.code, item.name): item for one in definition.instruments for item in one.items},
        scales={scale.code: scale for scale in definition.scales},
        indices={index.code: index for index in definition.indices},
    )


WAVES = (
    "code", "kind", "name_ky", "name_ru", "name_en", "field_start", "field_end", "school_year",
    "instrument_versions", "selections", "note",
)  # fmt: skip


def _wave(one: WaveDefinition, instruments: Mapping[str, InstrumentDefinition]) -> Row:
    unusual = {
        code: selection
        for code, selection in one.selections.items()
        if code in instruments and selection is not SELECTION[instruments[code].respondent]
    }
    return {
        "code": one.code,
        "kind": one.kind.value,
        **_labels("name", one.names),
        "field_start": one.field_start,
        "field_end": one.field_end,
        "school_year": one.school_year,
        "instrument_versions": "; ".join(" ".join(pair) for pair in one.versions),
        "selections": "; ".join(f"{code} {selection}" for code, selection in unusual.items()),
        "note": one.note,
    }


SCALES = (
    "scale", "name", "code", "label_ky", "label_ru", "label_en", "substantive", "note",
)  # fmt: skip


def _scale(scale: ScaleDefinition) -> Iterator[Row]:
    for option in scale.options:
        yield {
            "scale": scale.code,
            "name": option.name,
            "code": option.code,
            **_labels("label", option.labels),
            "substantive": _yes(option.is_substantive),
            "note": scale.notes.get(option.name, ""),
        }


INDICES = (
    "code", "instrument", "name_ky", "name_ru", "name_en", "items", "reverse_items", "statistic",
    "positive_codes", "scale_min", "scale_max", "min_answered_share", "rescale", "rescaled_min",
    "rescaled_max", "allowed", "note",
)  # fmt: skip


def index_row(one: IndexDefinition) -> Row:
    low, high = one.rescaled or (None, None)
    return {
        "code": one.code,
        "instrument": one.instrument,
        **_labels("name", one.names),
        "items": " ".join(one.items),
        "reverse_items": " ".join(name for name in one.items if name in one.reversed_items),
        "statistic": one.statistic,
        "positive_codes": _joined(one.positive_codes),
        "scale_min": number(one.scale_min),
        "scale_max": number(one.scale_max),
        "min_answered_share": number(one.min_answered_share),
        "rescale": "",
        "rescaled_min": number(low),
        "rescaled_max": number(high),
        "allowed": "yes",
        "note": one.note,
    }


def _limits(instruments: Iterable[InstrumentDefinition]) -> Iterator[Row]:
    """The questionnaires no index may be built from, with the reason in place of a name."""
    empty = dict.fromkeys(INDICES, "")
    for one in instruments:
        if not one.allows_index:
            own = {"code": NO_INDEX, "instrument": one.code, "allowed": "no"}
            yield {**empty, **own, **_labels("name", one.limits)}


INDICATORS = (
    "code", "name_ky", "name_ru", "name_en", "definition_ky", "definition_ru", "definition_en",
    "level", "instrument", "items", "statistic", "codes", "unit", "direction", "disaggregation",
    "responsible", "responsible_ky", "responsible_ru", "responsible_en", "frequency",
    "baseline_policy", "decimals", "margin", "descriptive_only", "context_only", "response_shift",
    "note", "headline",
)  # fmt: skip


def indicator_row(one: IndicatorDefinition) -> Row:
    items, codes = measured(one.measure)
    return {
        "code": one.code,
        **_labels("name", one.names),
        **_labels("definition", one.definitions),
        "level": one.level.value,
        "instrument": one.respondent,
        "items": items,
        "statistic": one.measure.kind.value,
        "codes": codes,
        "unit": one.unit,
        "direction": one.direction.value,
        "disaggregation": ";".join(one.disaggregation),
        "responsible": "",
        **_labels("responsible", one.responsible),
        "frequency": one.frequency,
        "baseline_policy": one.baseline_policy.value,
        "decimals": one.decimals,
        "margin": number(one.margin),
        "descriptive_only": _yes(one.is_descriptive),
        "context_only": _yes(one.is_context),
        "response_shift": _yes(one.has_response_shift),
        "note": one.note,
        "headline": _yes(one.is_headline),
    }


def measured(measure: MeasureDefinition) -> tuple[str, str]:
    """The columns `items` and `codes` of a measure; `framework_measures.measure_of` reads them."""
    if measure.kind is MeasureKind.INDEX_MEAN:
        return measure.index, ""
    names = [item[1] for item in (measure.item, measure.second_item) if item is not None]
    if measure.kind is MeasureKind.OPTION_SHARE:
        return names[0], measure.option
    return " - ".join(names) or measure.source, _joined(measure.codes)


TARGETS = (
    "indicator", "scope", "school_code", "wave", "target_type", "target_value", "confirmed",
    "note",
)  # fmt: skip


def _targets(
    targets: Iterable[TargetDefinition], facts: Mapping[str, TargetFacts]
) -> Iterator[Row]:
    for one in targets:
        about = facts[one.indicator]
        if why_no_target(about) is None:
            yield {
                "indicator": one.indicator,
                "scope": "school" if one.school else "project",
                "school_code": one.school,
                "wave": one.wave,
                "target_type": _target_type(one, about.direction),
                "target_value": _target_value(one, about),
                "confirmed": "yes" if is_outside_scale(one, about) else "",
                "note": one.rationale,
            }


def _target_type(one: TargetDefinition, direction: Direction) -> str:
    """A change takes its side from the indicator's direction, unless it goes another way."""
    if one.type is not TargetType.CHANGE:
        return one.type.value
    is_low = one.low is not None
    limit = one.low if one.low is not None else one.high
    assert limit is not None  # noqa: S101  # the database asks for one of the two
    usual = SIDES.get(direction) is (TargetType.AT_LEAST if is_low else TargetType.AT_MOST)
    if usual and limit != 0 and (limit > 0) is is_low:
        return TargetType.CHANGE.value
    return CHANGE_AT_LEAST if is_low else CHANGE_AT_MOST


def _target_value(one: TargetDefinition, facts: TargetFacts) -> Cell:
    """Shares in percent; a range is one text."""
    limits = [
        Decimal(repr(limit)) * (100 if facts.is_percent else 1)
        for limit in (one.low, one.high)
        if limit is not None
    ]
    if one.type is TargetType.RANGE:
        return _RANGE_END.join(f"{limit.normalize():f}" for limit in limits)
    return number(float(limits[0]))


ITEM_VERSIONS = ("item", "instrument", "version", "name_in_version", "comparable", "note")
_COMPARABLE = {None: "base", True: "yes", False: "no"}


def _item_version(one: ItemVersionDefinition) -> Row:
    return {
        "item": one.item,
        "instrument": one.instrument,
        "version": one.version,
        "name_in_version": one.name_in_version,
        "comparable": _COMPARABLE[one.is_comparable],
        "note": one.note,
    }


def number(value: float | None) -> Cell:
    """As a workbook can hold it: it keeps 16 digits, so a longer number becomes a text."""
    if value is None:
        return None
    if value == int(value):
        return int(value)
    return value if float(f"{value:.16g}") == value else f"{Decimal(repr(value)):f}"


def _labels(stem: str, labels: Labels) -> dict[str, Cell]:
    return {f"{stem}_{code}": text for code, text in zip(LANGUAGES, labels, strict=True)}


def _joined(codes: Iterable[int | str]) -> str:
    return ",".join(str(code) for code in codes)


def _yes(value: bool) -> str:
    return "yes" if value else "no"
