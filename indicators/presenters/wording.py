"""The questions over the waves in words, both wordings side by side."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext, ngettext, pgettext

from indicators.pipeline.wording import Difference, Piece, QuestionAsked, marked_words
from indicators.presenters.numbers import percent, whole
from indicators.vocabulary import Comparability, ItemKind, Language, QuestionChange
from indicators.words import word

LANGUAGES = (Language.KY, Language.RU, Language.EN)


@dataclass(frozen=True, slots=True)
class TextRow:
    """One thing in both versions, in pieces; `is_trivial`: only typing differs."""

    label: str
    old: tuple[Piece, ...]
    new: tuple[Piece, ...]
    is_trivial: bool = False


@dataclass(frozen=True, slots=True)
class DecisionView:
    word: str
    by: str
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class QuestionView:
    """`seen` goes with the tick box: question and decision in force. `history`: older decisions."""

    pk: int
    item: int
    seen: str
    is_chosen: bool
    name: str
    tags: tuple[str, ...]
    rows: tuple[TextRow, ...]
    indicators: tuple[str, ...]
    status: str
    status_word: str
    note: str
    decision: DecisionView | None
    history: tuple[DecisionView, ...]
    is_linked: bool


@dataclass(frozen=True, slots=True)
class LinkView:
    """Two questions that may be one."""

    earlier: int
    later: int
    name: str
    likeness: str
    rows: tuple[TextRow, ...]


@dataclass(frozen=True, slots=True)
class PairView:
    """Two versions; `added` and `gone`: (name, wording) of questions that one of them has."""

    old: str
    new: str
    counts: tuple[tuple[str, str], ...]
    questions: tuple[QuestionView, ...]
    links: tuple[LinkView, ...]
    added: tuple[tuple[str, str], ...]
    gone: tuple[tuple[str, str], ...]


def pair_views(page: Any, chosen: Collection[int]) -> list[PairView]:
    """`chosen`: questions ticked in a form that is shown again."""
    return [_pair(pair, page.indicators, chosen) for pair in page.pairs]


def _pair(
    pair: Any, indicators: Mapping[int, tuple[str, ...]], chosen: Collection[int]
) -> PairView:
    added, gone = pair.added(), pair.gone()
    both = [row for row in pair.rows if row.compared.is_in_both]
    trivial = [row for row in both if row.compared.differences and not row.compared.is_real]
    alike = [row for row in both if not row.compared.differences]
    counts = (
        (gettext("asked alike"), len(alike)),
        (gettext("only typed differently"), len(trivial)),
        (gettext("changed"), pair.n_changed),
        (gettext("new"), len(added)),
        (gettext("no longer asked"), len(gone)),
        (gettext("waiting for a decision"), pair.n_undecided),
    )
    return PairView(
        old=use_text(pair.old),
        new=use_text(pair.new),
        counts=tuple((label, whole(n)) for label, n in counts),
        questions=tuple(_question(row, indicators, chosen) for row in both if row.is_listed),
        links=tuple(
            LinkView(
                earlier=gone[link.old.name].item,
                later=added[link.new.name].item,
                name=f"{link.old.file_name} → {link.new.file_name}",
                likeness=percent(link.likeness),
                rows=tuple(_wordings(link.old, link.new, ())),
            )
            for link in pair.links()
        ),
        added=tuple((row.compared.new.file_name, _text(row)) for row in added.values()),
        gone=tuple((row.compared.old.file_name, _text(row)) for row in gone.values()),
    )


def use_text(use: Any) -> str:
    """ "Baseline (version 2025100101)"."""
    names = {"waves": ", ".join(use.waves), "version": use.version}
    return gettext("%(waves)s (version %(version)s)") % names


def _text(row: Any) -> str:
    (one,) = row.compared.differences
    return str(one.old or one.new)


def _question(
    row: Any, indicators: Mapping[int, tuple[str, ...]], chosen: Collection[int]
) -> QuestionView:
    old, new = row.compared.old, row.compared.new
    newest = row.decisions[0] if row.decisions else None
    differences = row.compared.differences
    views = tuple(map(_decision, row.decisions))
    same_name = old.file_name == new.file_name
    return QuestionView(
        pk=row.question,
        item=row.item,
        seen=f"{row.question}:{newest.pk if newest else 0}",
        is_chosen=row.question in chosen,
        name=new.file_name if same_name else f"{old.file_name} → {new.file_name}",
        tags=tuple(dict.fromkeys(str(word(one.what)) for one in differences)),
        rows=(*_wordings(old, new, differences), *map(_other, _others(differences))),
        indicators=indicators.get(row.item, ()),
        status=row.status.value,
        status_word=str(word(row.status)),
        note=_note(row),
        decision=views[0] if views else None,
        history=views[1:],
        is_linked=row.is_linked,
    )


def _note(row: Any) -> str:
    """Why a question stands as it does where nobody decided."""
    if row.decisions:
        return ""
    if row.status is Comparability.UNDECIDED:
        return gettext("Nobody has decided yet: it counts as not comparable.")
    return gettext("Only spaces, quotes, punctuation or letter case differ: it counts by itself.")


def _decision(row: Any) -> DecisionView:
    kind = Comparability.COMPARABLE if row.is_comparable else Comparability.NOT_COMPARABLE
    by = gettext("the framework file") if row.is_from_file else row.decided_by
    return DecisionView(
        word=str(word(kind)),
        by=by or pgettext("wording", "a person who is gone"),
        at=row.decided_at,
        reason=row.reason,
    )


def _wordings(
    old: QuestionAsked, new: QuestionAsked, differences: Sequence[Difference]
) -> list[TextRow]:
    """Every language of the question, also those that stayed."""
    trivial = {
        one.language for one in differences if one.what is QuestionChange.WORDING and one.is_trivial
    }
    return [
        TextRow(str(word(language)), *marked_words(before, after), language in trivial)
        for language, before, after in zip(LANGUAGES, old.labels, new.labels, strict=True)
        if before or after
    ]


def _others(differences: Sequence[Difference]) -> list[Difference]:
    return [one for one in differences if one.what is not QuestionChange.WORDING]


def _other(one: Difference) -> TextRow:
    label = str(word(one.what))
    if one.language:
        label = f"{label}, {word(Language(one.language))}"
    old, new = one.old, one.new
    if one.what is QuestionChange.KIND:
        old, new = (str(word(ItemKind(kind))) for kind in (old, new))
    return TextRow(label, *marked_words(old, new), one.is_trivial)


@dataclass(frozen=True, slots=True)
class NoteView:
    """What a page of a file or a wave says about its questions; `text` is empty where all agree."""

    text: str
    is_warning: bool
    instrument: str


def wording_note_view(note: Any) -> NoteView:
    return NoteView(_note_text(note), bool(note.n_undecided), note.instrument)


def _note_text(note: Any) -> str:
    if note.n_undecided:
        text = ngettext(
            "%(n)s question differs from the wave before and nobody has decided whether its "
            "answers compare. It counts as not comparable.",
            "%(n)s questions differ from the wave before and nobody has decided whether their "
            "answers compare. They count as not comparable.",
            note.n_undecided,
        )
        return text % {"n": whole(note.n_undecided)}
    if note.n_changed or note.n_proposed:
        return gettext("Some questions are not asked as in the wave before.")
    return ""
