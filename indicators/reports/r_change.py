"""The part of `reproduce.R` that repeats a change, a gap or the change of a gap."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from indicators.models import Change
from indicators.queries.answer_tables import waves_of
from indicators.reports.r_stored import has_range, stored_numbers
from indicators.reports.r_values import (
    r_call,
    r_comment,
    r_list,
    r_number,
    r_text,
    r_value,
    r_vector,
)
from indicators.vocabulary import SHARE_MEASURES, Family, MeasureKind, Reason, Scope

if TYPE_CHECKING:
    from indicators.queries.reproduction import Reproduction

SIDES = ("first", "second")


def change_lines(found: Reproduction) -> Iterable[str]:
    row = found.row
    if not isinstance(row, Change):
        return (*_sides(found), *_gap_level(found))
    if row.scope == Scope.SCHOOL:
        return _school_change(found, row)
    return (*_sides(found), *_change(found, row))


def _sides(found: Reproduction) -> Iterable[str]:
    """Who stands on which side of a gap between two groups."""
    gap, group = found.gap, found.group
    if gap is None or group is None:
        return
    sides = {
        side: r_vector(code for code, name in group.codes.items() if name == key)
        for side, key in zip(SIDES, (gap.first_group, gap.second_group), strict=True)
    }
    codes = f"answers[[{r_text('item.' + group.item)}]]"
    yield r_comment("People of neither group belong to no side of the gap.")
    yield f"answers$side <- {r_call('side_of', codes, **sides)}"


def _contrast(weights: Iterable[float], cells: Iterable[str]) -> str:
    return f"contrast <- setNames({r_vector(weights)}, {r_vector(cells)})"


def _gap_level(found: Reproduction) -> Iterable[str]:
    yield r_comment("The gap: first minus second mean, schools as clusters (CR2).")
    yield "answers$cell <- answers$side"
    yield _contrast((1, -1), SIDES)
    tests = ["cr2(answers, contrast)"] if has_range(found) else []
    yield f"own <- {r_call('c', 'gap_values(answers)', *tests)}"


def _change(found: Reproduction, row: Change) -> Iterable[str]:
    first, second = waves_of(row)
    if found.gap is None:
        yield "answers$cell <- answers$wave"
        yield _contrast((-1, 1), (first, second))
    else:
        yield "answers$cell <- ifelse(is.na(answers$side), NA, paste(answers$side, answers$wave))"
        cells = [f"paste({r_text(side)}, {r_text(w)})" for w in (first, second) for side in SIDES]
        yield f"contrast <- setNames(c(-1, 1, 1, -1), {r_list(cells)})"
    yield r_comment("Values on the schools of both waves.")
    yield f"own <- {r_call('change_values', 'answers', *_waves(row), value_of=_value_of(found))}"
    if row.df is not None:
        yield r_comment("The error and the test, schools as clusters (CR2, Satterthwaite).")
        yield "change <- cr2(in_both_waves(answers), contrast)"
        yield "own <- c(own, change)"
    if row.detectable is not None:
        yield f"own$detectable <- {r_call('seen_change', 'change', r_value(found.rules['alpha']))}"
    if row.p_rank is not None:
        yield r_comment("Many answers at one end of the scale: the test of their order decides.")
        yield f"own <- c(own, {r_call('rank_test', 'answers', *_waves(row))})"
    yield from _second_look(row)
    yield from _parts(row)
    if row.margin is not None:
        yield f"own$margin <- {_margin(found, row)}"
    yield from _word(found, row, margin="own$margin", schools="own$n_schools")


def _waves(row: Change) -> tuple[str, str]:
    first, second = waves_of(row)
    return r_text(first), r_text(second)


def _value_of(found: Reproduction) -> str:
    if found.gap is not None:
        return "gap_of"
    is_count = found.measures[0].kind is MeasureKind.SCHOOLS_COUNT
    return "count_of" if is_count else "mean_of"


def _second_look(row: Change) -> Iterable[str]:
    """School by school: with its test, or (where nothing was sampled) up and down only."""
    if row.n_up is None:
        return
    name = "up_and_down" if row.reason == Reason.CENSUS else "second_look"
    yield r_comment("The same school by school.")
    yield f"own <- c(own, {name}(answers, contrast))"


def _parts(row: Change) -> Iterable[str]:
    if row.all_se is not None:
        yield r_comment("The error of the difference over all schools, linearised.")
        yield "own <- c(own, all_schools_error(answers, contrast))"
    if row.within_difference is not None:
        yield r_comment("What the change is made of, its size, and whether schools differ.")
        yield "own <- c(own, composition(answers, contrast))"
    if row.effect_size is not None:
        first, second = _waves(row)
        yield f"own <- c(own, {r_call('effect_size', 'answers', first, second, 'change')})"
    if row.p_spread is not None:
        yield "own <- c(own, spread(answers, contrast))"


def _margin(found: Reproduction, row: Change) -> str:
    """The smallest change that matters: the indicator's own, or the rule of the run."""
    spec, rules = found.measures[0], found.rules
    own = found.gap.margin if found.gap is not None else spec.margin
    if own is not None:
        return r_number(own)
    if found.gap is None and spec.kind in SHARE_MEASURES:
        return r_number(rules["margin_share"])
    if found.gap is None and spec.kind is MeasureKind.NPS:
        return r_number(rules["margin_nps"])
    spread = r_call("baseline_sd", "answers", _waves(row)[0])
    return f"{r_number(rules['margin_sd'])} * {spread}"


def _school_change(found: Reproduction, row: Change) -> Iterable[str]:
    waves = _waves(row)
    yield r_comment("The change of the school, from its own answers.")
    yield f"own <- {r_call('school_values', 'answers', *waves)}"
    deff: dict[str, str] = {}
    if found.class_item:
        correlation = r_number(row.class_correlation or 0.0)
        call = r_call("class_effect", "answers", r_text(found.class_item), correlation)
        yield r_comment(
            "Students of one class resemble each other, as much as the run set or estimated it."
        )
        yield f"deff <- {call}"
        deff = {"deff": "deff"}
    if has_range(found):
        is_share = row.method == "newcombe"
        test = "newcombe_fisher" if is_share else "welch"
        more = {} if is_share else deff
        yield f"own <- c(own, {r_call(test, 'answers', *waves, **more)})"
    if row.detectable is not None:
        yield f"own <- c(own, {r_call('detectable_change', 'answers', *waves, **deff)})"
    yield from _word(found, row, margin=_own_margin(row))


def _own_margin(row: Change) -> str | None:
    """The margin of a school is that of the whole project, so it is taken as stored."""
    return None if row.margin is None else r_number(row.margin)


def _word(
    found: Reproduction, row: Change, *, margin: str | None, schools: str = ""
) -> Iterable[str]:
    """The p that decides, among the tests of its family, and the word that follows."""
    if "verdict" not in stored_numbers(found):
        return
    method = "holm" if row.family == Family.HEADLINE else "BH"
    yield r_comment("Judged together with the other tests of the family, whose p are as stored.")
    yield f"others <- {r_vector(found.other_p)}"
    own = "own$p" if row.p_rank is None else "own$p_rank"
    yield f"own$p_adjusted <- p.adjust(c({own}, others), {r_text(method)})[1]"
    named = {"margin": margin} if margin and row.margin is not None else {}
    named |= {"schools": schools} if schools else {}
    alpha = r_value(found.rules["alpha"])
    yield f"own$verdict <- {r_call('word_for', 'own', alpha, **named)}"
