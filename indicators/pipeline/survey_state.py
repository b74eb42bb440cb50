"""What is known about one survey file while it is checked."""

from __future__ import annotations

from dataclasses import dataclass, field

from indicators.pipeline.columns import ColumnMap
from indicators.pipeline.doubtful import UNDECIDED, Decisions, DoubtfulValues
from indicators.pipeline.grid import BoolArray, Grid
from indicators.pipeline.problems import Problems
from indicators.pipeline.shapes import (
    Codes,
    FloatArray,
    FormSpec,
    ImportContext,
    ItemSpec,
    RawFile,
    RawTable,
)
from indicators.pipeline.ticking import Tick, no_tick
from indicators.vocabulary import BACKGROUND_BLOCK, ItemKind

NO_ANSWERS = (ItemKind.SCHOOL, ItemKind.CONSENT, ItemKind.WEIGHT)


@dataclass(slots=True)
class Survey:
    """`live`, `values` and `texts` have one entry per row of `grid`; `live`: rows that count."""

    raw: RawFile
    context: ImportContext
    form: FormSpec
    table: RawTable
    columns: ColumnMap
    grid: Grid
    problems: Problems
    live: BoolArray
    values: dict[str, Codes] = field(default_factory=dict)
    texts: dict[str, list[str]] = field(default_factory=dict)
    weight: FloatArray | None = None  # NaN where the row has none
    doubtful: DoubtfulValues = field(default_factory=DoubtfulValues)
    tick: Tick = no_tick

    def header(self, position: int) -> str:
        return self.grid.header[position]

    def decisions(self, item: ItemSpec) -> Decisions:
        """What officers decided about values of one question."""
        return self.context.value_mapping.get(item.name, UNDECIDED)

    def number(self, row: int) -> int:
        return int(self.grid.numbers[row])


def is_background(item: ItemSpec) -> bool:
    return item.block == BACKGROUND_BLOCK or item.kind in NO_ANSWERS
