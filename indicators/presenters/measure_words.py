"""What an indicator computes, in words: how, on which base, from which records."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from indicators.presenters import numbers
from indicators.vocabulary import SHARE_MEASURES, MeasureKind

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as StrOrPromise

    from indicators.presenters.numbers import Scale
    from indicators.results.register import IndexRule, Margins, MeasureRule

K = MeasureKind
PERCENT_POSITIVE = "percent_positive"

FORMULAS: Mapping[MeasureKind, StrOrPromise] = {
    K.ITEM_MEAN: _(
        "The answers as numbers, added up and divided by the number of people who gave one of them."
    ),
    K.SHARE: _(
        "People who gave an answer that counts, divided by everyone who chose any answer, in "
        "percent."
    ),
    K.OPTION_SHARE: _(
        "People who chose this option, divided by everyone who chose at least one, in percent."
    ),
    K.NPS: _("The percentage of answers 9 and 10 minus the percentage of answers 0 to 6."),
    K.SCHOOLS_COUNT: _("The number of schools whose answer counts."),
    K.SCHOOLS_SHARE: _("Schools whose answer counts, divided by all schools that answered."),
    K.GROUP_GAP: _("The mean of the girls minus the mean of the boys."),
    K.INSTRUMENT_GAP: _("The mean of the first question minus the mean of the second."),
    K.DESK_WEIGHTED_MEAN: _(
        "The means of the schools, each weighted by the number of people who took the test."
    ),
    K.DESK_RATE: _("Participations divided by the number of students, times 100."),
    K.LOG_SUM: _("The numbers in the activity log, added up."),
    K.LOG_SHARE: _("Entries with a yes, divided by all entries with a yes or a no, in percent."),
    K.LOG_COUNT: _("The number of events of these kinds in the activity log."),
    K.LOG_SUM_TEACHERS: _("The teachers of all events, added up: who came twice counts twice."),
    K.MANUAL: _("Nothing is computed: the value is entered by hand, with its document."),
}

BASES: Mapping[MeasureKind, StrOrPromise] = {
    K.INDEX_MEAN: _("People who answered enough of the questions; “don't know” is no answer here."),
    K.ITEM_MEAN: _("People who gave an answer on the scale; “don't know” is never scored."),
    K.SHARE: _("Everyone who chose any answer, “don't know” included."),
    K.OPTION_SHARE: _("Everyone who chose at least one option."),
    K.NPS: _("Everyone who answered with a number from 0 to 10."),
    K.SCHOOLS_COUNT: _("Schools with a complete checklist: at least half of it answered."),
    K.SCHOOLS_SHARE: _("Schools with a complete checklist: at least half of it answered."),
    K.GROUP_GAP: _("Girls and boys who gave an answer on the scale."),
    K.INSTRUMENT_GAP: _("People of both questionnaires who gave an answer on the scale."),
    K.DESK_WEIGHTED_MEAN: _("People who took the test, in the schools with data."),
    K.DESK_RATE: _("Students of the schools with data, as in the register of schools."),
    K.LOG_SUM: _("All schools of the activity log."),
    K.LOG_SHARE: _("All schools of the activity log."),
    K.LOG_COUNT: _("All entries of the activity log."),
    K.LOG_SUM_TEACHERS: _("All entries of the activity log that name the number of teachers."),
    K.MANUAL: _("As the document says."),
}

SOURCES = {
    "ort.mean": _("mean score in the national entrance test (ORT), by school"),
    "olympiad.participants": _("participants of olympiads, by school"),
    "clusters.n_schools": _("number of schools in the cluster"),
    "clusters.signed": _("whether the agreement of the cluster is signed"),
}


def formula_text(measure: MeasureRule) -> str:
    if measure.index is None:
        return str(FORMULAS[MeasureKind(measure.kind)])
    share = numbers.percent(measure.index.min_answered_share)
    if measure.index.statistic == PERCENT_POSITIVE:
        return gettext(
            "For each person: the percentage of the answered questions with an answer that counts, "
            "if at least %(share)s of the questions are answered. Then the mean of all these "
            "people."
        ) % {"share": share}
    return gettext(
        "For each person: the mean of the answered questions, if at least %(share)s of them are "
        "answered. Then the mean of all these people."
    ) % {"share": share}


def base_words(measure: MeasureRule) -> str:
    return str(BASES[MeasureKind(measure.kind)])


def source_text(measure: MeasureRule) -> str:
    """The table behind records; kinds of events as they are coded."""
    if not measure.source:
        return ""
    text = str(SOURCES.get(measure.source, gettext("events of the activity log")))
    kinds = ", ".join(map(str, measure.codes))
    return f"{text} ({kinds})" if kinds else text


def scale_text(index: IndexRule) -> str:
    """From where to where the index runs, and how it is stretched for comparison."""
    ends = gettext("from %(low)s to %(high)s") % _ends(index.scale_min, index.scale_max)
    if index.rescaled is None:
        return ends
    more = gettext("beside other scales also shown from %(low)s to %(high)s")
    return f"{ends}; {more % _ends(*index.rescaled)}"


def _ends(low: float, high: float) -> dict[str, str]:
    return {"low": _plain(low), "high": _plain(high)}


def _plain(value: float) -> str:
    return numbers.whole(value) if value == int(value) else numbers.fixed(value, 2)


def margin_text(margins: Margins, kind: str, scale: Scale) -> str:
    """The smallest change that matters: the indicator's own, else the project's rule."""
    member = MeasureKind(kind)
    if margins.own is not None:
        return gettext("%(size)s, set for this indicator") % {"size": scale.size(margins.own)}
    if member in (K.SHARE, K.OPTION_SHARE):
        points = numbers.fixed(margins.share, 1, factor=100)
        return gettext("%(points)s percentage points, as for all shares") % {"points": points}
    if member is K.NPS:
        points = numbers.fixed(margins.nps, 0)
        return gettext("%(points)s points, as for all recommend scores") % {"points": points}
    if member in (K.INDEX_MEAN, K.ITEM_MEAN, K.GROUP_GAP, K.INSTRUMENT_GAP):
        sd = numbers.fixed(margins.sd, 2)
        return gettext("%(sd)s standard deviations of the baseline, as for all means") % {"sd": sd}
    return gettext("counted, not sampled: every difference is a fact")


def counts(measure: MeasureRule, code: int, name: str) -> bool:
    """Whether an answer is one of those that count."""
    if measure.option:
        return name == measure.option
    chosen = measure.index.positive_codes if measure.index else measure.codes
    return code in chosen


def marks_answers(measure: MeasureRule) -> bool:
    """Whether some answers count and others do not."""
    is_positive = measure.index is not None and bool(measure.index.positive_codes)
    is_coded = MeasureKind(measure.kind) in (*SHARE_MEASURES, K.SCHOOLS_COUNT)
    return is_positive or (is_coded and not measure.source)
