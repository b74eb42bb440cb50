"""Stored items, scales and indices as the rules of the project's files expect them."""

from __future__ import annotations

from indicators.models import CompositeIndex, Item, Scale
from indicators.pipeline.framework_shapes import IndexDefinition, ItemDefinition, ScaleDefinition
from indicators.pipeline.shapes import OptionSpec
from indicators.vocabulary import ItemKind


def item_definition(row: Item) -> ItemDefinition:
    return ItemDefinition(
        instrument=row.instrument.code,
        name=row.name,
        kind=ItemKind(row.kind),
        labels=row.labels,
        scale=row.scale.code if row.scale else "",
        block=row.block.code if row.block else "",
    )


def scale_definition(row: Scale) -> ScaleDefinition:
    return ScaleDefinition(
        row.code,
        tuple(
            OptionSpec(option.name, option.code, option.labels, option.is_substantive)
            for option in row.options.all()
        ),
    )


def index_definition(row: CompositeIndex) -> IndexDefinition:
    """Enough of an index to check what refers to it."""
    return IndexDefinition(
        instrument=row.instrument.code,
        code=row.code,
        names=(row.name_ky, row.name_ru, row.name_en),
        items=(),
        reversed_items=frozenset(),
        statistic=row.statistic,
        scale_min=row.scale_min,
        scale_max=row.scale_max,
        min_answered_share=row.min_answered_share,
        rescaled=None,
        note=row.note,
        position=row.position,
    )
