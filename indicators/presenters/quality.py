"""How good an index is, in words; whether the answers to a question are spread otherwise."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from indicators.presenters import numbers
from indicators.presenters.numbers import DASH, Scale
from indicators.presenters.words import reason_text
from indicators.vocabulary import Reason, ReliabilityFlag, Verdict
from indicators.words import word

if TYPE_CHECKING:
    from indicators.results import IndexQuality, Level, Move, PatternTest, QualityPair

Waves = tuple[str, str]

# From this coefficient on: in one wave, in both. 0.70 is a convention of research.
GRADES = (
    (
        0.80,
        _("%(wave)s: the answers to the questions belong together well."),
        _("In both waves the answers to the questions belong together well."),
    ),
    (
        0.70,
        _("%(wave)s: the answers to the questions belong together acceptably."),
        _("In both waves the answers to the questions belong together acceptably."),
    ),
    (
        0.50,
        _("%(wave)s: the answers to the questions belong together loosely."),
        _("In both waves the answers to the questions belong together loosely."),
    ),
    (
        -math.inf,
        _("%(wave)s: the answers to the questions hardly belong together."),
        _("In both waves the answers to the questions hardly belong together."),
    ),
)

REASONS = {
    Reason.TOO_FEW_RESPONDENTS: _("Fewer than 30 complete answer sheets: nothing is shown."),
    Reason.NO_DATA: _("Nobody answered all questions."),
    Reason.ZERO_VARIANCE: _("Everybody answered a question alike, so nothing can be computed."),
    Reason.TOO_FEW_ITEMS: _("An index of one question has no reliability of this sort."),
}

CLEAR = frozenset(
    {Verdict.INCREASED, Verdict.INCREASED_SMALL, Verdict.DECREASED, Verdict.DECREASED_SMALL}
)
UNTOLD = frozenset({Reason.SELF_SELECTED, Reason.CENSUS, Reason.SUPPRESSED})


@dataclass(frozen=True, slots=True)
class QualityRow:
    """One figure, or one question, with its texts for every wave."""

    label: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class QualityView:
    grades: tuple[str, ...]
    names: tuple[str, ...]
    figures: tuple[QualityRow, ...]
    reasons: tuple[str, ...]
    questions: tuple[QualityRow, ...]
    is_pair: bool
    warnings: tuple[str, ...]


def quality_view(pair: QualityPair | None, names: Waves, scale: Scale) -> QualityView | None:
    """None where the measure is no index."""
    if pair is None:
        return None
    found = [
        (name, one)
        for name, one in zip(names, (pair.baseline, pair.endline), strict=True)
        if one is not None
    ]
    labels = dict(pair.questions)
    return QualityView(
        grades=_grades(found),
        names=tuple(name for name, _one in found),
        figures=_figures([one for _name, one in found]),
        reasons=tuple(f"{name}: {_reason(one.reason)}" for name, one in found if one.reason),
        questions=_questions(pair, [one for _name, one in found]),
        is_pair=any(one.n_items == 2 for _name, one in found),
        warnings=(*_warnings(found, labels), *_complete_only(found, scale)),
    )


def _coefficient(one: IndexQuality) -> float | None:
    return one.alpha_std if one.alpha is None else one.alpha


def _grades(found: list[tuple[str, IndexQuality]]) -> tuple[str, ...]:
    """How well the questions belong together, a wave at a time or both in one sentence."""
    reached = [(name, r) for name, one in found if (r := _coefficient(one)) is not None]
    steps = [next(step for step in GRADES if r >= step[0]) for _name, r in reached]
    if len(steps) == 2 and steps[0] == steps[1]:
        return (str(steps[0][2]),)
    return tuple(
        str(step[1]) % {"wave": name} for (name, _r), step in zip(reached, steps, strict=True)
    )


def _figures(waves: list[IndexQuality]) -> tuple[QualityRow, ...]:
    rows = (
        (gettext("Alpha"), [numbers.fixed(_coefficient(one), 2) for one in waves]),
        # xgettext:no-python-format
        (gettext("95 % range"), [_range(one) for one in waves]),
        (gettext("Omega"), [numbers.fixed(one.omega, 2) for one in waves]),
        (
            gettext("Complete answer sheets (n)"),
            [numbers.base(one.n_complete, one.below) for one in waves],
        ),
        (
            gettext("Scores from some of the questions only"),
            [_part(one.n_prorated, one.n_scored) for one in waves],
        ),
        (
            gettext("Too few answers for a score"),
            [_part(one.n_too_few, one.n) for one in waves],
        ),
    )
    return tuple(QualityRow(label, tuple(cells)) for label, cells in rows)


def _range(one: IndexQuality) -> str:
    if one.alpha_low is None:
        return DASH
    ends = {"low": numbers.fixed(one.alpha_low, 2), "high": numbers.fixed(one.alpha_high, 2)}
    return gettext("%(low)s to %(high)s") % ends


def _part(part: int | None, whole: int | None) -> str:
    return numbers.percent(part / whole, 1) if part is not None and whole else DASH


def _reason(reason: str) -> str:
    return str(REASONS[Reason(reason)]) if reason in REASONS else reason_text(reason)


def _questions(pair: QualityPair, waves: list[IndexQuality]) -> tuple[QualityRow, ...]:
    """Questions in the order of the form; none where every wave is hidden."""
    if all(one.item_missing is None for one in waves):
        return ()
    return tuple(
        QualityRow(
            label,
            (
                *(numbers.fixed((one.item_rest or {}).get(name), 2) for one in waves),
                *(numbers.percent((one.item_missing or {}).get(name), 1) for one in waves),
            ),
        )
        for name, label in pair.questions
    )


def _warnings(found: Iterable[tuple[str, IndexQuality]], labels: dict[str, str]) -> Iterable[str]:
    for name, one in found:
        if one.below is not None:
            continue
        for flag in one.flags:
            text = f"{name}: {word(ReliabilityFlag(flag))}"
            about = [labels.get(item, item) for item in _about(flag, one)]
            yield f"{text} ({'; '.join(about)})." if about else f"{text}."


def _about(flag: str, one: IndexQuality) -> list[str]:
    """The questions a warning speaks of."""
    if flag == ReliabilityFlag.NEGATIVE_ITEM:
        return [name for name, r in (one.item_rest or {}).items() if r is not None and r < 0]
    return list(one.not_asked) if flag == ReliabilityFlag.ITEM_NOT_ASKED else []


def _complete_only(found: list[tuple[str, IndexQuality]], scale: Scale) -> Iterable[str]:
    """The index without sheets that left a question out, where there are many or more of them."""
    asks = {ReliabilityFlag.MANY_PRORATED, ReliabilityFlag.MISSING_MOVED}
    if not any(asks & set(one.flags) for _name, one in found):
        return
    for name, one in found:
        if one.value_complete is not None:
            yield gettext("%(wave)s, on complete answers only: %(value)s (n %(n)s).") % {
                "wave": name,
                "value": scale.value(one.value_complete),
                "n": numbers.whole(one.n_complete),
            }


# --- the pattern of answers -----------------------------------------------------------


def pattern_text(test: PatternTest | None) -> str:
    """What the test of all answers at once says; empty where the page says elsewhere why not."""
    if test is None or test.reason in UNTOLD:
        return ""
    if test.p_adjusted is None:
        return reason_text(test.reason)
    p = {"p": numbers.p_text(test.p_adjusted)}
    if test.has_changed:
        return gettext("The pattern of answers changed (p %(p)s).") % p
    return gettext("No clear change in the pattern of answers (p %(p)s).") % p


def agreement_text(change: Move | None, tests: Iterable[PatternTest | None]) -> str:
    """Whether the pattern of the only question says the same as the word for the change."""
    found = [test for test in tests if test is not None]
    if change is None or len(found) != 1 or found[0].has_changed is None:
        return ""
    if change.verdict == Verdict.NOT_APPLICABLE:
        return ""
    is_clear = change.verdict in CLEAR
    if is_clear == found[0].has_changed:
        return gettext("The test of the whole pattern of answers agrees with the word.")
    if is_clear:
        return gettext(
            "The test of the whole pattern of answers, which looks at every answer at once, sees "
            "no clear change: the word rests on the one figure alone."
        )
    return gettext(
        "The whole pattern of answers changed although the figure shows no clear change: answers "
        "may have moved in both directions. Look at the shares of all answers."
    )


# --- likeness in schools and classes --------------------------------------------------


def cluster_text(baseline: Level | None, endline: Level | None, names: Waves) -> str:
    """How alike the answers of one school are, and what that does to the ranges; else empty."""
    found = [
        (name, level)
        for name, level in zip(names, (baseline, endline), strict=True)
        if level is not None and level.icc is not None and level.deff is not None
    ]
    if not found:
        return ""
    icc = [f"{name} {numbers.fixed(max(level.icc or 0.0, 0.0), 2)}" for name, level in found]
    deff = [f"{name} {numbers.fixed(level.deff, 1)}" for name, level in found]
    return gettext(
        "How alike the answers of one school are (intraclass correlation): %(icc)s. How many times "
        "larger that makes the variance than with people drawn singly (design effect): %(deff)s."
    ) % {"icc": ", ".join(icc), "deff": ", ".join(deff)}


def class_text(change: Move | None) -> str:
    """Which correlation of a class widens the ranges of single schools; empty for no classes."""
    if change is None or change.class_correlation is None:
        return ""
    rho = numbers.fixed(change.class_correlation, 2)
    if change.n_class_schools is None:
        return gettext(
            "Students answer in classes, so the ranges of single schools are widened. The class "
            "correlation of %(rho)s is a setting of the project, not an estimate."
        ) % {"rho": rho}
    return gettext(
        "Students answer in classes, so the ranges of single schools are widened. The class "
        "correlation of %(rho)s is estimated from the classes of %(n)s schools."
    ) % {"rho": rho, "n": numbers.whole(change.n_class_schools)}
