"""Findings as sentences: the value first, then the direction, then how sure it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from indicators.presenters.numbers import THIN, Scale, whole
from indicators.presenters.words import reason_text
from indicators.vocabulary import Flag, Reason, Verdict
from indicators.words import word

if TYPE_CHECKING:
    from indicators.results import Level, Line, Move


CLEAR_TEXTS = {
    Verdict.INCREASED: _(
        "Rose from %(then)s to %(now)s: %(change)s (95 %% range %(range)s). "
        "A change this large is unlikely to be chance."
    ),
    Verdict.INCREASED_SMALL: _(
        "Rose a little, from %(then)s to %(now)s: %(change)s (95 %% range %(range)s). "
        "This is unlikely to be chance, but less than the %(margin)s agreed to matter."
    ),
    Verdict.DECREASED: _(
        "Fell from %(then)s to %(now)s: %(change)s (95 %% range %(range)s). "
        "A change this large is unlikely to be chance."
    ),
    Verdict.DECREASED_SMALL: _(
        "Fell a little, from %(then)s to %(now)s: %(change)s (95 %% range %(range)s). "
        "This is unlikely to be chance, but less than the %(margin)s agreed to matter."
    ),
    Verdict.NO_MEANINGFUL_CHANGE: _(
        "Stayed about the same: %(then)s, then %(now)s (%(change)s, 95 %% range %(range)s). "
        "A change of %(margin)s or more can be ruled out."
    ),
    Verdict.NO_CLEAR_CHANGE: _(
        "No clear change: %(then)s, then %(now)s (%(change)s, 95 %% range %(range)s). "
        "The figure moved, but that could be chance."
    ),
}


RANKS_TEXT = _(
    "The range is that of the mean; here the test of the order of the answers decides, because "
    "many answers stand at one end of the scale."
)
ALONE = 0.05  # the ranges shown are 95 % ranges
AMONG_MANY_TEXT = _(
    "No clear change: %(then)s, then %(now)s (%(change)s, 95 %% range %(range)s). On its own this "
    "would count as a change, but among so many indicators tested at once some move this far by "
    "chance."
)


def is_clear_alone(change: Move) -> bool:
    """Not called clear although its range leaves out zero: it was judged with its family."""
    p = change.p if change.p_rank is None else change.p_rank
    return (
        change.verdict == Verdict.NO_CLEAR_CHANGE
        and p is not None
        and p < ALONE
        and leaves_out_zero(change)
    )


def leaves_out_zero(change: Move) -> bool:
    ends = (change.ci_low, change.ci_high)
    return None not in ends and change.ci_low * change.ci_high > 0  # type: ignore[operator]


def seems_to_contradict(change: Move) -> bool:
    """The order of the answers decided otherwise than the range of the mean would have."""
    is_clear = change.verdict not in (Verdict.NO_CLEAR_CHANGE, Verdict.NO_MEANINGFUL_CHANGE)
    return change.p_rank is not None and is_clear != leaves_out_zero(change)


def reaches_margin(change: Move) -> bool:
    """Whether the 95 % range goes past what counts: the rule looks at the 90 % range."""
    ends = (change.ci_low, change.ci_high)
    return (
        change.margin is not None
        and change.ci90_low is not None
        and max(abs(end) for end in ends if end is not None) >= change.margin
    )


def finding(line: Line, scale: Scale) -> str:
    """What happened to one indicator, in one or two sentences."""
    return _finding(line, scale).replace(" %", THIN + "%")  # no line begins with "%"


def _finding(line: Line, scale: Scale) -> str:
    change = line.change
    if change is None:
        return _one_wave(line, scale)
    if change.verdict == Verdict.NOT_COMPARABLE:
        return _with_values(line, scale, _not_comparable())
    if change.verdict == Verdict.NOT_APPLICABLE:
        return _no_verdict(line, change, scale)
    return _clear(change, scale)


def _clear(change: Move, scale: Scale) -> str:
    facts = {
        "then": scale.value(change.baseline),
        "now": scale.value(change.endline),
        "change": scale.difference(change.difference),
        "range": scale.interval(change.ci_low, change.ci_high, is_change=True) or "–",
        "margin": scale.size(change.margin),
    }
    if Flag.MIX_OF_SCHOOLS in change.flags and change.within_difference is not None:
        return _inside_schools(change, scale)
    text = AMONG_MANY_TEXT if is_clear_alone(change) else CLEAR_TEXTS[Verdict(change.verdict)]
    sentence = str(text) % facts
    if change.verdict == Verdict.NO_MEANINGFUL_CHANGE and reaches_margin(change):
        sentence += " " + gettext("(That is judged by the 90 %% range: %(range)s.)") % {
            "range": scale.interval(change.ci90_low, change.ci90_high, is_change=True)
        }
    if is_clear_alone(change):
        return sentence
    if seems_to_contradict(change):
        return sentence + " " + str(RANKS_TEXT)
    if change.verdict == Verdict.NO_CLEAR_CHANGE and change.detectable is not None:
        sentence += " " + gettext("Only changes of %(size)s or more could have been seen.") % {
            "size": scale.size(change.detectable)
        }
    return sentence


def _inside_schools(change: Move, scale: Scale) -> str:
    """The figure inside schools leads where the two averages stand for different schools."""
    facts = {
        "inside": scale.difference(change.within_difference),
        "range": scale.interval(change.within_low, change.within_high, is_change=True) or "–",
        "then": scale.value(change.baseline),
        "now": scale.value(change.endline),
        "change": scale.difference(change.difference),
        "verdict": word(Verdict(change.verdict)),
    }
    return (
        gettext(
            "Inside the same schools: %(inside)s (95 %% range %(range)s). The two averages, "
            "%(then)s and %(now)s (%(change)s: %(verdict)s), differ in part because more answers "
            "came from different schools."
        )
        % facts
    )


def _no_verdict(line: Line, change: Move, scale: Scale) -> str:
    if change.reason == Reason.SELF_SELECTED:
        return _with_values(
            line,
            scale,
            gettext(
                "These are the people who chose to answer, not all. Different people answered, "
                "so the difference can be due to who answered."
            ),
        )
    if change.reason in (Reason.CENSUS, Reason.NOT_A_SAMPLE, Reason.ZERO_BASELINE):
        return _with_values(line, scale, reason_text(change.reason))
    if change.reason == Reason.SUPPRESSED:
        return reason_text(change.reason)
    return _with_values(line, scale, reason_text(change.reason) or gettext("No verdict is given."))


def _not_comparable() -> str:
    return gettext(
        "The question was reworded between the waves, so the two figures answer different "
        "questions and are not compared."
    )


def _with_values(line: Line, scale: Scale, reason: str) -> str:
    """The two figures as facts, then why nothing is concluded from them."""
    then, now = value_text(line.baseline, scale), value_text(line.endline, scale)
    if not then and not now:
        return reason
    if then and now:
        facts = gettext("%(then)s, then %(now)s.") % {"then": then, "now": now}
    else:
        facts = f"{then or now}."
    return f"{facts} {reason}"


def _one_wave(line: Line, scale: Scale) -> str:
    level = line.endline or line.baseline
    text = value_text(level, scale)
    if not text:
        return reason_text(level.reason) if level and level.reason else gettext("No data yet.")
    return gettext("%(value)s in the only wave with answers. A change needs two waves.") % {
        "value": text
    }


def value_text(level: Level | None, scale: Scale) -> str:
    """A level as a fact: "14 of 22 schools" for a count of schools. Empty when missing."""
    if level is None or level.value is None:
        return ""
    if scale.is_count and level.denominator is not None:
        return gettext("%(count)s of %(total)s schools") % {
            "count": whole(level.value),
            "total": whole(level.denominator),
        }
    return scale.value(level.value)


def caveats(line: Line, respondent: str) -> list[str]:
    """The standing cautions that belong to this result (each a plain paragraph)."""
    texts = []
    change = line.change
    if change is not None and change.difference is not None:
        if change.reason != Reason.SELF_SELECTED:  # nothing is said to have changed there
            texts.append(
                gettext(
                    "There is no comparison group: the project works in all these schools, so "
                    "nothing here says what caused a change."
                )
            )
        if respondent in ("student", "teacher", "parent", "student+teacher"):
            texts.append(
                gettext("Different people: those asked in the second wave are not the same ones.")
            )
    if change is not None and line.indicator.has_response_shift:
        texts.append(response_shift(change))
    if change is not None and change.is_on_common_items:
        texts.append(
            gettext(
                "One question of this index was reworded, so the change is computed on the "
                "questions worded alike in both waves. The levels use all questions."
            )
        )
    if change is not None:
        texts += [str(word(Flag(flag))) for flag in change.flags]
    if change is not None and change.verdict == Verdict.NOT_COMPARABLE:
        texts.append(_not_comparable())
    if respondent == "parent":
        texts.append(reason_text(Reason.SELF_SELECTED))
    return [text for text in texts if text]


_FALL_OR_STILL = frozenset(
    {
        Verdict.DECREASED,
        Verdict.DECREASED_SMALL,
        Verdict.NO_CLEAR_CHANGE,
        Verdict.NO_MEANINGFUL_CHANGE,
    }
)


def response_shift(change: Move) -> str:
    """The caution for self-ratings that fell or stood still; empty for a rise."""
    if change.verdict not in _FALL_OR_STILL:
        return gettext(
            "People judged themselves. After a well-known project they may also answer what they "
            "think is expected."
        )
    return gettext(
        "Possible response shift: people judged themselves. After training they often see better "
        "what they cannot do yet and rate themselves more strictly than before, so a fall is not "
        "proof that competence fell. Look at observed practice and at what students report."
    )
