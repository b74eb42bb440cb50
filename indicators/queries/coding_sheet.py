"""One open answer to be coded, and its place among the others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from indicators.models import Theme, Wave
from indicators.queries.open_answers import (
    Key,
    OpenAnswer,
    StoredCode,
    codes_of,
    key_text,
    open_answers,
    stored_codes,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from indicators.models import Item, Project, User

UNCODED, ALL, CODED = "uncoded", "all", "coded"


@dataclass(frozen=True, slots=True)
class ThemeChoice:
    code: str
    label: str
    definition: str
    is_active: bool


@dataclass(frozen=True, slots=True)
class CodingSheet:
    """`mine`: what this coder said (theme codes), None: nothing yet. Keys as in `key_text`."""

    wave: Wave
    answer: OpenAnswer | None
    key: str
    mine: tuple[str, ...] | None
    revision: int | None
    themes: tuple[ThemeChoice, ...]
    place: int  # from 1, among all answers of the wave
    n_answers: int
    n_mine: int
    previous: str
    following: str


def wave_of_answers(project: Project, code: str) -> Wave | None:
    return Wave.objects.filter(project=project, code=code).first()


def wave_answers(item: Item, wave: Wave) -> tuple[OpenAnswer, ...]:
    parts = open_answers(item.instrument.project, [item], wave.pk)
    return parts[0].answers if parts else ()


def coding_sheet(*, item: Item, wave: Wave, coder: User, look: str, key: str) -> CodingSheet:
    """The answer asked for, else the first that fits `look`. Nobody sees what others said.

    Eight queries; reads all answers to the question in this wave.
    """
    answers = wave_answers(item, wave)
    codes = stored_codes(item.instrument.project, item.pk, wave.pk)
    mine = {key_text(one): _of(coder, one, codes) for one in answers}
    themes = list(Theme.objects.filter(item=item))
    place = _place(answers, mine, look, key)
    answer = answers[place] if place is not None else None
    found = mine[key_text(answer)] if answer else None
    by_pk = {theme.pk: theme.code for theme in themes}
    given = tuple(by_pk[pk] for pk in found.themes) if found else ()
    return CodingSheet(
        wave=wave,
        answer=answer,
        key=key_text(answer) if answer else "",
        mine=tuple(sorted(given)) if found else None,
        revision=found.revision if found else None,
        themes=tuple(
            ThemeChoice(one.code, one.label or one.code, one.definition, one.is_active)
            for one in themes
            if one.is_active or one.code in given
        ),
        place=place + 1 if place is not None else 0,
        n_answers=len(answers),
        n_mine=sum(one is not None for one in mine.values()),
        previous=_step(answers, mine, look, place, -1),
        following=_step(answers, mine, look, place, 1),
    )


def _of(coder: User, answer: OpenAnswer, codes: dict[Key, list[StoredCode]]) -> StoredCode | None:
    return next((one for one in codes_of(answer, codes) if one.coder == coder.pk), None)


def _fits(code: StoredCode | None, look: str) -> bool:
    return look == ALL or (code is None) == (look != CODED)


def _place(
    answers: Sequence[OpenAnswer], mine: dict[str, StoredCode | None], look: str, key: str
) -> int | None:
    keys = [key_text(one) for one in answers]
    if key in mine:
        return keys.index(key)
    return next((place for place, one in enumerate(keys) if _fits(mine[one], look)), None)


def _step(
    answers: Sequence[OpenAnswer],
    mine: dict[str, StoredCode | None],
    look: str,
    place: int | None,
    step: int,
) -> str:
    """Key of the next answer that fits, in one direction; empty at the end."""
    if place is None:
        return ""
    rest = answers[place + 1 :] if step > 0 else answers[:place][::-1]
    return next((key_text(one) for one in rest if _fits(mine[key_text(one)], look)), "")
