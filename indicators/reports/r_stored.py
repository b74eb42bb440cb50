"""The numbers of a stored row that the script repeats, by the names that the script uses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from indicators.models import Change, Estimate, Gap
from indicators.vocabulary import GAP_MEASURES, Scope

if TYPE_CHECKING:
    from indicators.queries.reproduction import Reproduction

LEVEL = (
    *("value", "n", "n_schools", "numerator", "denominator", "sd"),
    *("se", "df", "ci_low", "ci_high", "icc", "deff"),
)
CHANGE = (
    *("baseline", "endline", "difference", "n_baseline", "n_endline", "n_schools"),
    *("se", "df", "t", "p", "ci_low", "ci_high", "ci90_low", "ci90_high"),
    *("school_difference", "school_ci_low", "school_ci_high", "n_up", "n_down", "p_sign_flip"),
    *("all_difference", "all_se"),
    *("within_difference", "within_low", "within_high", "mix_difference"),
    *("effect_size", "effect_low", "effect_high", "spread_i2", "p_spread"),
    *("rank_difference", "p_rank"),
    *("margin", "detectable", "p_adjusted"),
)
GAP = (
    *("value", "n_first", "n_second", "n_schools"),
    *("se", "df", "p", "ci_low", "ci_high"),
)
GAP_CHANGE = (
    *("baseline", "endline", "change", "change_se", "change_df", "change_p"),
    *("change_low", "change_high", "change_p_adjusted"),
)

Number = float | str

# What each number is; those of a range by the part of the name before _low and _high.
WORDS = {
    "value": _("the level or gap"),
    "n": _("people with a value"),
    "n_schools": _("schools they are from"),
    "numerator": _("sum of their values; of a share, how many chose it"),
    "denominator": _("people in the base"),
    "sd": _("standard deviation of the people"),
    "se": _("standard error"),
    "df": _("degrees of freedom"),
    "t": _("estimate divided by its standard error"),
    "p": _("p of the test that the true value is 0"),
    # xgettext:no-python-format
    "ci": _("95 % range"),
    # xgettext:no-python-format
    "ci90": _("90 % range"),
    "baseline": _("first wave, schools of both waves"),
    "endline": _("second wave, schools of both waves"),
    "difference": _("second minus first wave"),
    "n_baseline": _("people with a value, first wave"),
    "n_endline": _("people with a value, second wave"),
    "school_difference": _("mean change with every school counting the same"),
    # xgettext:no-python-format
    "school_ci": _("95 % range of the mean change with every school counting the same"),
    "n_up": _("schools that rose"),
    "n_down": _("schools that fell"),
    "p_sign_flip": _("exact p of the school-by-school test (sign flip)"),
    "all_difference": _("second minus first wave, all schools"),
    "all_se": _("its standard error, linearised"),
    "within_difference": _("change inside schools"),
    # xgettext:no-python-format
    "within": _("95 % range of the change inside schools"),
    "mix_difference": _("change from another mix of schools"),
    "effect_size": _("change in standard deviations of people (Hedges' g)"),
    # xgettext:no-python-format
    "effect": _("95 % range of Hedges' g"),
    "spread_i2": _("how much schools differ in their change (I², percent)"),
    "p_spread": _("p of the test that schools do not differ in their change"),
    "icc": _("how alike the answers of one school are (intraclass correlation)"),
    "deff": _("variance against that of people drawn singly (design effect)"),
    "rank_difference": _("difference of the mean ranks of the answers, as a share of all ranks"),
    "p_rank": _("p of the test of the order of the answers, which decides"),
    "margin": _("smallest change that matters"),
    # xgettext:no-python-format
    "detectable": _("change that could have been seen with a power of 80 %"),
    "p_adjusted": _("p among the tests judged together"),
    "verdict": _("the word"),
    "change": _("second minus first wave"),
    "change_se": _("standard error of the change"),
    "change_df": _("degrees of freedom of the change"),
    "change_p": _("p of the test that the gap did not change"),
    "change_p_adjusted": _("p among the tests judged together"),
    "change_word": _("the word"),
    "n_first": _("people on the first side of the gap"),
    "n_second": _("people on the second side of the gap"),
}


def number_word(name: str) -> str:
    """What the number of this name is, for people."""
    if name.startswith("count."):
        code = name.removeprefix("count.")
        return gettext("people who gave the answer %(code)s") % {"code": code}
    if name in ("change_low", "change_high"):
        name = name.replace("change", "ci")
    for end, text in (("_low", gettext("lower end")), ("_high", gettext("upper end"))):
        if name.endswith(end):
            return f"{WORDS[name.removesuffix(end)]}, {text}"
    return str(WORDS[name])


def stored_numbers(found: Reproduction) -> dict[str, Number]:
    """What the row holds, missing numbers left out; `verdict` where a test of a family decided it.

    `count.<code>`: how many chose an answer; `n_first`, `n_second`: the sides of a gap.
    """
    row = found.row
    fields = LEVEL if isinstance(row, Estimate) else CHANGE if isinstance(row, Change) else GAP
    numbers: dict[str, Number] = {
        name: value for name in fields if (value := getattr(row, name)) is not None
    }
    if getattr(row, "scope", "") == Scope.SCHOOL:
        numbers.pop("icc", None)  # of classes: it comes from all schools, or is a setting
    elif "icc" not in numbers:
        numbers.pop("deff", None)  # the script computes them together
    if isinstance(row, Estimate) and row.counts:
        prefix = "n_" if row.measure.kind in GAP_MEASURES else "count."
        numbers |= {f"{prefix}{code}": n for code, n in row.counts.items()}
    if isinstance(row, Gap) and row.change is not None:
        numbers |= {name: v for name in GAP_CHANGE if (v := getattr(row, name)) is not None}
        if row.change_word:
            numbers["change_word"] = row.change_word
    if isinstance(row, Change):
        if row.scope == Scope.SCHOOL:
            numbers.pop("margin", None)  # it comes from the whole project, not from one school
        if row.family:
            numbers["verdict"] = row.verdict
    return numbers


def has_range(found: Reproduction) -> bool:
    """Whether the run gave more than values: an error, a test or limits."""
    row = found.row
    names = ("se", "df", "ci_low", "p")
    return any(getattr(row, name, None) is not None for name in names)
