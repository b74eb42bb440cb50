"""What nobody can tell yet, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext

from indicators.presenters.indicator_filter import OPEN_STATUSES, is_refused, verdict_of
from indicators.presenters.words import reason_text
from indicators.vocabulary import Reason, Verdict

if TYPE_CHECKING:
    from indicators.presenters.lines import LineView
    from indicators.results import Line


@dataclass(frozen=True, slots=True)
class Unknown:
    """A group of indicators nobody can judge yet, with the reason for all of them."""

    title: str
    why: str
    lines: tuple[LineView, ...]


def unknown_groups(lines: Sequence[tuple[Line, LineView]]) -> tuple[Unknown, ...]:
    """Groups of indicators without an answer yet, each with its reason told once."""
    unclear = tuple(v for line, v in lines if verdict_of(line) == Verdict.NO_CLEAR_CHANGE)
    close = tuple(v for line, v in lines if line.status in OPEN_STATUSES)
    groups = [
        Unknown(
            gettext("No clear change"),
            gettext(
                "The figure moved, but no more than chance could move it. This is not the same as "
                "“no change”."
            ),
            unclear,
        ),
        Unknown(
            gettext("Target too close to call or too early to tell"),
            gettext(
                "The value lies so near the target that the answers cannot decide, or too little "
                "time has passed."
            ),
            close,
        ),
    ]
    refused = [
        (line.change.reason, view) for line, view in lines if line.change and is_refused(line)
    ]
    groups += [
        Unknown(
            gettext("No verdict"),
            reason_text(reason or Reason.NOT_COMPARABLE),
            tuple(view for its_reason, view in refused if its_reason == reason),
        )
        for reason in dict.fromkeys(reason for reason, _view in refused)
    ]
    return tuple(group for group in groups if group.lines)
