"""How a change was judged, for the reader who wants to know: family, parts, size, spread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext

from indicators.presenters import numbers
from indicators.presenters.numbers import DASH, Scale
from indicators.vocabulary import Family
from indicators.words import word

if TYPE_CHECKING:
    from indicators.results import Move


def judged_texts(change: Move | None, scale: Scale) -> tuple[str, ...]:
    """One sentence each; empty where nothing was tested."""
    if change is None or change.p is None:
        return ()
    texts = [_p_values(change)]
    if change.within_difference is not None and change.mix_difference is not None:
        texts.append(
            gettext(
                "Change inside schools: %(within)s (%(range)s); from another mix of schools among "
                "the answers: %(mix)s."
            )
            % {
                "within": scale.difference(change.within_difference),
                "range": scale.interval(change.within_low, change.within_high, is_change=True)
                or DASH,
                "mix": scale.difference(change.mix_difference),
            }
        )
    if change.same_mix_difference is not None:
        texts.append(
            gettext("With the grades and sexes of the first wave: %(change)s.")
            % {"change": scale.difference(change.same_mix_difference)}
        )
    if change.effect_size is not None:
        texts.append(
            gettext(
                "In standard deviations of the answers (Hedges' g): %(g)s (%(low)s to %(high)s)."
            )
            % {
                "g": numbers.signed(change.effect_size, 2),
                "low": numbers.signed(change.effect_low, 2),
                "high": numbers.signed(change.effect_high, 2),
            }
        )
    if change.p_spread is not None:
        texts.append(
            gettext("Do schools differ in their change? I² = %(i2)s, p %(p)s.")
            % {
                "i2": numbers.percent((change.spread_i2 or 0.0) / 100),
                "p": numbers.p_text(change.p_spread),
            }
        )
    return tuple(texts)


def _p_values(change: Move) -> str:
    if change.p_rank is not None and change.family:
        return gettext(
            "Test of the mean: p %(p)s. Test of the order of the answers, which decides here: p "
            "%(rank)s; %(family)s: p %(adjusted)s."
        ) % {
            "p": numbers.p_text(change.p),
            "rank": numbers.p_text(change.p_rank),
            "family": word(Family(change.family)),
            "adjusted": numbers.p_text(change.p_adjusted),
        }
    if change.p_adjusted is None or not change.family:
        return gettext("Test of the change: p %(p)s.") % {"p": numbers.p_text(change.p)}
    return gettext("Test of the change: p %(p)s; %(family)s: p %(adjusted)s, which decides.") % {
        "p": numbers.p_text(change.p),
        "family": word(Family(change.family)),
        "adjusted": numbers.p_text(change.p_adjusted),
    }
