"""Finding what a person meant: one normalisation, one rule for the nearest candidate.

Equal after normalisation is a match. Otherwise a candidate is *near* when it is similar enough and
clearly more similar than any other; numbers and a "not" must agree. Everything else is unknown.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Generic, TypeVar

T = TypeVar("T", bound=Hashable)

SIMILAR = 83.0  # least similarity (0-100) of a near candidate
RESEMBLING = 60.0  # least similarity of what is offered for choosing
CLEARLY = 7.0  # least distance to the next candidate
SHORTEST = 4  # shorter words are too easily mistaken for one another


def words(text: str) -> frozenset[str]:
    return frozenset(text.split())


LATIN, CYRILLIC = "aceopxykmthbi", "асеорхукмтнві"
TO_CYRILLIC = str.maketrans(LATIN, CYRILLIC)
TO_LATIN = str.maketrans(CYRILLIC, LATIN)
FOLDED = str.maketrans("ңөүқғһҳўёйі", "ноукгххуеии")
NEGATION = re.compile(r"\b(не|нет|жок|not|no|эмес\w*)\b")
KIND_OF_SCHOOL = words(
    "мектеп мектеби мектебинин мектептин орто башталгыч гимназия гимназиясы лицей лицейи лицеи "
    "школа школы средняя начальная основная сш сош комплекс school secondary gymnasium lyceum "
    "high primary"
)


def _one_alphabet(word: str) -> str:
    """Letters of the other alphabet that look alike, as in a name typed on two keyboards."""
    n_latin = sum("a" <= letter <= "z" for letter in word)
    if n_latin == 0:
        return word
    n_cyrillic = sum("\u0400" <= letter <= "\u052f" for letter in word)
    if n_cyrillic == 0:
        return word
    return word.translate(TO_CYRILLIC if n_cyrillic >= n_latin else TO_LATIN)


@lru_cache(maxsize=65536)
def normalise(text: str) -> str:
    """Lower case, one alphabet per word, words and numbers only, one space between them."""
    kept = []
    for letter in unicodedata.normalize("NFKC", text.replace("№", " ")).casefold():
        category = unicodedata.category(letter)
        if category == "Cf" or letter == "\ufe0f":
            continue
        kept.append(letter if category[0] in "LNM" else " ")
    words = "".join(kept).replace("ё", "е").split()
    return " ".join(_one_alphabet(word) for word in words)


def fold(text: str) -> str:
    """A normalised text without spaces and with the letters a foreign keyboard lacks replaced."""
    return text.translate(FOLDED).replace(" ", "")


@lru_cache(maxsize=65536)
def without_kind_of_school(text: str) -> str:
    """A normalised school name without words such as "secondary school"."""
    words = [word for word in normalise(text).split() if word not in KIND_OF_SCHOOL]
    return " ".join(words)


def numbers_in(text: str) -> tuple[int, ...]:
    return tuple(int(digits) for digits in re.findall(r"\d+", text)[:20] if len(digits) < 16)


def _is_compatible(value: str, candidate: str) -> bool:
    return numbers_in(value) == numbers_in(candidate) and bool(NEGATION.search(value)) == bool(
        NEGATION.search(candidate)
    )


class How(StrEnum):
    """How a candidate was found."""

    EXACT = "exact"  # written as it should be
    SAME = "same"  # equal after normalisation
    NEAR = "near"  # one clear nearest
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Match(Generic[T]):
    how: How
    target: T | None = None


class Matcher(Generic[T]):
    """Candidates of one kind: texts that name a target. Several texts may name the same one."""

    def __init__(self, pairs: Iterable[tuple[str, T]], *, are_schools: bool = False) -> None:
        self._simplify = without_kind_of_school if are_schools else normalise
        self._exact: dict[str, set[T]] = {}
        self._same: dict[str, set[T]] = {}
        for text, target in pairs:
            if text.strip():
                self._exact.setdefault(text.strip(), set()).add(target)
                self._same.setdefault(self._simplify(text), set()).add(target)
        self._same.pop("", None)
        self._folded: dict[str, set[T]] = {}
        for text, targets in self._same.items():
            self._folded.setdefault(fold(text), set()).update(targets)
        self._texts = list(self._same)
        self._folded_texts = [fold(text) for text in self._texts]

    def find(self, value: str) -> Match[T]:
        """The one target meant, and how it was found."""
        if target := _only(self._exact.get(value.strip())):
            return Match(How.EXACT, target[0])
        simple = self._simplify(value)
        if not simple and "?" not in value:
            return Match(How.NONE)
        if found := self._same.get(simple):
            target = _only(found)
            return Match(How.SAME, target[0]) if target else Match(How.NONE)
        if target := _only(self._folded.get(fold(simple))):
            return Match(How.NEAR, target[0])
        if target := _only(self._with_lost_letters(value)):
            return Match(How.NEAR, target[0])
        if target := self._nearest(simple):
            return Match(How.NEAR, target[0])
        return Match(How.NONE)

    def alike(self, value: str, *, most: int = 3) -> tuple[T, ...]:
        """Targets that resemble the value, the most similar first: for a person to choose."""
        from rapidfuzz import fuzz, process

        found: dict[T, None] = {}
        for _, _, position in process.extract(
            fold(self._simplify(value)),
            self._folded_texts,
            scorer=fuzz.ratio,
            score_cutoff=RESEMBLING,
            limit=12,
        ):
            found.update(dict.fromkeys(sorted(self._same[self._texts[position]], key=str)))
        return tuple(found)[:most]

    def same(self, value: str) -> T | None:
        """The target whose text equals the value after normalisation."""
        target = _only(self._exact.get(value.strip())) or _only(
            self._same.get(self._simplify(value))
        )
        return target[0] if target else None

    def _with_lost_letters(self, value: str) -> set[T] | None:
        """Letters an encoding could not hold stand as "?" or "\ufffd": any letter fits there."""
        if "?" not in value.strip().rstrip("?") and "\ufffd" not in value:
            return None
        marked = self._simplify(re.sub(r"[?\ufffd]", "ъъ", value))
        if len(marked.replace("ъъ", "").replace(" ", "")) < SHORTEST:
            return None
        pattern = re.compile(re.escape(marked).replace("ъъ", r"\w{1,2}"))
        hits: set[T] = set()
        for text, targets in self._same.items():
            if pattern.fullmatch(text):
                hits |= targets
        return hits

    def _nearest(self, simple: str) -> tuple[T] | None:
        from rapidfuzz import fuzz, process

        folded = fold(simple)
        if len(folded) < SHORTEST or not self._same:
            return None
        scores: dict[T, float] = {}
        for _, score, position in process.extract(
            folded, self._folded_texts, scorer=fuzz.ratio, limit=12
        ):
            for target in self._same[self._texts[position]]:
                if score > scores.get(target, 0.0):
                    scores[target] = score
        return self._clear_winner(scores, simple)

    def _clear_winner(self, scores: dict[T, float], simple: str) -> tuple[T] | None:
        ranked = sorted(scores.items(), key=lambda pair: -pair[1])
        if not ranked or ranked[0][1] < SIMILAR:
            return None
        if len(ranked) > 1 and ranked[0][1] - ranked[1][1] < CLEARLY:
            return None
        best = ranked[0][0]
        its_texts = [text for text in self._texts if best in self._same[text]]
        return (best,) if any(_is_compatible(simple, text) for text in its_texts) else None


def _only(found: set[T] | None) -> tuple[T] | None:
    """The single element of a set, in a tuple so that 0 and "" count."""
    return (next(iter(found)),) if found is not None and len(found) == 1 else None


def nearest(value: str, candidates: Iterable[str]) -> Match[str]:
    """The candidate meant by `value`, by the rule of this module."""
    return Matcher((text, text) for text in candidates).find(value)
