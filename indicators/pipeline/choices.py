"""One answer cell of a closed question -> the code stored, or what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from indicators.pipeline.cells import (
    UNDECLARED_MISSING,
    is_blank,
    is_missing_token,
    number_of,
)
from indicators.pipeline.doubtful import UNDECIDED, VALUE_MAPPED, Decisions, value_key
from indicators.pipeline.matching import How, Matcher, normalise
from indicators.pipeline.shapes import MISSING, ItemSpec, OptionSpec
from indicators.vocabulary import Severity

SEPARATORS = re.compile(r"\s*[,;|\n]\s*")
BOTH = re.compile(r"\s*[;|\n/]\s*|,\s+")
IN_BRACKETS = re.compile(r"(\w+)\((\w+)\)")
BAND = re.compile(r"(\d+)\s*[-–—]\s*(\d+)")


@dataclass(frozen=True, slots=True)
class Reading:
    """A cell understood: its code (MISSING: no answer) and what was found on the way."""

    code: int = MISSING
    severity: Severity | None = None
    kind: str = ""
    suggestion: str = ""
    comment: str = ""


NOTHING = Reading()


def bad(kind: str, suggestion: str = "") -> Reading:
    return Reading(MISSING, Severity.CELL, kind, suggestion)


def shown_label(option: OptionSpec) -> str:
    return next((label for label in option.labels if label), option.name)


def gender_variants(label: str) -> Iterator[str]:
    """Forms of a label such as "agreed(f)": Russian past forms stand in brackets in forms."""
    if not IN_BRACKETS.search(label):
        return
    yield IN_BRACKETS.sub(r"\1", label)
    yield IN_BRACKETS.sub(r"\1\2", label)
    for cut in (2, 3):
        yield IN_BRACKETS.sub(lambda found, cut=cut: found[1][:-cut] + found[2], label)  # type: ignore[misc]


@dataclass(slots=True)
class Choices:
    """The options of one item, ready to be recognised. `decisions` come before any reading."""

    item: ItemSpec
    decisions: Decisions = field(default_factory=dict)
    by_code: dict[int, OptionSpec] = field(init=False)
    _names: dict[str, OptionSpec] = field(init=False)
    _labels: Matcher[int] = field(init=False)
    _variants: dict[str, set[int]] = field(init=False)

    def __post_init__(self) -> None:
        options = self.item.options
        self.by_code = {option.code: option for option in options}
        self._names = {option.name.casefold(): option for option in options}
        self._labels = Matcher((text, o.code) for o in options for text in o.labels if text)
        self._variants = {}
        for option in options:
            for label in option.labels:
                for variant in gender_variants(label):
                    self._variants.setdefault(normalise(variant), set()).add(option.code)

    def read(self, cell: Any) -> Reading:
        """The option a cell names: by name, code or label, exactly or clearly nearly."""
        reading = self.undecided(cell)
        decided = self.decided(cell)
        return reading if decided is None else replace(decided, comment=reading.comment)

    def decided(self, value: Any) -> Reading | None:
        """What an officer decided; None without a decision, or when its option is gone."""
        meaning = self.decisions.get(value_key(value)) if self.decisions else None
        if meaning is None:
            return None
        if not meaning:
            return Reading(MISSING, Severity.WARNING, VALUE_MAPPED)
        option = self._names.get(meaning.casefold())
        return self._accepted({option.code}, VALUE_MAPPED) if option else None

    def proposal(self, reading: Reading) -> str:
        """Name of the option a reading took, or would take; empty without one."""
        if reading.code == MISSING and reading.suggestion:
            reading = self.undecided(reading.suggestion)
        option = self.by_code.get(reading.code)
        return option.name if option else ""

    def undecided(self, cell: Any) -> Reading:
        """The reading without what officers decided."""
        if is_blank(cell):
            return NOTHING
        if isinstance(cell, str):
            exact = self.exact(cell)
            if exact is not None:
                return Reading(exact)
        number = number_of(cell)
        if number is not None:
            return self._of_number(number, cell)
        return self._of_text(str(cell))

    def exact(self, text: str) -> int | None:
        """The code of an option named or worded like this (case, signs and spaces aside)."""
        if option := self._names.get(text.strip(" \t\r\n\u00a0\u200b").casefold()):
            return option.code
        if number_of(text) is not None and not any(
            text.strip() in option.labels for option in self.item.options
        ):
            return None  # "-1" is not the option worded "1"
        return self._labels.same(text)

    def _of_number(self, number: float, cell: Any) -> Reading:
        if not number.is_integer():
            return bad("non_integer_code", self._band(number))
        code = int(number)
        if option := self._names.get(str(code)):  # the same whether typed as number or as text
            return Reading(option.code)
        if code in self.by_code:
            return Reading(code)
        if code in UNDECLARED_MISSING and not self._band(number):
            return bad("undeclared_missing_code")
        return bad("out_of_range_code", self._band(number))

    def _band(self, number: float) -> str:
        """The option whose band of numbers ("11-15%", "21% and more") holds the number."""
        worded = [(o, o.labels[2] or o.labels[1]) for o in self.item.options]
        if sum(bool(re.search(r"\d", text)) for _, text in worded) < 3:
            return ""
        is_share = 0 < number < 1 and any("%" in text for _, text in worded)
        value = 100 * number if is_share else number
        for option, text in worded:
            if (found := BAND.search(text)) and int(found[1]) <= value <= int(found[2]):
                return shown_label(option)
            found = re.search(r"(\d+)", text)
            if found and "more" in text and value >= int(found[1]):
                return shown_label(option)
            if found and ("fewer" in text or "less" in text) and value <= int(found[1]):
                return shown_label(option)
        return ""

    def _of_text(self, text: str) -> Reading:
        if is_missing_token(text):
            return NOTHING
        if text.lstrip().startswith(("=", "@")):
            return bad("formula_like_text")
        if self._names_two(text):
            return bad("two_answers_in_single_choice")
        if codes := self._variants.get(normalise(text)):
            return self._accepted(codes, "label_gender_variant")
        if (start := text.partition("(")[0].strip()) and start != text.strip():
            code = self.exact(start)
            if code is not None and number_of(start) is None:
                comment = text.partition("(")[2].rstrip().removesuffix(")")
                reading = self._accepted({code}, "comment_in_answer_cell")
                return Reading(code, reading.severity, reading.kind, reading.suggestion, comment)
        match = self._labels.find(text)
        if match.how is How.NEAR and match.target is not None:
            return self._accepted({match.target}, "misspelt_label")
        return bad(self._unknown_kind(text), self._numeric_hint(text))

    def _accepted(self, codes: set[int], kind: str) -> Reading:
        if len(codes) != 1:
            return bad("unknown_answer_label")
        code = next(iter(codes))
        return Reading(code, Severity.WARNING, kind, shown_label(self.by_code[code]))

    def _names_two(self, text: str) -> bool:
        parts = [part for part in BOTH.split(text) if part]
        found = {self.exact(part) for part in parts} - {None}
        return len(parts) > 1 and len(found) > 1

    def _unknown_kind(self, text: str) -> str:
        """Whether only the number in a label is wrong, or the whole answer is unknown."""
        bare = re.sub(r"\d+", "", normalise(text)).strip()
        if bare != normalise(text) and bare:
            for option in self.item.options:
                if any(re.sub(r"\d+", "", normalise(w)).strip() == bare for w in option.labels):
                    return "out_of_range_label"
        return "unknown_answer_label"

    def _numeric_hint(self, text: str) -> str:
        """ "10/10" on a scale that has 10."""
        found = re.fullmatch(r"\s*(\d+)\s*/\s*\d+\s*", text)
        return found[1] if found and int(found[1]) in self.by_code else ""


def read_number(item: ItemSpec, cell: Any, decisions: Decisions = UNDECIDED) -> Reading:
    """A whole number inside the item's range. `decisions` come before any reading."""
    meaning = decisions.get(value_key(cell)) if decisions else None
    if meaning is not None:
        code = read_number(item, meaning).code
        return Reading(code, Severity.WARNING, VALUE_MAPPED, meaning if code != MISSING else "")
    if is_blank(cell) or (isinstance(cell, str) and is_missing_token(cell)):
        return NOTHING
    number = number_of(cell)
    if number is None:
        return bad("text_in_numeric")
    if not number.is_integer():
        return bad("non_integer_code")
    low = item.low if item.low is not None else float("-inf")
    high = item.high if item.high is not None else float("inf")
    if not low <= number <= high or int(number) == MISSING:
        return bad("out_of_range_value")
    return Reading(int(number))
