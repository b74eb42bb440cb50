"""Which school a cell means: by code, by any of its names, by a number that stands for its code."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from indicators.pipeline.cells import is_blank, number_of
from indicators.pipeline.matching import How, Match, Matcher, normalise
from indicators.pipeline.problems import shown
from indicators.pipeline.shapes import SchoolSpec

NOT_FOUND: Match[str] = Match(How.NONE)


def code_key(text: str) -> str:
    """A code without case, separators and leading zeros: IS-07, is_07 and is 7 are alike."""
    return " ".join(re.sub(r"^0+(?=\d)", "", part) for part in _parts(text))


def _parts(text: str) -> list[str]:
    return re.findall(r"\d+|[^\W\d_]+", normalise(text.replace("_", " ")))


@dataclass(slots=True)
class Schools:
    """The schools of a project, ready to be recognised."""

    known: tuple[SchoolSpec, ...]
    _codes: dict[str, str] = field(init=False)
    _keys: dict[str, set[str]] = field(init=False)
    _numbers: dict[int, set[str]] = field(init=False)
    _names: Matcher[str] = field(init=False)

    def __post_init__(self) -> None:
        self._codes, self._keys, self._numbers = {}, {}, {}
        for school in self.known:
            for text in (school.code, school.code.casefold(), school.code.replace("-", "_")):
                self._codes[text.casefold()] = school.code
            self._keys.setdefault(code_key(school.code), set()).add(school.code)
            if digits := re.findall(r"\d+", school.code):
                self._numbers.setdefault(int(digits[-1]), set()).add(school.code)
        self._names = Matcher(_names(self.known), are_schools=True)

    def find(self, cell: Any, label: str = "") -> Match[str]:
        """The school meant. `label` is what a .sav says the number means; it is believed first."""
        if label:
            match = self._by_name(label)
            return Match(How.EXACT, match.target) if match.target else NOT_FOUND
        if is_blank(cell):
            return NOT_FOUND
        number = number_of(cell)
        if number is not None:
            found = self._numbers.get(int(number), set()) if number.is_integer() else set()
            target = next(iter(found)) if len(found) == 1 else self._names.same(shown(cell))
            return Match(How.EXACT, target) if target else NOT_FOUND
        text = str(cell).strip(" \t\r\n\u00a0\u200b")
        if code := self._codes.get(text.casefold()):
            return Match(How.EXACT, code)
        if len(codes := self._keys.get(code_key(text), set())) == 1:
            return Match(How.SAME, next(iter(codes)))
        return self._by_name(text)

    def alike(self, cell: Any, label: str = "") -> str:
        """Codes of schools with a resembling name, for a person to choose from."""
        return " ".join(self._names.alike(label or shown(cell)))

    def _by_name(self, text: str) -> Match[str]:
        return self._names.find(text)


def _names(schools: Iterable[SchoolSpec]) -> Iterable[tuple[str, str]]:
    return ((name, school.code) for school in schools for name in school.names if name)
