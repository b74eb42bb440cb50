"""The skip rule of a question (`relevant` of an XLSForm), worked out for all rows at once.

Only the usual subset of XPath is understood: ${name}, texts in quotes, numbers, = != < <= > >=,
and, or, not(), true(), false(), selected(), count-selected() and parentheses. Nothing is ever
executed: the rule is read token by token. Anything else raises RuleNotUnderstood.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from indicators.pipeline.grid import BoolArray
from indicators.pipeline.shapes import MISSING, FloatArray, IntArray, ItemSpec
from indicators.vocabulary import ItemKind

TOKEN = re.compile(
    r"\s*(?:(?P<ref>\$\{\s*[\w.-]+\s*\})|(?P<text>'[^']*'|\"[^\"]*\")|(?P<number>\d+(?:\.\d+)?)"
    r"|(?P<op><=|>=|!=|=|<|>)|(?P<mark>[(),])|(?P<word>[a-z]+(?:-[a-z]+)*))"
)
COMPARE: Mapping[str, Callable[..., BoolArray]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
LONGEST_RULE = 2_000
DEEPEST = 20


class RuleNotUnderstood(ValueError):
    """The rule uses something outside the subset, or a question the file does not have."""


@dataclass(frozen=True, slots=True)
class Column:
    """One question with its answers, codes as in a SurveyTable."""

    item: ItemSpec
    codes: IntArray


Operand = Column | FloatArray | str | float


def is_asked(rule: str, columns: Mapping[str, Column], n_rows: int) -> BoolArray:
    """Rows for which the question is to be asked. `columns` by the name used in the form.

    A missing answer is an empty text and no number: it differs from every text and is neither
    below nor above any number (XPath 1.0, sections 3.4 and 4.4). Raises RuleNotUnderstood.
    """
    reader = _Reader(_tokens(rule), columns, n_rows)
    found = reader.either()
    if reader.at < len(reader.tokens):
        raise RuleNotUnderstood(rule)
    return found


def _tokens(rule: str) -> list[tuple[str, str]]:
    if len(rule) > LONGEST_RULE:
        raise RuleNotUnderstood(rule[:50])
    found, at = [], 0
    text = rule.rstrip()
    while at < len(text):
        match = TOKEN.match(text, at)
        if match is None or match.lastgroup is None:
            raise RuleNotUnderstood(text[at : at + 50])
        found.append((match.lastgroup, match.group(match.lastgroup)))
        at = match.end()
    return found


class _Reader:
    """Reads a rule from left to right; every method returns what its part says of each row."""

    def __init__(
        self, tokens: list[tuple[str, str]], columns: Mapping[str, Column], n_rows: int
    ) -> None:
        self.tokens, self.columns, self.n_rows = tokens, columns, n_rows
        self.at = 0
        self.depth = 0

    def _next(self) -> tuple[str, str]:
        return self.tokens[self.at] if self.at < len(self.tokens) else ("end", "")

    def _take(self, *wanted: str) -> str:
        _kind, text = self._next()
        if text not in wanted:
            raise RuleNotUnderstood(text)
        self.at += 1
        return text

    def either(self) -> BoolArray:
        found = self._both()
        while self._next() == ("word", "or"):
            self.at += 1
            found = found | self._both()
        return found

    def _both(self) -> BoolArray:
        found = self._one()
        while self._next() == ("word", "and"):
            self.at += 1
            found = found & self._one()
        return found

    def _one(self) -> BoolArray:
        kind, text = self._next()
        if text == "(" or (kind == "word" and text in ("not", "selected", "true", "false")):
            return self._condition(text)
        left = self._operand()
        if self._next()[0] != "op":
            raise RuleNotUnderstood(self._next()[1])
        sign = self._next()[1]
        self.at += 1
        return _compared(left, sign, self._operand(), self.n_rows)

    def _condition(self, word: str) -> BoolArray:
        self.depth += 1
        if self.depth > DEEPEST:
            raise RuleNotUnderstood(word)
        if word != "(":
            self.at += 1
        self._take("(")
        if word in ("true", "false"):
            found: BoolArray = np.full(self.n_rows, word == "true", dtype=np.bool_)
        elif word == "selected":
            column = self._column()
            self._take(",")
            found = _selected(column, self._text())
        else:
            found = self.either()
        self._take(")")
        self.depth -= 1
        return ~found if word == "not" else found

    def _column(self) -> Column:
        kind, text = self._next()
        name = text.strip("${} ") if kind == "ref" else ""
        if name not in self.columns:
            raise RuleNotUnderstood(text)
        self.at += 1
        return self.columns[name]

    def _text(self) -> str:
        kind, text = self._next()
        if kind != "text":
            raise RuleNotUnderstood(text)
        self.at += 1
        return text[1:-1]

    def _operand(self) -> Operand:
        kind, text = self._next()
        if kind == "ref":
            return self._column()
        if kind == "text":
            return self._text()
        if kind == "number":
            self.at += 1
            return float(text)
        if text == "count-selected":
            self.at += 1
            self._take("(")
            column = self._column()
            self._take(")")
            return _ticked(column)
        raise RuleNotUnderstood(text)


def _selected(column: Column, option: str) -> BoolArray:
    there = column.codes != MISSING
    for place, one in enumerate(column.item.options):
        if one.name == option and column.item.kind is ItemKind.MULTI:
            return np.asarray(there & (column.codes >> place & 1 == 1), dtype=np.bool_)
        if one.name == option:
            return np.asarray(there & (column.codes == one.code), dtype=np.bool_)
    raise RuleNotUnderstood(option)


def _ticked(column: Column) -> FloatArray:
    """How many options are ticked; none for a missing answer."""
    there = column.codes != MISSING
    if column.item.kind is not ItemKind.MULTI:
        return np.asarray(there, dtype=np.float64)
    bits = range(len(column.item.options))
    ticked = np.array([(column.codes >> bit) & 1 for bit in bits]).sum(axis=0)
    return np.asarray(np.where(there, ticked, 0), dtype=np.float64)


def _numbers(operand: Operand) -> FloatArray | float:
    if isinstance(operand, Column):
        if operand.item.kind is ItemKind.MULTI:
            raise RuleNotUnderstood(operand.item.name)
        codes = operand.codes.astype(np.float64)
        return np.asarray(np.where(operand.codes == MISSING, np.nan, codes), dtype=np.float64)
    if isinstance(operand, str):
        raise RuleNotUnderstood(operand)
    return operand


def _compared(left: Operand, sign: str, right: Operand, n_rows: int) -> BoolArray:
    if isinstance(left, str):
        left, right = right, left
        sign = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}.get(sign, sign)
    if isinstance(right, str) and isinstance(left, Column) and sign in ("=", "!="):
        same = left.codes == MISSING if right == "" else _selected(left, right)
        return np.asarray(same if sign == "=" else ~same, dtype=np.bool_)
    with np.errstate(invalid="ignore"):
        found = COMPARE[sign](_numbers(left), _numbers(right))
    return np.broadcast_to(np.asarray(found, dtype=np.bool_), (n_rows,))
