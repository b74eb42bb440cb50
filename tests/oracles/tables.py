"""From the rows of an oracle entry to totals per unit of its design, as production has them."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from indicators.stats.design import Design, Lonely, make_design
from tests.oracles.source import Row, collect, matches

Rows = list[tuple[Row, float]]


@dataclass(frozen=True)
class Table:
    """Totals per unit and cell, shape (units, cells): n, total, squares and weight.

    Units are the PSUs, or the second-stage units where these have a finite population; they are
    labelled with the PSU. total and squares are weighted, plain_total is not. is_plain: no strata,
    weights or finite population. design: None without rows.
    """

    labels: list[str]
    cells: list[str]
    n: np.ndarray
    total: np.ndarray
    squares: np.ndarray
    weight: np.ndarray
    weight_squares: np.ndarray
    plain_total: np.ndarray
    design: Design | None
    is_plain: bool


def tabulate(rows: Rows, inputs: Mapping[str, Any], by: Any, cells: Sequence[str]) -> Table:
    """A row outside the cells or the domain counts nowhere, but its unit stays in the design."""
    declared = inputs.get("design", {})
    units, of_row, first = _units([row for row, _ in rows], declared)
    weight_of = _number_column(declared.get("weights"), 1.0)
    place = cell_of(by, cells, inputs.get("domain", {}))
    sums = np.zeros((6, len(units), len(cells)))
    for (row, y), unit in zip(rows, of_row, strict=True):
        cell = place(row)
        if cell is None or math.isnan(y):
            continue
        w = weight_of(row)
        sums[:, unit, cell] += (1, w * y, w * y * y, w, w * w, y)
    extra = {"strata", "weights", "fpc", "psu2", "fpc2", "lonely"}
    return Table(
        [unit[-1] for unit in units],
        list(cells),
        *sums,
        design=_design(first, units, declared),
        is_plain=not rows or not any(declared.get(key) for key in extra),
    )


def cell_of(
    by: Any, cells: Sequence[str], domain: Mapping[str, Any] | None = None
) -> Callable[[Row], int | None]:
    """Number of the cell of a row: the values of the columns `by`, pasted together."""
    columns = [] if by is None else [by] if isinstance(by, str) else by

    def place(row: Row) -> int | None:
        parts = [row[column] for column in columns]
        name = "".join(parts)
        if "" in parts or name not in cells or not matches(row, domain or {}):
            return None
        return list(cells).index(name)

    return place


def _units(
    rows: list[Row], declared: Mapping[str, Any]
) -> tuple[list[tuple[str, ...]], list[int], list[Row]]:
    """The distinct units (strata, second stage, PSU), the unit of every row, and a row of each."""
    psu, strata = declared.get("psu", "school_id"), declared.get("strata") or []
    stage2 = declared.get("psu2") if declared.get("fpc2") else None
    place: dict[tuple[str, ...], int] = {}
    of_row, first = [], []
    for number, row in enumerate(rows):
        key = (
            *(row[column] for column in strata),
            row[stage2] if stage2 else "",
            str(number) if psu is None else row[psu],
        )
        if key not in place:
            place[key] = len(place)
            first.append(row)
        of_row.append(place[key])
    return list(place), of_row, first


def _design(
    first: list[Row], units: list[tuple[str, ...]], declared: Mapping[str, Any]
) -> Design | None:
    if not first:
        return None
    strata = declared.get("strata") or []
    return make_design(
        len(first),
        psu=[unit[-1] for unit in units],
        strata=["|".join(row[column] for column in strata) for row in first],
        population=_population(first, declared.get("fpc")),
        population2=_population(first, declared.get("psu2") and declared.get("fpc2")),
        lonely=Lonely(declared.get("lonely") or "fail"),
    )


def row_design(rows: Rows, inputs: Mapping[str, Any]) -> Design:
    """The design with every row a unit of its own, for methods that need rows."""
    declared = inputs.get("design", {})
    psu = declared.get("psu", "school_id")
    units = [(str(number) if psu is None else row[psu],) for number, (row, _) in enumerate(rows)]
    design = _design([row for row, _ in rows], units, declared)
    assert design is not None, "a design needs rows"
    return design


def _population(first: list[Row], column: str | None) -> list[float] | None:
    return None if not column else [float(row[column]) for row in first]


def _number_column(column: str | None, default: float) -> Callable[[Row], float]:
    return lambda row: float(row[column]) if column else default


def in_both_waves(rows: Rows, inputs: Mapping[str, Any], by: Any, cells: Sequence[str]) -> Rows:
    """The rows of schools with a usable answer in every cell (panel_only)."""
    psu = inputs.get("design", {}).get("psu") or "school_id"
    place = cell_of(by, cells, inputs.get("domain", {}))
    found: dict[str, set[int]] = {}
    for row, y in rows:
        cell = place(row)
        if cell is not None and not math.isnan(y):
            found.setdefault(row[psu], set()).add(cell)
    return [(row, y) for row, y in rows if len(found.get(row[psu], ())) == len(cells)]


def whole(directory: Path, inputs: Mapping[str, Any]) -> Table:
    """One cell: everybody, or the domain."""
    return tabulate(collect(directory, inputs), inputs, None, [""])


def levels(rows: Rows, column: str) -> list[str]:
    """The values of a column, sorted; missing ones left out."""
    return sorted({row[column] for row, _ in rows} - {""})
