"""The part of `reproduce.R` that repeats a change, a gap or the change of a gap."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from indicators.models import Change, Gap
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
    if isinstance(row, Gap):
        return (*_sides(found), *_gap_level(found), *_gap_change(found, row))
    if not isinstance(row, Change):
        return (*_sides(found), *_gap_level(found))
    if row.scope == Scope.SCHOOL:
        return _school_change(found, row)
    return (*_sides(found), *_change(found, row))


def members(found: Reproduction, key: str) -> tuple[str, str]:
    """What tells the groups apart, and the values of one group."""
    group = found.group
    assert group is not None  # noqa: S101  # a result of a group has one; narrows the type
    if not group.item:
        return f"answers[[{r_text('attribute.' + group.name)}]]", r_text(key)
    codes = [code for code, name in group.codes.items() if name == key]
    return f"answers[[{r_text('item.' + group.item)}]]", r_vector(codes)


def _sides(found: Reproduction) -> Iterable[str]:
    """Who stands on which side of a gap between two groups."""
    gap = found.gap
    if gap is None or found.group is None:
        return
    first, second = (members(found, key) for key in (gap.first_group, gap.second_group))
    yield r_comment("People of neither group belong to no side of the gap.")
    yield f"answers$side <- {r_call('side_of', first[0], first=first[1], second=second[1])}"


def _contrast(weights: Iterable[float], cells: Iterable[str]) -> str:
    return f"contrast <- setNames({r_vector(weights)}, {r_vector(cells)})"


def _test(found: Reproduction, answers: str, *, are_waves: bool = False) -> str:
    """The call that gives error and test of `contrast`."""
    if not found.is_weighted:
        return f"cr2({answers}, contrast)"
    return r_call(
        "sample_contrast", answers, "contrast", **({"are_waves": "TRUE"} if are_waves else {})
    )


def _panel(found: Reproduction) -> str:
    """The answers a change rests on: of a sample of schools all of them."""
    if found.strata is not None:
        return "answers"
    return "domain_of_both_waves(answers)" if found.is_weighted else "in_both_waves(answers)"


def _gap_level(found: Reproduction) -> Iterable[str]:
    """The gap of one wave; its strata are not those of two waves."""
    wave = r_text(waves_of(found.row)[-1])
    yield r_comment("The gap: first minus second mean, and its error over schools.")
    yield f"now <- answers[answers$wave == {wave}, ]"
    if found.strata is not None and len(waves_of(found.row)) > 1:
        yield f"now$stratum <- all_strata[answers$wave == {wave}]"
    yield "now$cell <- now$side"
    yield _contrast((1, -1), SIDES)
    tests = [_test(found, "now")] if has_range(found) else []
    values = "sample_gap_values(now)" if found.is_weighted else "gap_values(now)"
    yield f"own <- {r_call('c', values, *tests)}"


def _gap_change(found: Reproduction, row: Gap) -> Iterable[str]:
    """How the gap moved since the first wave."""
    if len(waves_of(row)) == 1:
        return
    yield r_comment("The change of the gap on the schools of both waves.")
    yield from _cells_of_a_gap(row)
    yield f"values <- {_values(found, row)}"
    test = []
    if row.change_p is not None:
        test = [_test(found, _panel(found))]
    yield f"own <- c(own, {r_call('gap_change', 'values', *test)})"
    if row.change_word:
        yield r_comment("Judged together with the other gaps between these groups.")
        yield f"others <- {r_vector(found.other_p)}"
        yield 'own$change_p_adjusted <- p.adjust(c(own$change_p, others), "BH")[1]'
        yield f"own$change_word <- gap_word(own, {r_value(found.rules['alpha'])})"


def _cells_of_a_gap(row: Change | Gap) -> Iterable[str]:
    yield "answers$cell <- ifelse(is.na(answers$side), NA, paste(answers$side, answers$wave))"
    cells = [f"paste({r_text(side)}, {r_text(w)})" for w in waves_of(row) for side in SIDES]
    yield f"contrast <- setNames(c(-1, 1, 1, -1), {r_list(cells)})"


def _values(found: Reproduction, row: Change | Gap) -> str:
    name = "change_values" if found.strata is None else "sample_change_values"
    return r_call(name, "answers", *_waves(row), value_of=_value_of(found))


def _change(found: Reproduction, row: Change) -> Iterable[str]:
    if found.gap is None:
        yield "answers$cell <- answers$wave"
        yield _contrast((-1, 1), waves_of(row))
    else:
        yield from _cells_of_a_gap(row)
    yield r_comment("Values on the schools of both waves; of a sample of schools, on all.")
    yield f"own <- {_values(found, row)}"
    if row.df is not None:
        yield r_comment("The error and the test over schools.")
        are_waves = found.strata is not None and found.gap is None
        yield f"change <- {_test(found, _panel(found), are_waves=are_waves)}"
        yield "own <- c(own, change)"
    if row.detectable is not None:
        yield f"own$detectable <- {r_call('seen_change', 'change', r_value(found.rules['alpha']))}"
    if row.p_rank is not None:
        yield r_comment("Many answers at one end of the scale: the test of their order decides.")
        yield f"own <- c(own, {r_call('rank_test', 'answers', *_waves(row))})"
    yield from _second_look(row)
    yield from _parts(found, row)
    if row.margin is not None:
        yield f"own$margin <- {_margin(found, row)}"
    schools = "own$n_schools" if row.method == "cr2" else ""
    yield from _word(found, row, margin="own$margin", schools=schools)


def _waves(row: Change | Gap) -> tuple[str, str]:
    first, second = waves_of(row)
    return r_text(first), r_text(second)


def _value_of(found: Reproduction) -> str:
    if found.gap is None and found.measures[0].kind is MeasureKind.SCHOOLS_COUNT:
        return "count_of"
    name = "mean_of" if found.gap is None else "gap_of"
    return f"weighted_{name}" if found.is_weighted else name


def _second_look(row: Change) -> Iterable[str]:
    """School by school: with its test, or (where nothing was sampled) up and down only."""
    if row.n_up is None:
        return
    is_plain = row.reason == Reason.CENSUS or row.scope == Scope.GROUP
    name = "up_and_down" if is_plain else "second_look"
    yield r_comment("The same school by school.")
    yield f"own <- c(own, {name}(answers, contrast))"


def _parts(found: Reproduction, row: Change) -> Iterable[str]:
    if row.all_se is not None:
        yield r_comment("The error of the difference over all schools, linearised.")
        if found.is_weighted:
            yield f"own$all_se <- {_test(found, 'answers', are_waves=True)}$se"
        else:
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
    kind = "sample_" if found.strata is not None else "weighted_" if found.is_weighted else ""
    spread = r_call(f"{kind}baseline_sd", "answers", _waves(row)[0])
    return f"{r_number(rules['margin_sd'])} * {spread}"


def _school_change(found: Reproduction, row: Change) -> Iterable[str]:
    waves, kind = _waves(row), "weighted_" if found.is_weighted else ""
    yield r_comment("The change of the school, from its own answers.")
    yield f"own <- {r_call(f'{kind}school_values', 'answers', *waves)}"
    deff: dict[str, str] = {}
    if found.class_item:
        yield from class_lines(found, row.class_correlation or 0.0)
        deff = {"deff": "deff"}
    if has_range(found):
        is_share = row.method == "newcombe"
        test = "newcombe_fisher" if is_share else f"{kind}welch"
        more = {} if is_share else deff
        yield f"own <- c(own, {r_call(test, 'answers', *waves, **more)})"
    if row.detectable is not None:
        name = "weighted_detectable" if found.is_weighted else "detectable_change"
        yield f"own <- c(own, {r_call(name, 'answers', *waves, **deff)})"
    yield from _word(found, row, margin=_own_margin(row))


def class_lines(found: Reproduction, correlation: float) -> Iterable[str]:
    """How much the classes of one school widen its range."""
    item = r_text(found.class_item)
    yield r_comment(
        "Students of one class resemble each other, as much as the run set or estimated it."
    )
    yield f"deff <- {r_call('class_effect', 'answers', item, r_number(correlation))}"


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
