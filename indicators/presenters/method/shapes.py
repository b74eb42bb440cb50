"""What an entry of the method is made of: the one source of the page and of docs/method.md."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as StrOrPromise

    from indicators.vocabulary import Reason


class Mark(StrEnum):
    """How far a method is used. To move a method on, change this one field of its entry."""

    PAGE = "page"  # used by the calculation, and a page prints the result
    STORED = "stored"  # used by the calculation and kept with the run, printed on no page
    TESTS = "tests"  # in the code and checked, not called by the calculation


@dataclass(frozen=True, slots=True)
class Section:
    """`number` is the one that docstrings cite ("method section 5.2")."""

    number: str
    title: StrOrPromise


@dataclass(frozen=True, slots=True)
class Symbol:
    """A letter of a formula in the notation of `notation.py`, and what it stands for."""

    notation: str
    meaning: StrOrPromise


@dataclass(frozen=True, slots=True)
class Method:
    """One method. `stem` is its address on the page; texts are in the reader's language.

    formulas: lines of `notation.py`. symbols: keys of `symbols.SYMBOLS`. sources: keys of
    `references.REFERENCES`. r: calls it equals. code: dotted names of public functions. oracles:
    groups of reference answers ("C02") that check it.
    """

    stem: str
    section: str
    mark: Mark
    title: StrOrPromise
    question: StrOrPromise
    how: StrOrPromise
    when: StrOrPromise
    care: StrOrPromise = ""
    formulas: tuple[str, ...] = ()
    symbols: tuple[str, ...] = ()
    refuses: tuple[Reason, ...] = ()
    sources: tuple[str, ...] = ()
    r: tuple[str, ...] = ()
    code: tuple[str, ...] = ()
    oracles: tuple[str, ...] = ()
