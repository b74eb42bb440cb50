"""Everything wrong in one file, collected at once. Where a problem stands is attached here only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from indicators.pipeline.shapes import ProblemSpec, RawTable
from indicators.vocabulary import Severity

MOST_ALIKE = 500  # problems of one kind in one column that are listed one by one
LONGEST_VALUE = 200


def shown(value: Any) -> str:
    """A cell as it is shown beside a problem."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    text = str(value)
    return text if len(text) <= LONGEST_VALUE else text[: LONGEST_VALUE - 1] + "…"


class Problems:
    """A list of problems of one file. `sheet` is put on what is added from then on."""

    def __init__(self, given: Iterable[ProblemSpec] = ()) -> None:
        self.sheet = ""
        self._found = list(given)
        self._alike: Counter[tuple[Severity, str, str, str]] = Counter()

    def add(
        self,
        severity: Severity,
        kind: str,
        *,
        row: int | None = None,
        column: str = "",
        value: Any = None,
        suggestion: str = "",
        **params: str,
    ) -> None:
        key = (severity, kind, self.sheet, column)
        self._alike[key] += 1
        if self._alike[key] <= MOST_ALIKE:
            self._found.append(
                ProblemSpec(
                    severity, kind, self.sheet, row, column, shown(value), suggestion, params
                )
            )

    def block(self, kind: str, **where: Any) -> None:
        self.add(Severity.BLOCK, kind, **where)

    def leave_out_row(self, kind: str, **where: Any) -> None:
        self.add(Severity.ROW, kind, **where)

    def empty_cell(self, kind: str, **where: Any) -> None:
        self.add(Severity.CELL, kind, **where)

    def warn(self, kind: str, **where: Any) -> None:
        self.add(Severity.WARNING, kind, **where)

    def name_columns(self, table: RawTable) -> None:
        """Column letters noted while reading the table's sheet become header texts."""

        def named(problem: ProblemSpec) -> ProblemSpec:
            place = problem.params.get("position", "")
            if problem.sheet != table.sheet or not place or int(place) >= len(table.header):
                return problem
            return replace(problem, column=table.header[int(place)] or problem.column)

        self._found = [named(problem) for problem in self._found]

    @property
    def has_block(self) -> bool:
        return any(problem.severity is Severity.BLOCK for problem in self._found)

    def all(self) -> tuple[ProblemSpec, ...]:
        """What was found, by sheet and row; one line says how many more of a kind there are."""
        more = [
            ProblemSpec(
                severity,
                "more_of_the_same",
                sheet,
                column=column,
                params={"kind": kind, "n": str(n - MOST_ALIKE)},
            )
            for (severity, kind, sheet, column), n in self._alike.items()
            if n > MOST_ALIKE
        ]
        return tuple(sorted([*self._found, *more], key=lambda p: (p.sheet, p.row or 0)))
