"""How far a long step is, told while it goes on."""

from __future__ import annotations

from collections.abc import Callable

# Takes the share of the step that is done, 0-1. May raise to stop the step: nothing is lost by it,
# since the steps of the pipeline store nothing.
Tick = Callable[[float], None]


def no_tick(share: float) -> None:
    """Nobody asks."""


def part(tick: Tick, begin: float, end: float) -> Tick:
    """The ticks of a step that is only a part of a longer one."""

    def told(share: float) -> None:
        tick(begin + (end - begin) * share)

    return told
