"""Values a person may decide on: not, or only nearly, understood, or decided before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from heapq import nlargest
from types import MappingProxyType
from typing import Any

from indicators.pipeline.problems import LONGEST_VALUE, Problems, shown
from indicators.pipeline.shapes import DoubtfulValue

VALUE_MAPPED = "value_mapped"  # kind of what a decision reads
NO_ANSWER = ""  # the meaning of a value that counts as missing
MOST_VALUES = 1_000  # of one question, and of one file, that are offered: the most frequent

Decisions = Mapping[str, str]  # key of a value -> name of an option, or a number, or NO_ANSWER
UNDECIDED: Decisions = MappingProxyType({})


def value_key(value: Any) -> str:
    """A value as decisions compare it: case and spaces aside. Signs count: "-9" is not "9"."""
    return " ".join(shown(value).casefold().split())


def most_frequent(places: Iterable[int], n_rows: Sequence[int]) -> list[int]:
    """Places of the values that most rows have, so that a file of odd values stays small."""
    return nlargest(MOST_VALUES, places, key=n_rows.__getitem__)


class DoubtfulValues:
    """Values of one file, each with how many rows have it. Spellings of one key are one value."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, str], DoubtfulValue] = {}

    def add(self, found: DoubtfulValue) -> None:
        """A value that no row has, or that was cut where it is shown, is not offered."""
        if found.n_rows < 1 or len(found.value) >= LONGEST_VALUE:
            return
        key = (found.item, value_key(found.value))
        known = self._found.setdefault(key, found)
        if known is not found:
            self._found[key] = replace(known, n_rows=known.n_rows + found.n_rows)

    def all(self) -> tuple[DoubtfulValue, ...]:
        """Those that a decision reads, then the most frequent of the others."""
        ordered = sorted(self._found.values(), key=lambda v: (v.kind != VALUE_MAPPED, -v.n_rows))
        return tuple(ordered[:MOST_VALUES])

    def list_mapped(self, problems: Problems) -> None:
        """One line for every value that a decision reads, with the number of its rows."""
        for value in self._found.values():
            if value.kind == VALUE_MAPPED:
                problems.warn(
                    VALUE_MAPPED,
                    column=value.column,
                    value=value.value,
                    suggestion=value.read_as,
                    n=str(value.n_rows),
                )
