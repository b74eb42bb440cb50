"""The words, shapes and thresholds of the pages in plain language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext, gettext_lazy

from indicators.presenters import numbers
from indicators.presenters.words import StatusView, VerdictView, status_view, verdict_view
from indicators.vocabulary import FEWEST_SCHOOLS, Direction, Status, Verdict

VERDICT_MEANINGS = {
    Verdict.INCREASED: gettext_lazy(
        "The figure rose by more than chance alone would explain, and by enough to matter."
    ),
    Verdict.INCREASED_SMALL: gettext_lazy(
        "It rose by more than chance would explain, but by less than was agreed to matter."
    ),
    Verdict.DECREASED: gettext_lazy(
        "The figure fell by more than chance alone would explain, and by enough to matter."
    ),
    Verdict.DECREASED_SMALL: gettext_lazy(
        "It fell by more than chance would explain, but by less than was agreed to matter."
    ),
    Verdict.NO_MEANINGFUL_CHANGE: gettext_lazy(
        "It stayed about the same: a change large enough to matter can be ruled out."
    ),
    Verdict.NO_CLEAR_CHANGE: gettext_lazy(
        "The answers cannot tell whether the figure moved. This is not the same as “no change”."
    ),
    Verdict.NOT_COMPARABLE: gettext_lazy(
        "The question was reworded, so the two figures answer different questions."
    ),
    Verdict.NOT_APPLICABLE: gettext_lazy(
        "Counted facts and self-selected answers get no verdict; the reason stands beside them."
    ),
}

STATUS_MEANINGS = {
    Status.MET: gettext_lazy("The target is reached, and clearly so."),
    Status.NOT_MET: gettext_lazy("The target is missed, and clearly so."),
    Status.TOO_CLOSE: gettext_lazy(
        "The value lies so near the target that the answers cannot decide."
    ),
    Status.ON_TRACK: gettext_lazy(
        "Not due yet: the share of the way gone is at least %(share)s of the share of time gone, "
        "and progress is beyond doubt."
    ),
    Status.OFF_TRACK: gettext_lazy(
        "Not due yet: even the best plausible progress is less than %(share)s of what the time "
        "gone asks for."
    ),
    Status.CANNOT_TELL: gettext_lazy(
        "The answers do not decide: not due yet and still uncertain, or too few answers, or a "
        "question in other words."
    ),
    Status.NO_TARGET: gettext_lazy("Nobody has set a target."),
    Status.NO_DATA: gettext_lazy(
        "The wave of the target has passed without data, or a change has no baseline."
    ),
    Status.NOT_DUE: gettext_lazy("The wave of the target is still to come."),
    Status.NOT_APPLICABLE: gettext_lazy(
        "No target can be judged here: context, self-selected answers, or hidden numbers."
    ),
}


@dataclass(frozen=True, slots=True)
class VerdictMeaning:
    verdict: VerdictView
    text: str


@dataclass(frozen=True, slots=True)
class StatusMeaning:
    status: StatusView
    text: str


@dataclass(frozen=True, slots=True)
class LegendView:
    verdicts: tuple[VerdictMeaning, ...]
    statuses: tuple[StatusMeaning, ...]
    thresholds: tuple[str, ...]
    groups: tuple[str, ...]


def legend_view(project: Any) -> LegendView:
    """`project`: its rules (any object with the fields of Project)."""
    share = {"share": numbers.percent(project.on_track_share)}
    return LegendView(
        verdicts=tuple(
            VerdictMeaning(verdict_view(verdict, "", Direction.NONE), str(text))
            for verdict, text in VERDICT_MEANINGS.items()
        ),
        statuses=tuple(
            StatusMeaning(status_view(status), str(text) % share if "%(" in text else str(text))
            for status, text in STATUS_MEANINGS.items()
        ),
        thresholds=_thresholds(project),
        groups=_groups(project),
    )


def project_rules(project: Any) -> tuple[str, ...]:
    """The settings of a project as sentences, for the legend and the method page."""
    return (*_thresholds(project), *_groups(project))


def _thresholds(project: Any) -> tuple[str, ...]:
    return (
        gettext(
            "A change is called clear when chance alone would show one as large in less than %(p)s "
            "of surveys."
        )
        % {"p": numbers.percent(project.alpha)},
        gettext(
            "Many indicators are tested at once, and some would move by chance alone. So headline "
            "indicators are judged together, and the others, and the schools of one indicator: a "
            "range that leaves out zero is then not always a clear change."
        ),
        gettext(
            # xgettext:no-python-format
            "Ranges are 95 % ranges: in 95 of 100 such surveys the range holds the true value."
        ),
        gettext(
            "For means, the smallest change that matters is %(sd)s standard deviations of the "
            "baseline."
        )
        % {"sd": numbers.fixed(project.margin_sd, 2)},
        gettext("For shares, the smallest change that matters is %(points)s percentage points.")
        % {"points": numbers.fixed(project.margin_share, 1, factor=100)},
        gettext("For the recommend score it is %(points)s points.")
        % {"points": numbers.fixed(project.margin_nps, 0)},
        gettext(
            "Targets are judged by %(range)s ranges: met when the whole range lies on the right "
            "side of the target, not met when none of it does."
        )
        % {"range": numbers.percent(project.target_confidence)},
        gettext(
            "Before a target is due, progress is on track when the share of the way gone is at "
            "least %(share)s of the share of time gone and its %(range)s range lies above zero; "
            "off track when even the upper end of that range stays below."
        )
        % {
            "share": numbers.percent(project.on_track_share),
            "range": numbers.percent(project.target_confidence),
        },
        gettext(
            "Where more than 40 of 100 answers to a single question stand at one end of its scale, "
            "the word for its change follows a test of the order of the answers."
        ),
        gettext("A verdict for one school needs at least %(n)s answers in each wave.")
        % {"n": project.min_group_verdict},
        gettext("In one school, answers of classmates are taken to be correlated by %(rho)s.")
        % {"rho": numbers.fixed(project.class_correlation, 2)},
    )


def _groups(project: Any) -> tuple[str, ...]:
    return (
        gettext(
            "Published numbers and files rest on at least %(n)s people; smaller groups are hidden."
        )
        % {"n": project.min_group_public},
        gettext("A school's director sees groups of at least %(n)s in the own school.")
        % {"n": project.min_group_director},
        gettext(
            "A director sees no other school: results of a region or a language of instruction "
            "are shown to directors where at least %(n)s schools make them up."
        )
        % {"n": FEWEST_SCHOOLS},
        gettext("Open answers are shown only where at least %(n)s people answered.")
        % {"n": project.min_group_text},
    )
