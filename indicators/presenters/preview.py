"""What a decision about a file would change, in words and numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext, ngettext

from indicators.presenters.numbers import DASH, Scale, whole
from indicators.presenters.row_differences import RowsView, rows_view
from indicators.presenters.upload import FunnelStep, funnel_steps
from indicators.presenters.words import respondent_text, status_view, verdict_view
from indicators.vocabulary import PreviewStep, UploadState
from indicators.words import word

ARROW = " → "
SCHOOLS_SHOWN = 30


@dataclass(frozen=True, slots=True)
class MoveLine:
    """One figure: "4.02 → 4.11"; what stays is told once."""

    code: str
    name: str
    wave: str
    value: str
    n: str
    word: str
    is_word_new: bool
    status: str
    is_status_new: bool


@dataclass(frozen=True, slots=True)
class BaseLine:
    wave: str
    respondent: str
    n: str
    n_schools: str
    schools: str


@dataclass(frozen=True, slots=True)
class PreviewView:
    step: str
    title: str
    state: str  # none, waiting, refused, done
    sentence: str = ""
    is_outdated: bool = False
    finished: datetime | None = None
    funnel: tuple[FunnelStep, ...] = ()
    bases: tuple[BaseLine, ...] = ()
    lines: tuple[MoveLine, ...] = ()
    replaces: str = ""
    replaces_pk: int | None = None
    rows: RowsView | None = None


def preview_views(sheets: Mapping[str, Any], upload: Any) -> list[PreviewView]:
    """One per decision that can be taken about the file now, worked out or not."""
    steps = []
    if upload.state == UploadState.ACCEPTED:
        steps = [PreviewStep.WITHDRAW]
    elif upload.can_accept:
        steps = [PreviewStep.ACCEPT]
    if upload.state != UploadState.ACCEPTED and _can_replace(sheets):
        steps = [PreviewStep.REPLACE, *steps]
    return [
        preview_view(sheets[step])
        if step in sheets
        else PreviewView(step.value, str(word(step)), "none")
        for step in steps
    ]


def _can_replace(sheets: Mapping[str, Any]) -> bool:
    """Whether an earlier version was found whose place the file can take."""
    found = sheets.get(PreviewStep.REPLACE)
    return found is not None and found.is_finished and not found.error


def preview_view(sheet: Any) -> PreviewView:
    state = "waiting" if not sheet.is_finished else "refused" if sheet.error else "done"
    return PreviewView(
        step=sheet.step,
        title=str(word(PreviewStep(sheet.step))),
        state=state,
        sentence=_why_not(sheet) if sheet.error else _summary(sheet),
        is_outdated=sheet.is_outdated,
        finished=sheet.finished_at,
        funnel=tuple(funnel_steps(_Funnel(*sheet.funnel))) if sheet.funnel else (),
        bases=tuple(map(_base_line, sheet.bases)),
        lines=tuple(map(_move_line, sheet.movements)),
        replaces=sheet.replaces,
        replaces_pk=sheet.replaces_pk,
        rows=rows_view(sheet.rows) if sheet.rows else None,
    )


@dataclass(frozen=True, slots=True)
class _Funnel:
    opened: int
    consented: int
    answered: int
    used: int


def _why_not(sheet: Any) -> str:
    if sheet.error == "refused":
        return gettext("This is not possible now: problems block the file. Check it again.")
    if sheet.error == "not_withdrawn":
        text = gettext("This is not possible now: later data stand on it (%(what)s).")
        return text % {"what": sheet.what}
    return gettext(
        "This could not be worked out. Ask again; the administrator finds why in the log."
    )


def _summary(sheet: Any) -> str:
    """How many indicators and words move, in one line."""
    n = len({move.indicator.pk for move in sheet.movements})
    if not n:
        return gettext("No number of the project changes.")
    n_words = sum(_is_word_new(move) for move in sheet.movements)
    n_statuses = sum(_is_status_new(move) for move in sheet.movements)
    parts = [
        ngettext("%(n)s indicator changes", "%(n)s indicators change", n) % {"n": whole(n)},
        ngettext("%(n)s word for a change", "%(n)s words for a change", n_words)
        % {"n": whole(n_words)},
        ngettext("%(n)s status of a target", "%(n)s statuses of targets", n_statuses)
        % {"n": whole(n_statuses)},
    ]
    return ", ".join(parts) + "."


def _base_line(move: Any) -> BaseLine:
    shown = [
        f"{code} {whole(before)}{ARROW}{whole(after)}"
        for code, before, after in move.schools[:SCHOOLS_SHOWN]
    ]
    more = len(move.schools) - len(shown)
    return BaseLine(
        wave=move.wave,
        respondent=respondent_text(move.respondent),
        n=_pair(whole(move.before), whole(move.after)),
        n_schools=whole(len(move.schools)),
        schools=", ".join(shown) + (f" … (+{whole(more)})" if more else ""),
    )


def _move_line(move: Any) -> MoveLine:
    scale = Scale(move.indicator.kind, move.indicator.decimals, move.indicator.unit)
    before, after = move.before, move.after
    values = (before["value"], after["value"])
    return MoveLine(
        code=move.indicator.code,
        name=move.indicator.name,
        wave=move.wave,
        value=_pair(scale.value(values[0], beside=values), scale.value(values[1], beside=values)),
        n=_pair(whole(before["n"]), whole(after["n"])),
        word=_pair(_verdict(before, move), _verdict(after, move)),
        is_word_new=_is_word_new(move),
        status=_pair(_status(before), _status(after)),
        is_status_new=_is_status_new(move),
    )


def _is_word_new(move: Any) -> bool:
    return _verdict(move.before, move) != _verdict(move.after, move)


def _is_status_new(move: Any) -> bool:
    return bool(move.before["status"] != move.after["status"])


def _verdict(figure: Mapping[str, Any], move: Any) -> str:
    if not figure["verdict"]:
        return DASH
    return verdict_view(figure["verdict"], figure["reason"], move.indicator.direction).word


def _status(figure: Mapping[str, Any]) -> str:
    return status_view(figure["status"]).word if figure["status"] else DASH


def _pair(before: str, after: str) -> str:
    return after if before == after else before + ARROW + after
