"""The list of questions, narrowed by questionnaire and by a word, and one question."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.utils.translation import gettext, ngettext

from indicators.presenters import numbers
from indicators.presenters.indicator_filter import Chip, Choice, Select
from indicators.presenters.inside import FEW
from indicators.presenters.item_answers import AnswersTable, answers_table, share_text
from indicators.presenters.lines import wave_names
from indicators.presenters.numbers import DASH, MORE_DECIMALS
from indicators.presenters.quality import pattern_text
from indicators.presenters.words import reason_text, respondent_text
from indicators.vocabulary import ItemKind, Respondent
from indicators.words import word

if TYPE_CHECKING:
    from indicators.results import ItemHead, ItemLevel, ItemLine, ItemList, ItemSheet, Move, UsedBy


@dataclass(frozen=True, slots=True)
class ItemRow:
    """One question of the list. `values`, `bases`: by wave."""

    instrument: str
    name: str
    label: str
    kind: str
    values: tuple[str, ...]
    n: str


@dataclass(frozen=True, slots=True)
class ItemBlock:
    title: str
    rows: tuple[ItemRow, ...]

    @property
    def inside(self) -> str:
        """What is said of them when folded."""
        n = len(self.rows)
        return ngettext("%(n)s question", "%(n)s questions", n) % {"n": numbers.whole(n)}


@dataclass(frozen=True, slots=True)
class ItemSection:
    """One questionnaire; a director's facts and opinions are two."""

    key: str
    title: str
    note: str
    blocks: tuple[ItemBlock, ...]


@dataclass(frozen=True, slots=True)
class ItemListView:
    baseline: str
    endline: str
    sections: tuple[ItemSection, ...]
    selects: tuple[Select, ...]
    text: str
    chips: tuple[Chip, ...]
    n_shown: int
    n_all: int

    @property
    def is_short(self) -> bool:
        return self.n_shown <= FEW


def item_list_view(found: ItemList, *, instrument: str, text: str) -> ItemListView:
    """`instrument`: code of a questionnaire, `text`: a word of the question; empty for all."""
    heads = {line.item.instrument: line.item.instrument_name for line in found.lines}
    shown = [
        line
        for line in found.lines
        if instrument in ("", line.item.instrument) and _has(line.item, text)
    ]
    names = wave_names(found.waves)
    choices = tuple(Choice(code, name, code == instrument) for code, name in heads.items())
    return ItemListView(
        baseline=names[0],
        endline=names[1],
        sections=_sections(shown),
        selects=(Select("instrument", gettext("Questionnaire"), choices),),
        text=text,
        chips=_chips(heads, instrument, text),
        n_shown=len(shown),
        n_all=len(found.lines),
    )


def _has(item: ItemHead, text: str) -> bool:
    wanted = text.casefold().strip()
    return wanted in item.label.casefold() or wanted in item.name.casefold()


def _chips(heads: Mapping[str, str], instrument: str, text: str) -> tuple[Chip, ...]:
    asked = {key: one for key, one in (("instrument", instrument), ("text", text)) if one}
    words = {"instrument": heads.get(instrument, instrument), "text": text}
    labels = {"instrument": gettext("Questionnaire"), "text": gettext("Text")}
    return tuple(
        Chip(
            f"{labels[key]}: {words[key]}",
            "?" + urlencode({other: one for other, one in asked.items() if other != key}),
        )
        for key in asked
    )


def _sections(lines: Iterable[ItemLine]) -> tuple[ItemSection, ...]:
    groups: dict[tuple[str, str, str], list[ItemLine]] = {}
    for line in lines:
        item = line.item
        groups.setdefault((item.instrument, item.instrument_name, _sort(item)), []).append(line)
    return tuple(
        ItemSection(
            key=f"{code}-{sort}" if sort else code,
            title=f"{name}: {_SORTS[sort]()}" if sort else name,
            note=found[0].item.limits,
            blocks=_blocks(found),
        )
        for (code, name, sort), found in groups.items()
    )


def _sort(item: ItemHead) -> str:
    """A director's facts and opinions never stand in one list."""
    if item.respondent != Respondent.DIRECTOR:
        return ""
    return "opinions" if item.is_opinion else "facts"


_SORTS = {
    "facts": lambda: gettext("facts"),
    "opinions": lambda: gettext("opinions of the directors"),
}


def _blocks(lines: Iterable[ItemLine]) -> tuple[ItemBlock, ...]:
    groups: dict[str, list[ItemLine]] = {}
    for line in lines:
        title = gettext("About the respondent") if line.item.is_background else line.item.block
        groups.setdefault(title, []).append(line)
    return tuple(ItemBlock(title, tuple(map(_row, found))) for title, found in groups.items())


def _row(line: ItemLine) -> ItemRow:
    waves = (line.baseline, line.endline)
    item = line.item
    return ItemRow(
        instrument=item.instrument,
        name=item.name,
        label=item.label,
        kind=str(word(ItemKind(item.kind))),
        values=tuple(map(value_text, waves)),
        n=" / ".join(numbers.base(one.n, one.below) if one else DASH for one in waves),
    )


def value_text(level: ItemLevel | None) -> str:
    """The one number a list has room for: the recommend score, the mean; a dash for others."""
    if level is None:
        return DASH
    if level.score is not None:
        return numbers.fixed(level.score, 1)
    return numbers.fixed(level.mean, MORE_DECIMALS)


# --- one question -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class WordingView:
    waves: str
    label: str


@dataclass(frozen=True, slots=True)
class ItemView:
    name: str
    label: str
    questionnaire: str
    who: str
    block: str
    sort: str
    finding: str
    wordings: tuple[WordingView, ...]
    wording_note: str
    answers: AnswersTable
    change: str
    pattern: str
    direct: tuple[UsedBy, ...]
    by_index: tuple[UsedBy, ...]
    cautions: tuple[str, ...]
    is_empty: bool


def item_view(sheet: ItemSheet) -> ItemView:
    item = sheet.line.item
    names = wave_names(sheet.waves)
    pattern = pattern_text(sheet.line.test) if sheet.is_comparable else ""
    levels = [level for level in (sheet.line.baseline, sheet.line.endline) if level]
    return ItemView(
        name=item.name,
        label=item.label,
        questionnaire=item.instrument_name,
        who=respondent_text(item.respondent),
        block=item.block,
        sort=_SORTS[_sort(item)]() if _sort(item) else "",
        finding=_finding(sheet, names),
        wordings=tuple(WordingView(", ".join(one.waves), one.label) for one in sheet.wordings)
        if len(sheet.wordings) > 1
        else (),
        wording_note=_wording_note(sheet),
        answers=answers_table(sheet, names),
        change=_change(sheet.change) if sheet.is_comparable else "",
        pattern=pattern,
        direct=tuple(one for one in sheet.used_by if not one.index),
        by_index=tuple(one for one in sheet.used_by if one.index),
        cautions=_cautions(item),
        is_empty=not levels,
    )


def _finding(sheet: ItemSheet, names: tuple[str, str]) -> str:
    """The one sentence a reader takes away, from the last wave with answers."""
    found = [
        (name, level)
        for name, level in zip(names, (sheet.line.baseline, sheet.line.endline), strict=True)
        if level is not None and level.n
    ]
    if not found:
        return ""
    name, level = found[-1]
    words = {"wave": name, "n": numbers.whole(level.n)}
    if level.score is not None:
        words["score"] = numbers.fixed(level.score, 1)
        return gettext("%(wave)s: a recommendation score of %(score)s (n %(n)s).") % words
    if sheet.line.item.kind == ItemKind.TEXT:
        return gettext("%(wave)s: %(n)s people wrote something.") % words
    # Hidden are the smallest, so the largest that is shown is the largest of all.
    shown = {code: times for code, times in (level.counts or {}).items() if times}
    if not shown:
        return ""
    code = max(shown, key=lambda one: (shown[one] or 0, one))
    words["share"] = share_text((shown[code] or 0) / (level.n or 1), level.n)
    words["answer"] = {str(o.code): o.label for o in sheet.options}.get(code, code)
    return (
        gettext("%(wave)s: the most frequent answer is “%(answer)s”, %(share)s (n %(n)s).") % words
    )


def _wording_note(sheet: ItemSheet) -> str:
    waves = (sheet.line.baseline, sheet.line.endline)
    if sheet.waves.endline is not None and None in waves and any(waves):
        return gettext("This question was asked in one wave only, so there is nothing to compare.")
    if not sheet.is_comparable and all(waves):
        return gettext(
            "The question was changed between the waves: both are shown, but their answers are not"
            " compared."
        )
    if len(sheet.wordings) > 1:
        return gettext("The wordings differ a little; the answers count as one series.")
    return ""


def _change(change: Move | None) -> str:
    if change is None or change.difference is None:
        return reason_text(change.reason) if change and change.reason else ""
    words = {
        "change": numbers.signed(change.difference, MORE_DECIMALS),
        "n": numbers.whole(change.n_schools),
    }
    if change.ci_low is None or change.ci_high is None:
        return (
            gettext("Change of the mean in the schools of both waves (%(n)s): %(change)s.") % words
        )
    words |= {
        "low": numbers.signed(change.ci_low, MORE_DECIMALS),
        "high": numbers.signed(change.ci_high, MORE_DECIMALS),
    }
    return (
        gettext(
            "Change of the mean in the schools of both waves (%(n)s): %(change)s, 95 %% range"
            " %(low)s to %(high)s."
        )
        % words
    )


def _cautions(item: ItemHead) -> tuple[str, ...]:
    found = [item.limits] if item.limits else []
    if item.respondent == Respondent.DIRECTOR:
        found.append(
            gettext("An opinion of the directors, not a fact about their schools.")
            if item.is_opinion
            else gettext("A fact about the school as its director reports it.")
        )
    if item.is_reversed:
        found.append(gettext("In the index this question counts in reverse: less is better."))
    return tuple(found)
