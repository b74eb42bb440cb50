"""What the check of a printed report found, in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext, ngettext

from indicators.presenters.numbers import DASH, fixed, percent, whole
from indicators.vocabulary import Inconsistency, PrintedProblem
from indicators.words import word

K = Inconsistency
COUNTED = (K.MORE_THAN_ANSWERED, K.BASES_DIFFER, K.GROUPS_OFF_TOTAL)
MOST_SHOWN = 500


@dataclass(frozen=True, slots=True)
class FoundView:
    line: int
    figure: str
    what: str
    printed: str
    expected: str
    hint: str


@dataclass(frozen=True, slots=True)
class UnreadView:
    line: int
    text: str


@dataclass(frozen=True, slots=True)
class FiguresView:
    """`summary` says the finding; `is_clean`: something was compared and all of it agrees."""

    summary: str
    is_clean: bool
    found: tuple[FoundView, ...]
    unread: tuple[UnreadView, ...]
    n_left_out: int


@dataclass(frozen=True, slots=True)
class ColumnHelp:
    name: str
    text: str
    example: str


def figures_view(check: Any) -> FiguresView:
    """`check`: a PrintedCheck."""
    found = [_found(one) for one in check.findings[:MOST_SHOWN]]
    unread = [
        UnreadView(one.line, str(word(PrintedProblem(one.kind))) % {"cell": one.cell})
        for one in check.problems[:MOST_SHOWN]
    ]
    n_all = len(check.findings) + len(check.problems)
    return FiguresView(
        summary=_summary(check),
        is_clean=bool(check.n_compared) and not check.findings,
        found=tuple(found),
        unread=tuple(unread),
        n_left_out=n_all - len(found) - len(unread),
    )


def _summary(check: Any) -> str:
    if not check.n_compared:
        return gettext("There was nothing to compare.")
    n_wrong = len({one.line for one in check.findings})
    lines = ngettext("%(n)s line", "%(n)s lines", check.n_lines) % {"n": whole(check.n_lines)}
    made = ngettext("%(n)s comparison", "%(n)s comparisons", check.n_compared) % {
        "n": whole(check.n_compared)
    }
    if not n_wrong:
        return gettext("All figures agree: %(lines)s, %(made)s.") % {"lines": lines, "made": made}
    wrong = ngettext("%(n)s line does not agree", "%(n)s lines do not agree", n_wrong) % {
        "n": whole(n_wrong)
    }
    return gettext("%(wrong)s, of %(lines)s and %(made)s.") % {
        "wrong": wrong,
        "lines": lines,
        "made": made,
    }


def _found(one: Any) -> FoundView:
    kind = Inconsistency(one.kind)
    return FoundView(
        line=one.line,
        figure=one.figure,
        what=_what(kind, one.detail),
        printed=one.typed or _number(one, one.found),
        expected=_number(one, one.expected),
        hint=_hint(kind, one.detail),
    )


def _what(kind: Inconsistency, detail: str) -> str:
    """Against the store it is plain which of the two numbers is right."""
    if kind is K.NUMBERS_DIFFER and not detail:
        return gettext("another number than the stored one")
    if kind is K.BASES_DIFFER:
        return gettext("another base than the stored one")
    return str(word(kind))


def _number(one: Any, value: float | None) -> str:
    if value is None or one.kind == K.LABEL_TWICE:
        return DASH
    if one.kind in COUNTED:
        return whole(value)
    if one.is_share:
        return percent(value, one.decimals)
    return fixed(value, one.decimals)


def _hint(kind: Inconsistency, detail: str) -> str:
    """What helps to mend it, where more is known than two numbers."""
    if not detail:
        return ""
    texts = {
        K.MISSING_AS_ZERO: gettext("%(detail)s people without an answer were counted as zero."),
        K.NOT_THE_LOWEST: gettext("On one scale, %(detail)s is lower."),
        K.LABEL_TWICE: gettext("The name “%(detail)s” stands elsewhere for another thing."),
        K.BANDS_OVERLAP: gettext("%(detail)s belongs to two bands."),
        K.NUMBERED_ELSEWHERE: gettext("It is numbered %(detail)s."),
        K.NUMBERS_DIFFER: gettext("Printed differently at %(detail)s."),
        K.RATIO_OFF_PARTS: gettext("The count printed is %(detail)s."),
    }
    return texts[kind] % {"detail": detail} if kind in texts else ""


def columns_help() -> tuple[ColumnHelp, ...]:
    """What a column may hold. The names are those of the header line, in any language."""
    return (
        ColumnHelp("code", gettext("indicator, question or index, by its code"), "S06"),
        ColumnHelp(
            "wave", gettext("code or name of the wave; two of them for a change"), "W0, W0 → W1"
        ),
        ColumnHelp("value", gettext("as printed, with its decimals; shares in percent"), "17.1 %"),
        ColumnHelp("n", gettext("number of answers it stands on"), "967"),
        ColumnHelp("count", gettext("numerator of a share, or answers of an option"), "445"),
        ColumnHelp("option", gettext("code of an answer: the value is its share"), "5"),
        ColumnHelp("scale", gettext("ends of the scale as printed"), "0-3"),
        ColumnHelp("place", gettext("section of the report"), "7.1"),
        ColumnHelp("number", gettext("number of the figure; must begin with its section"), "7.1.2"),
        ColumnHelp("label", gettext("what the report calls it; of an option also a band"), "3-5"),
        ColumnHelp("claim", gettext("the word “lowest”, where the text calls it so"), "lowest"),
    )
