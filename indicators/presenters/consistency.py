"""The checks of a calculation in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext, gettext_lazy, ngettext

from indicators.presenters.numbers import fixed, whole
from indicators.presenters.words import GROUP_WORDS
from indicators.vocabulary import Inconsistency
from indicators.words import word

if TYPE_CHECKING:
    from indicators.results.consistency import Consistency, Contradiction

DECIMALS = 4  # contradictions may be small: a figure is shown finer than in the tables

# What must hold, for each kind of comparison a calculation makes between its own figures.
RULES = {
    Inconsistency.MEAN_OFF_DISTRIBUTION: gettext_lazy(
        "The mean of a question follows from the answers by option."
    ),
    Inconsistency.BASES_DIFFER: gettext_lazy(
        "The base of a mean is the number of answers by option, without “don’t know”."
    ),
    Inconsistency.RATIO_OFF_PARTS: gettext_lazy("A share is its count over its base."),
    Inconsistency.GROUPS_OFF_TOTAL: gettext_lazy(
        "The answers of the schools add up to the answers of the project."
    ),
    Inconsistency.MORE_THAN_ANSWERED: gettext_lazy(
        "No figure has more answers than there were answer sheets, and no breakdown more than "
        "its whole."
    ),
    Inconsistency.MEAN_OUTSIDE_SCALE: gettext_lazy("A value lies inside its scale."),
    Inconsistency.OUTSIDE_INTERVAL: gettext_lazy("A value lies inside its own range."),
    Inconsistency.CHANGE_OFF_VALUES: gettext_lazy("A change is the later value minus the earlier."),
    Inconsistency.NUMBERS_DIFFER: gettext_lazy(
        "Where no school joined or left, a change starts and ends at the levels shown."
    ),
    Inconsistency.GAP_OFF_VALUES: gettext_lazy("A gap is the difference of its two values."),
    Inconsistency.STATUS_OFF_VALUE: gettext_lazy(
        "A target that is met is reached by the value shown, and one not met is not."
    ),
}


@dataclass(frozen=True, slots=True)
class RuleView:
    text: str
    n: str


@dataclass(frozen=True, slots=True)
class ContradictionView:
    what: str
    indicator: str
    name: str
    where: str
    found: str
    expected: str


@dataclass(frozen=True, slots=True)
class ConsistencyView:
    """`summary` says the finding; `rules` what was compared and how often."""

    is_checked: bool
    is_clean: bool
    summary: str
    rules: tuple[RuleView, ...]
    contradictions: tuple[ContradictionView, ...]


def consistency_view(found: Consistency) -> ConsistencyView:
    checked = found.checked
    if checked is None:
        text = gettext("This calculation is older than the checks. Calculate again to have them.")
        return ConsistencyView(False, False, text, (), ())
    return ConsistencyView(
        is_checked=True,
        is_clean=not found.n_findings,
        summary=summary(sum(checked.values()), found.n_findings),
        rules=tuple(
            RuleView(str(text), whole(checked[kind]))
            for kind, text in RULES.items()
            if kind in checked
        ),
        contradictions=tuple(map(_contradiction, found.contradictions)),
    )


def summary(n_checked: int, n_findings: int) -> str:
    if not n_checked:
        return gettext("There were no figures to compare.")
    if not n_findings:
        text = ngettext(
            "%(n)s comparison between figures was made, and it agrees.",
            "%(n)s comparisons between figures were made, and all agree.",
            n_checked,
        )
        return text % {"n": whole(n_checked)}
    text = ngettext(
        "%(n)s of %(all)s comparisons between figures does not agree.",
        "%(n)s of %(all)s comparisons between figures do not agree.",
        n_findings,
    )
    return text % {"n": whole(n_findings), "all": whole(n_checked)}


def _contradiction(row: Contradiction) -> ContradictionView:
    breakdown = str(GROUP_WORDS.get(row.group_by, row.group_by))
    places = (row.wave, row.school, f"{breakdown} {row.group}".strip())
    return ContradictionView(
        what=str(word(Inconsistency(row.kind))),
        indicator=row.indicator,
        name=row.name,
        where=", ".join(place for place in places if place),
        found=fixed(row.found, DECIMALS),
        expected=fixed(row.expected, DECIMALS),
    )
