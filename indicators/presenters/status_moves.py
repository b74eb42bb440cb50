"""Which targets stand otherwise than in the calculation before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext

from indicators.presenters.target import limits_text, place_text, scale_of
from indicators.presenters.words import StatusView, status_view


@dataclass(frozen=True, slots=True)
class StatusMoveLine:
    """`before` is None for a target that the calculation before did not know."""

    code: str
    name: str
    place: str
    wave: str
    target: str
    before: StatusView | None
    after: StatusView


def status_move_lines(moves: Any) -> list[StatusMoveLine]:
    return [
        StatusMoveLine(
            code=move.indicator.code,
            name=move.indicator.name,
            place=place_text(move.school_code, move.school_name),
            wave=move.wave,
            target=_target(move),
            before=status_view(move.before) if move.before else None,
            after=status_view(move.after),
        )
        for move in moves
    ]


def _target(move: Any) -> str:
    """ "at least 4.00 → at least 4.20"; one text where the target stayed."""
    scale = scale_of(move.indicator)
    now = limits_text(scale, *move.limits)
    then = limits_text(scale, *move.limits_before) if move.before else gettext("no target")
    return now if now == then else f"{then} → {now}"
