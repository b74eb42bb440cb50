"""The schools of a project, and the lines they stand on: a merged school continues an older one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from indicators.pipeline.shapes import IntArray, SchoolSpec

Codes = tuple[str, ...]


class Register(Mapping[str, SchoolSpec]):
    """Schools by code. Every measure asks for the lines of the same codes, so they are kept."""

    def __init__(self, schools: Mapping[str, SchoolSpec]) -> None:
        self._schools = dict(schools)
        self._lines: dict[tuple[Codes, ...], Codes] = {}
        self._rows: dict[tuple[Codes, Codes], IntArray] = {}

    def __getitem__(self, code: str) -> SchoolSpec:
        return self._schools[code]

    def __iter__(self) -> Iterator[str]:
        return iter(self._schools)

    def __len__(self) -> int:
        return len(self._schools)

    def lines(self, *codes: Codes) -> Codes:
        """The lines of all schools named, in alphabetical order."""
        if codes not in self._lines:
            found = {self._schools[code].lineage for part in codes for code in part}
            self._lines[codes] = tuple(sorted(found))
        return self._lines[codes]

    def rows(self, codes: Codes, lines: Codes) -> IntArray:
        """Position of each school's line in `lines`."""
        key = (codes, lines)
        if key not in self._rows:
            position = {line: i for i, line in enumerate(lines)}
            rows = [position[self._schools[code].lineage] for code in codes]
            self._rows[key] = np.array(rows, dtype=np.int64)
        return self._rows[key]


def register_of(schools: Mapping[str, SchoolSpec]) -> Register:
    """The same schools as a register; a register stays what it is."""
    return schools if isinstance(schools, Register) else Register(schools)
