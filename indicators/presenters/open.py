"""Open questions in words and numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext, ngettext

from indicators.presenters.numbers import DASH, base, fixed, percent, whole
from indicators.presenters.words import respondent_text

if TYPE_CHECKING:
    from indicators.results.open import OpenQuote, OpenSheet, OpenWave, ThemeCell, ThemeLine

GOOD, FAIR = 0.8, 0.6  # conventions for kappa, said as words beside the number


@dataclass(frozen=True, slots=True)
class ShareView:
    share: str
    n: str  # empty where there is no share
    width: int  # of the bar, 0-100


@dataclass(frozen=True, slots=True)
class ThemeView:
    pk: int
    code: str
    label: str
    definition: str
    note: str
    shares: tuple[ShareView, ...]


@dataclass(frozen=True, slots=True)
class WaveView:
    code: str
    name: str
    base: str
    sentence: str
    agreement: str
    is_hidden: bool


@dataclass(frozen=True, slots=True)
class KappaView:
    theme: str
    text: str


@dataclass(frozen=True, slots=True)
class OpenView:
    instrument: str
    item: str
    label: str
    who: str
    finding: str
    waves: tuple[WaveView, ...]
    themes: tuple[ThemeView, ...]
    kappas: tuple[KappaView, ...]
    cautions: tuple[str, ...]
    quotes: tuple[OpenQuote, ...]


def open_view(sheet: OpenSheet, *, for_team: bool) -> OpenView:
    """One question with its themes. `for_team`: agreement of coders theme by theme."""
    head = sheet.head
    return OpenView(
        instrument=head.instrument,
        item=head.item,
        label=head.label,
        who=f"{head.instrument_name} · {respondent_text(head.respondent)}",
        finding=_finding(sheet),
        waves=tuple(map(_wave, sheet.waves)),
        themes=tuple(_theme(one, len(sheet.waves)) for one in sheet.themes),
        kappas=tuple(_kappas(sheet)) if for_team else (),
        cautions=tuple(_cautions(sheet)),
        quotes=sheet.quotes,
    )


def _finding(sheet: OpenSheet) -> str:
    """The theme named most often in the last wave that can be shown."""
    for place in range(len(sheet.waves) - 1, -1, -1):
        wave = sheet.waves[place]
        found = [(cell.share or 0.0, line) for line in sheet.themes if (cell := line.cells[place])]
        if wave.n_coded and found:
            share, line = max(found, key=lambda one: one[0])
            if share:
                return gettext(
                    "%(wave)s: the theme named most often is “%(theme)s”, in %(share)s of "
                    "%(n)s coded answers."
                ) % {
                    "wave": wave.name,
                    "theme": line.label,
                    "share": percent(share),
                    "n": whole(wave.n_coded),
                }
    return ""


def _wave(wave: OpenWave) -> WaveView:
    if wave.below is not None:
        return WaveView(
            code=wave.code,
            name=wave.name,
            base=base(None, wave.below),
            sentence=gettext("Fewer than %(n)s coded answers: the themes are not shown.")
            % {"n": whole(wave.below)},
            agreement="",
            is_hidden=True,
        )
    n_answers, n_coded = wave.n_answers or 0, wave.n_coded or 0
    sentence = gettext("%(answers)s of %(used)s people wrote something; %(coded)s were coded.") % {
        "answers": whole(n_answers),
        "used": whole(wave.n_used),
        "coded": whole(n_coded),
    }
    if without := wave.n_unthemed:
        text = ngettext("In %(n)s no theme fits.", "In %(n)s of these no theme fits.", without)
        sentence += " " + text % {"n": whole(without)}
    return WaveView(
        code=wave.code,
        name=wave.name,
        base=whole(n_coded),
        sentence=sentence,
        agreement=agreement_text(wave),
        is_hidden=False,
    )


def agreement_text(wave: OpenWave) -> str:
    """How far two readings agree, beyond chance."""
    if not wave.n_double:
        return gettext("Each answer was read by one person: how alike two would code is unknown.")
    known = {"n": whole(wave.n_double), "kappa": fixed(wave.kappa, 2)}
    if wave.kappa is None:
        text = gettext(
            "%(n)s answers were read by two people, who differ in nothing that kappa could measure."
        )
        return text % known
    words = (
        gettext("good agreement")
        if wave.kappa >= GOOD
        else gettext("fair agreement")
        if wave.kappa >= FAIR
        else gettext("weak agreement: the shares are rough")
    )
    text = gettext("%(n)s answers were read by two people: kappa %(kappa)s, %(words)s.")
    return text % (known | {"kappa": kappa_text(wave), "words": words})


def kappa_text(one: OpenWave | ThemeCell) -> str:
    if one.kappa is None:
        return ""
    if one.kappa_low is None or one.kappa_high is None:
        return fixed(one.kappa, 2)
    limits = f"{fixed(one.kappa_low, 2)} {gettext('to')} {fixed(one.kappa_high, 2)}"
    return f"{fixed(one.kappa, 2)} ({limits})"


def _kappas(sheet: OpenSheet) -> Iterator[KappaView]:
    for line in sheet.themes:
        parts = [
            f"{wave.name}: {kappa_text(cell)}"
            for wave, cell in zip(sheet.waves, line.cells, strict=True)
            if cell is not None and cell.kappa is not None
        ]
        if parts:
            yield KappaView(line.label, " · ".join(parts))


def _theme(line: ThemeLine, n_waves: int) -> ThemeView:
    cells: Sequence[ThemeCell | None] = line.cells or (None,) * n_waves
    note = ""
    if line.merged_into:
        note = gettext("counts as “%(theme)s”") % {"theme": line.merged_into}
    elif not line.is_active:
        note = gettext("out of use")
    return ThemeView(
        pk=line.pk,
        code=line.code,
        label=line.label,
        definition=line.definition,
        note=note,
        shares=tuple(_share(cell) for cell in cells),
    )


def _share(cell: ThemeCell | None) -> ShareView:
    if cell is None:
        return ShareView(DASH, "", 0)
    if cell.is_hidden:
        return ShareView(gettext("hidden"), "", 0)
    return ShareView(
        share=percent(cell.share),
        n=whole(cell.n_with),
        width=round(100 * (cell.share or 0)),
    )


def _cautions(sheet: OpenSheet) -> list[str]:
    texts = [
        gettext(
            "Only people who chose to write something are counted. The shares describe what they "
            "wrote; no word is said about a change."
        )
    ]
    if sheet.head.is_self_selected:
        texts.append(gettext("The people who answered chose themselves: they stand for no others."))
    if any((wave.n_answers or 0) > (wave.n_coded or 0) for wave in sheet.waves if not wave.below):
        texts.append(
            gettext("Not every answer is coded yet: the shares are those of the answers read.")
        )
    if any(cell and cell.is_hidden for line in sheet.themes for cell in line.cells):
        texts.append(gettext("Themes that very few people wrote of are hidden."))
    if sheet.limits:
        texts.append(sheet.limits)
    return texts
