"""What speaks against a target, in a word and in a sentence with the numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext, ngettext

from indicators.presenters.numbers import Scale, percent, whole
from indicators.vocabulary import Direction, TargetDoubt, TargetType
from indicators.words import word


@dataclass(frozen=True, slots=True)
class DoubtView:
    key: str
    word: str
    sentence: str


def doubt_views(doubted: Any, scale: Scale) -> tuple[DoubtView, ...]:
    """Of one target; empty when nothing speaks against it."""
    return tuple(
        DoubtView(
            doubt.kind.value,
            str(word(doubt.kind)),
            _SENTENCES[doubt.kind](doubt, doubted, scale),
        )
        for doubt in doubted.doubts
    )


def _outside(_doubt: Any, doubted: Any, scale: Scale) -> str:
    low, high = doubted.ground.low, doubted.ground.high
    ends = {"low": scale.value(low), "high": scale.value(high)}
    if high is None:
        return gettext("A value below %(low)s cannot occur.") % ends
    if doubted.type == TargetType.CHANGE:
        return (
            gettext("The scale goes from %(low)s to %(high)s: a change cannot be that large.")
            % ends
        )
    return gettext("The scale goes from %(low)s to %(high)s: this value cannot occur.") % ends


def _against(_doubt: Any, doubted: Any, _scale: Scale) -> str:
    return {
        Direction.INCREASE: gettext("Higher is better here; the target asks for the other way."),
        Direction.DECREASE: gettext("Lower is better here; the target asks for the other way."),
    }.get(
        doubted.ground.direction,
        gettext("This indicator should stay near its baseline; the target asks for a change."),
    )


def _ceiling(doubt: Any, doubted: Any, scale: Scale) -> str:
    ground = doubted.ground
    if doubt.share is None and doubt.figure == ground.most:
        n = int(doubt.figure)
        text = ngettext(
            "Only %(n)s school was counted at the baseline.",
            "Only %(n)s schools were counted at the baseline.",
            n,
        )
        return text % {"n": whole(n)}
    end = scale.value(doubt.figure)
    if doubt.share is None:
        return gettext(
            "From the baseline of %(baseline)s it leads beyond the end of the scale, %(end)s."
        ) % {"baseline": scale.value(ground.baseline), "end": end}
    if ground.step == ground.high - ground.low:
        return gettext("Practically no answer may be otherwise: the scale ends at %(end)s.") % {
            "end": end
        }
    return gettext("At least %(share)s of all answers would have to be the best one, %(end)s.") % {
        "share": percent(doubt.share),
        "end": end,
    }


def _too_small(doubt: Any, doubted: Any, scale: Scale) -> str:
    size = scale.size(doubt.figure)
    if not doubted.n_schools:
        text = ngettext(
            "With %(n)s answer, changes under %(size)s in one school cannot be told from chance.",
            "With %(n)s answers, changes under %(size)s in one school cannot be told from chance.",
            doubted.n,
        )
        return text % {"n": whole(doubted.n), "size": size}
    text = ngettext(
        "With %(schools)s school and about %(n)s answers from each, changes under %(size)s cannot "
        "be told from chance.",
        "With %(schools)s schools and about %(n)s answers from each, changes under %(size)s cannot "
        "be told from chance.",
        doubted.n_schools,
    )
    each = whole(doubted.n / doubted.n_schools)
    return text % {"schools": whole(doubted.n_schools), "n": each, "size": size}


def _reached(doubt: Any, doubted: Any, scale: Scale) -> str:
    if doubted.type == TargetType.CHANGE:
        return gettext("It is reached without any change.")
    return gettext("The baseline, %(baseline)s, reaches it already.") % {
        "baseline": scale.value(doubt.figure)
    }


_SENTENCES = {
    TargetDoubt.OUTSIDE_SCALE: _outside,
    TargetDoubt.AGAINST_DIRECTION: _against,
    TargetDoubt.CEILING: _ceiling,
    TargetDoubt.TOO_SMALL: _too_small,
    TargetDoubt.REACHED: _reached,
}
