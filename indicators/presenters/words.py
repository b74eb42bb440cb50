"""Words, tones and shapes for verdicts, statuses, units and blocks."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from indicators.presenters.method.reasons import anchor
from indicators.vocabulary import Direction, Reason, Respondent, Status, Verdict
from indicators.words import word

BLOCK_WORDS = {
    "students": _("Students"),
    "teachers": _("Teachers"),
    "parents": _("Parents"),
    "directors": _("Schools: infrastructure and management"),
    "cluster": _("Cluster work"),
    "gaps": _("Gaps between answers"),
    "context": _("Context"),
}

UNIT_WORDS = {
    "score 1-5": _("score from 1 to 5"),
    "score 0-3": _("score from 0 to 3"),
    "points 1-5": _("points on a scale from 1 to 5"),
    "times 0-3": _("times, from 0 to 3 or more"),
    # xgettext:no-python-format
    "% of answers": _("% of answers"),
    # xgettext:no-python-format
    "% of respondents": _("% of respondents"),
    # xgettext:no-python-format
    "% of schools": _("% of schools"),
    "NPS points": _("points from -100 to 100"),
    "schools": _("schools"),
    "ORT points": _("points of the national entrance test"),
    "per 100 students": _("per 100 students"),
    "lessons": _("lessons"),
    "events": _("events"),
    "participations": _("participations"),
}

PEOPLE_WORDS = {
    Respondent.STUDENT: _("students"),
    Respondent.TEACHER: _("teachers"),
    Respondent.PARENT: _("parents"),
    Respondent.DIRECTOR: _("school directors"),
}

GROUP_WORDS = {
    "sex": _("Girls and boys"),
    "grade": _("Grade"),
    "grade_band": _("Grade"),
    "level": _("Primary and secondary teachers"),
    "language": _("Language of instruction"),
    "settlement": _("Urban and rural"),
    "remoteness": _("Remoteness"),
    "oblast": _("Region (oblast)"),
    "school": _("School"),
}

METHOD_WORDS = {
    "taylor": _("linearised variance with schools as clusters"),
    "cr2": _("difference with schools as clusters (CR2, Satterthwaite)"),
    "korn_graubard": _("share with schools as clusters (Korn-Graubard)"),
    "wilson": _("share in one school (Wilson)"),
    "newcombe": _("change of a share in one school (Newcombe)"),
    "welch": _("change of a mean in one school (Welch, widened for classes)"),
    "t": _("mean in one school"),
    "difference": _("plain difference"),
    "counted": _("counted"),
    "as_answered": _("as answered, without a range"),
}

SHORT_REASONS = {
    Reason.SELF_SELECTED: _("described only"),
    Reason.CENSUS: _("counted"),
    Reason.NOT_A_SAMPLE: _("counted"),
    Reason.ZERO_BASELINE: _("counted"),
    Reason.NO_DATA: _("no data"),
    Reason.NOT_IN_BOTH_WAVES: _("one wave only"),
    Reason.NOT_ASKED: _("not asked"),
    Reason.SUPPRESSED: _("hidden"),
    Reason.TOO_FEW_RESPONDENTS: _("too few answers"),
    Reason.TOO_FEW_CLUSTERS: _("too few schools"),
    Reason.NOT_COMPARABLE: _("not comparable"),
    Reason.SINGLE_PSU_STRATUM: _("cannot be computed"),
    Reason.ZERO_VARIANCE: _("all answered alike"),
    Reason.ONE_CATEGORY: _("all answered alike"),
    Reason.TOO_FEW_ITEMS: _("too few questions"),
}

# A verdict's tone is set by whether its direction is wanted, never by its sign alone.
_UP = frozenset({Verdict.INCREASED, Verdict.INCREASED_SMALL})
_DOWN = frozenset({Verdict.DECREASED, Verdict.DECREASED_SMALL})

STATUS_SHAPES = {
    Status.MET: "full",
    Status.ON_TRACK: "half",
    Status.CANNOT_TELL: "ring",
    Status.TOO_CLOSE: "ring",
    Status.OFF_TRACK: "square",
    Status.NOT_MET: "square",
}


@dataclass(frozen=True, slots=True)
class StatusView:
    """A status: always the word, with its shape. `shape` is empty where nothing is judged."""

    key: str
    word: str
    shape: str


@dataclass(frozen=True, slots=True)
class VerdictView:
    """The word for a change. `tone`: good, bad, plain, quiet. `wanted` says which way is better.

    `explained_at`: where the method page explains why there is no verdict; empty where there is.
    """

    key: str
    word: str
    tone: str
    wanted: str
    reason: str
    explained_at: str = ""


def status_view(status: str) -> StatusView:
    member = Status(status)
    return StatusView(member.value, str(word(member)), STATUS_SHAPES.get(member, ""))


def verdict_view(verdict: str, reason: str = "", direction: str = Direction.NONE) -> VerdictView:
    member = Verdict(verdict)
    return VerdictView(
        key=member.value,
        word=short_reason(reason) or str(word(member)),
        tone=_tone(member, direction),
        wanted=wanted(member, direction),
        reason=reason_text(reason),
        explained_at=anchor(reason) if reason else "",
    )


def _tone(verdict: Verdict, direction: str) -> str:
    if verdict not in _UP | _DOWN:
        return "quiet"
    if direction not in (Direction.INCREASE, Direction.DECREASE):
        return "plain"
    return "good" if (verdict in _UP) == (direction == Direction.INCREASE) else "bad"


def wanted(verdict: Verdict, direction: str) -> str:
    """Whether a clear change goes the wanted way; empty where nothing is wanted or clear."""
    tone = _tone(verdict, direction)
    if tone == "good":
        return gettext("wanted direction")
    if tone == "bad":
        return gettext("not the wanted direction")
    return ""


def short_reason(reason: str) -> str:
    """A few words in place of a verdict that is not given."""
    return str(SHORT_REASONS.get(Reason(reason), "")) if reason else ""


def reason_text(reason: str) -> str:
    """Why a number or verdict is missing, as a sentence."""
    return str(word(Reason(reason))) if reason else ""


def method_text(method: str) -> str:
    return str(METHOD_WORDS.get(method, method))


def unit_text(unit: str) -> str:
    return str(UNIT_WORDS.get(unit, unit))


def respondent_text(respondent: str) -> str:
    """The source of an indicator; two sources are joined: "students and teachers"."""
    parts = [str(word(Respondent(part))) for part in respondent.split("+") if part]
    return gettext(" and ").join(parts)
