"""A step of a large file in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext

from indicators.vocabulary import RunState, UploadStep
from indicators.words import word


@dataclass(frozen=True, slots=True)
class JobView:
    """`text`: what goes on, or how it ended; `again`: the step to begin anew, where that helps."""

    text: str
    percent: int
    is_final: bool
    is_alert: bool
    is_cancel_asked: bool
    again: str


def job_view(row: Any) -> JobView | None:
    """None where there is nothing to say: no step was needed, or the newest one is done."""
    if row is None or row.state == RunState.DONE:
        return None
    is_over = row.is_final or row.is_silent
    return JobView(
        text=_ended(row) if is_over else _going_on(row),
        percent=row.percent,
        is_final=is_over,
        is_alert=is_over,
        is_cancel_asked=row.is_cancel_asked,
        again=row.step if is_over and row.error != "already_accepted" else "",
    )


def _going_on(row: Any) -> str:
    step = word(UploadStep(row.step))
    if row.state == RunState.WAITING:
        return gettext("%(step)s: waiting for its turn.") % {"step": str(step).capitalize()}
    text = gettext("%(step)s: %(n)s %% done.")
    return text % {"step": str(step).capitalize(), "n": row.percent}


def _ended(row: Any) -> str:
    if row.state == RunState.FAILED:
        return _failed(row.error)
    if row.is_cancel_asked:
        return gettext("Cancelled. Nothing was stored; the file is kept.")
    if row.is_silent:
        return gettext(
            "The process that worked on this file has not been heard of for minutes. Nothing was "
            "stored; the file is kept. You can begin again."
        )
    return gettext(
        "The process that worked on this file was stopped. Nothing was stored; the file is kept. "
        "You can begin again."
    )


def _failed(error: str) -> str:
    known = {
        "refused": gettext("Not accepted: problems block the file. They are listed here."),
        "already_accepted": gettext("Not accepted: the same file counts already."),
        "closed": gettext("This is not possible in the present state of the file."),
        "file_lost": gettext("The file is no longer in the storage. Load it again."),
        "broke_off": gettext(
            "This broke off several times without a message: the machine may have too little "
            "memory. Nothing was stored. Tell the administrator."
        ),
    }
    return known.get(error) or gettext(
        "Something went wrong. Nothing was stored; the file is kept. The administrator finds the "
        "details in the log."
    )
