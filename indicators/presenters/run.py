"""Calculations in words: state, progress, how long it took, whether it is published."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext, ngettext, pgettext

from indicators.presenters.consistency import summary
from indicators.presenters.numbers import DASH, fixed
from indicators.vocabulary import RunState
from indicators.words import word


@dataclass(frozen=True, slots=True)
class RunView:
    pk: int
    state: str
    state_word: str
    step: str
    done: int
    total: int
    is_final: bool
    is_done: bool
    is_published: bool
    is_cancel_asked: bool
    error: str
    error_detail: str
    started_by: str
    created: datetime
    took: str
    release: str
    note: str
    code_version: str
    input_sha256: str
    checks: str = ""
    has_findings: bool = False
    lost: str = ""


def run_view(row: Any) -> RunView:
    return RunView(
        pk=row.pk,
        state=row.state,
        state_word=str(word(RunState(row.state))),
        step=step_text(row.step),
        done=row.done,
        total=row.total,
        is_final=row.is_final,
        is_done=row.state == RunState.DONE,
        is_published=row.is_published,
        is_cancel_asked=row.is_cancel_asked,
        error=_error(row),
        error_detail=row.error,
        started_by=row.started_by or DASH,
        created=row.created_at,
        took=took(row.started_at, row.finished_at),
        release=_release(row),
        note=row.note,
        code_version=row.code_version,
        input_sha256=row.input_sha256,
        checks=summary(*row.checked) if row.checked else "",
        has_findings=bool(row.checked and row.checked[1]),
        lost=_lost(row.n_lost),
    )


def _lost(n: int) -> str:
    """References of texts that lead nowhere; empty when there is none."""
    text = ngettext(
        "%(n)s reference in a text leads nowhere.", "%(n)s references in texts lead nowhere.", n
    )
    return text % {"n": n} if n else ""


def took(start: datetime | None, end: datetime | None) -> str:
    """How long it took: "0.4 seconds", "3 minutes"."""
    if start is None or end is None:
        return DASH
    seconds = (end - start).total_seconds()
    if seconds < 90:
        return gettext("%(n)s seconds") % {"n": fixed(seconds, 1 if seconds < 10 else 0)}
    minutes = round(seconds / 60)
    return ngettext("%(n)s minute", "%(n)s minutes", minutes) % {"n": minutes}


def step_text(step: str) -> str:
    words = {
        "read": gettext("reading the answers"),
        "tally": gettext("adding up the answers"),
        "estimate": gettext("computing levels and changes"),
        "assess": gettext("comparing with the targets"),
        "store": gettext("storing the results"),
        "done": gettext("finished"),
    }
    return words.get(step, step)


def _error(row: Any) -> str:
    if row.state == RunState.FAILED:
        return gettext(
            "The calculation stopped at an error. No number was changed: what was published "
            "before is still shown. Calculate again; if it stops again, give the technical "
            "message below to the person who runs this site."
        )
    if row.state == RunState.INTERRUPTED:
        return gettext(
            "The calculation was cancelled or the program was stopped. No number was changed. "
            "Calculate again when you are ready."
        )
    return ""


def _release(row: Any) -> str:
    if row.is_published:
        if row.is_shown:
            return gettext("published: donors see this one")
        return pgettext("calculation", "published earlier, replaced by a newer one")
    if row.withdrawn_at:
        return pgettext("calculation", "withdrawn")
    return pgettext("calculation", "not published")
