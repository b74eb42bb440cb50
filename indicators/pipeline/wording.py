"""What changed in a questionnaire from one version to the next, and whether that is more than
typing: the one place that decides it.

A difference is *trivial* when only spaces, quotes, punctuation or letter case differ; a text that
one version does not have is no trivial difference. What a version does not say about its form
(older rows know no options) is not compared.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

from indicators.pipeline.shapes import Labels
from indicators.vocabulary import Comparability, Language, QuestionChange

LANGUAGES = (Language.KY, Language.RU, Language.EN)
RESEMBLING = 0.5  # least likeness (0-1) of two wordings that may be one question
# Signs that carry meaning: "50 %" is not "50", "-5" is not "5", "1.5" is not "15".
KEPT_SIGNS = frozenset("%&#@/*")
BETWEEN_DIGITS = re.compile(r"(?<=\d)[^\w\s](?=\d)|(?<!\w)-(?=\d)")
DASHES = re.compile("[\u2010-\u2015\u2212]")


@dataclass(frozen=True, slots=True)
class OptionAsked:
    """One answer option as printed in one version. `code` is None where the form has no number."""

    name: str
    code: int | None
    labels: Labels


@dataclass(frozen=True, slots=True)
class QuestionAsked:
    """One question as one version asks it. `name` is its lasting identity.

    `limits` is the form's rule for a valid answer, such as a range of numbers. `options` and
    `limits` are None where the version does not say.
    """

    name: str
    file_name: str
    labels: Labels
    kind: str
    block: str = ""
    rule: str = ""
    limits: str | None = None
    max_selected: int | None = None
    exclusive_option: str = ""
    options: tuple[OptionAsked, ...] | None = None


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that differs; `language` is empty where it concerns no single language."""

    what: QuestionChange
    old: str
    new: str
    language: str = ""
    is_trivial: bool = False


@dataclass(frozen=True, slots=True)
class ComparedQuestion:
    """One question in two versions; None where a version does not ask it."""

    old: QuestionAsked | None
    new: QuestionAsked | None
    differences: tuple[Difference, ...] = ()

    @property
    def name(self) -> str:
        asked = self.new or self.old
        return asked.name if asked else ""

    @property
    def is_in_both(self) -> bool:
        return self.old is not None and self.new is not None

    @property
    def is_real(self) -> bool:
        """Whether a person has to decide if the answers can be compared."""
        return self.is_in_both and not all(one.is_trivial for one in self.differences)


@dataclass(frozen=True, slots=True)
class ProposedLink:
    """A new question that resembles one no longer asked. `likeness` of the wordings: 0-1."""

    old: QuestionAsked
    new: QuestionAsked
    likeness: float


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a text; `is_changed` where the other text says something else."""

    text: str
    is_changed: bool


def compare_versions(
    old: Sequence[QuestionAsked], new: Sequence[QuestionAsked]
) -> tuple[ComparedQuestion, ...]:
    """Every question of either version: those of the new one in its order, then those gone."""
    before = {question.name: question for question in old}
    asked = {question.name for question in new}
    found = [_compared(before.get(question.name), question) for question in new]
    gone = [
        ComparedQuestion(question, None, (_presence(QuestionChange.REMOVED, question),))
        for question in old
        if question.name not in asked
    ]
    return (*found, *gone)


def comparability(question: ComparedQuestion, decided: bool | None) -> Comparability:
    """What a person decided; else trivial differences compare and real ones wait."""
    if not question.is_in_both:
        return Comparability.NOT_COMPARABLE
    if decided is None:
        return Comparability.UNDECIDED if question.is_real else Comparability.COMPARABLE
    return Comparability.COMPARABLE if decided else Comparability.NOT_COMPARABLE


def proposed_links(compared: Iterable[ComparedQuestion]) -> tuple[ProposedLink, ...]:
    """New questions with the vanished one they resemble most: same kind and same options.

    Each question stands in one proposal at most, the likest first.
    """
    questions = list(compared)
    candidates = [
        ProposedLink(gone.old, added.new, _likeness(gone.old, added.new))
        for gone in questions
        for added in questions
        if gone.old is not None and gone.new is None
        if added.new is not None and added.old is None
        if can_continue(gone.old, added.new)
    ]
    candidates.sort(key=lambda one: (-one.likeness, one.old.name, one.new.name))
    taken: set[str] = set()
    found: list[ProposedLink] = []
    for one in candidates:
        if one.likeness >= RESEMBLING and not taken & {one.old.name, one.new.name}:
            taken |= {one.old.name, one.new.name}
            found.append(one)
    return tuple(found)


def can_continue(old: QuestionAsked, new: QuestionAsked) -> bool:
    """Whether answers of both can be one series: same kind, same options in name and number."""
    return old.kind == new.kind and not any(
        one.what in (QuestionChange.OPTIONS, QuestionChange.CODES) for one in _scale(old, new)
    )


def marked_words(old: str, new: str) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """Both texts in pieces, word by word, those that differ marked. Joined they are the texts.

    What is trivial is marked only where nothing else differs.
    """
    first, second = _words(old), _words(new)
    keys = (first, second)
    if same_words(old) != same_words(new):
        keys = ([same_words(one) for one in first], [same_words(one) for one in second])
    left: list[Piece] = []
    right: list[Piece] = []
    for step, a, b, c, d in SequenceMatcher(None, *keys, autojunk=False).get_opcodes():
        for pieces, found in ((left, first[a:b]), (right, second[c:d])):
            pieces.extend(_pieces("".join(found), step != "equal"))
    return tuple(left), tuple(right)


def _pieces(text: str, is_changed: bool) -> Iterator[Piece]:
    """The space before a changed word is no part of the change."""
    word = text.lstrip() if is_changed else text
    if text != word and word:
        yield Piece(text[: -len(word)], False)
        text = word
    if text:
        yield Piece(text, is_changed)


# --- one question in two versions -------------------------------------------------------


def _compared(old: QuestionAsked | None, new: QuestionAsked) -> ComparedQuestion:
    if old is None:
        return ComparedQuestion(None, new, (_presence(QuestionChange.ADDED, new),))
    found = (*_texts(QuestionChange.WORDING, old.labels, new.labels), *_form(old, new))
    return ComparedQuestion(old, new, (*found, *_scale(old, new)))


def _presence(what: QuestionChange, question: QuestionAsked) -> Difference:
    text = next(filter(None, question.labels), question.file_name)
    return Difference(what, *(("", text) if what is QuestionChange.ADDED else (text, "")))


def _texts(what: QuestionChange, old: Labels, new: Labels) -> Iterator[Difference]:
    for language, before, after in zip(LANGUAGES, old, new, strict=True):
        if before != after:
            is_trivial = bool(before and after) and same_words(before) == same_words(after)
            yield Difference(what, before, after, language, is_trivial)


def _form(old: QuestionAsked, new: QuestionAsked) -> Iterator[Difference]:
    """Kind, section, rule for asking, valid answers, number of ticks."""
    pairs = [
        (QuestionChange.KIND, old.kind, new.kind),
        (QuestionChange.BLOCK, old.block, new.block),
        (QuestionChange.RULE, old.rule, new.rule),
    ]
    ticks = (_ticks(old), _ticks(new))
    if ticks[0] != ticks[1]:
        pairs.append((QuestionChange.TICKS, *ticks))
    elif old.limits is not None and new.limits is not None:
        pairs.append((QuestionChange.LIMITS, old.limits, new.limits))
    for what, before, after in pairs:
        if before != after:
            yield Difference(what, before, after, is_trivial=before.split() == after.split())


def _ticks(question: QuestionAsked) -> str:
    """ "3, not_ready": how many may be ticked, and the one that stands alone."""
    most = "" if question.max_selected is None else str(question.max_selected)
    return ", ".join(filter(None, (most, question.exclusive_option)))


def _scale(old: QuestionAsked, new: QuestionAsked) -> Iterator[Difference]:
    if old.options is None or new.options is None:
        return
    before = {option.name: option for option in old.options}
    after = {option.name: option for option in new.options}
    for name in before.keys() - after.keys():
        yield Difference(QuestionChange.OPTIONS, _option(before[name]), "")
    for name in after.keys() - before.keys():
        yield Difference(QuestionChange.OPTIONS, "", _option(after[name]))
    both = [name for name in before if name in after]
    for name in both:
        yield from _one_option(before[name], after[name])
    order = [name for name in after if name in before]
    if both != order:
        first, second = (
            ", ".join(_option(options[name]) for name in names)
            for options, names in ((before, both), (after, order))
        )
        yield Difference(QuestionChange.ORDER, first, second)


def _one_option(old: OptionAsked, new: OptionAsked) -> Iterator[Difference]:
    if old.code is not None and new.code is not None and old.code != new.code:
        yield Difference(
            QuestionChange.CODES, f"{old.name} = {old.code}", f"{new.name} = {new.code}"
        )
    yield from _texts(QuestionChange.LABELS, old.labels, new.labels)


def _option(option: OptionAsked) -> str:
    return next(filter(None, option.labels), option.name)


# --- words ------------------------------------------------------------------------------


@lru_cache(maxsize=4096)
def same_words(text: str) -> str:
    """A text without what is trivial: lower case, one space, no quotes and no punctuation."""
    plain = DASHES.sub("-", unicodedata.normalize("NFKC", text).casefold())
    meant = {match.start() for match in BETWEEN_DIGITS.finditer(plain)}
    kept = (
        sign if place in meant or sign in KEPT_SIGNS or not _is_trivial(sign) else " "
        for place, sign in enumerate(plain)
    )
    return " ".join("".join(kept).split())


def _is_trivial(sign: str) -> bool:
    """Punctuation, quotes and signs that only format, such as a soft hyphen or an accent alone."""
    category = unicodedata.category(sign)
    return category[0] == "P" or category in ("Cf", "Cc", "Sk")


def _likeness(old: QuestionAsked, new: QuestionAsked) -> float:
    """The best over the languages both have; 0 without any."""
    return max(
        (
            SequenceMatcher(None, same_words(a), same_words(b), autojunk=False).ratio()
            for a, b in zip(old.labels, new.labels, strict=True)
            if a and b
        ),
        default=0.0,
    )


def _words(text: str) -> list[str]:
    """Words with the spaces before them, so that nothing is lost when they are joined."""
    return re.findall(r"\s*\S+|\s+$", text)
