"""How far the effect of a changed definition is, in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext

from indicators.vocabulary import RunState


@dataclass(frozen=True, slots=True)
class EffectJobView:
    """`text`: what goes on, or why there is nothing to show."""

    pk: int
    text: str
    percent: int
    is_final: bool


def effect_job_view(row: Any, *, is_outdated: bool) -> EffectJobView:
    is_over = row.is_final or row.is_silent
    text = _ended(row, is_outdated=is_outdated) if is_over else _going_on(row)
    return EffectJobView(row.pk, text, row.percent, is_over)


def _going_on(row: Any) -> str:
    if row.state == RunState.WAITING:
        return gettext("The effect is worked out in the background: waiting for its turn.")
    return gettext("The effect is worked out: %(percent)s %%.") % {"percent": row.percent}


def _ended(row: Any, *, is_outdated: bool) -> str:
    if row.state == RunState.DONE and is_outdated:
        return gettext("Data or definitions changed since this was worked out. Look again.")
    if row.state == RunState.FAILED:
        return gettext("The effect could not be worked out. What you typed is kept: look again.")
    return gettext("Stopped before the effect was worked out. What you typed is kept.")
