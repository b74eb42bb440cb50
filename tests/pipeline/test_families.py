"""Tests judged together: which family, which adjustment, which word (method section 12)."""

from dataclasses import replace

import pytest

from indicators.pipeline.families import judge_families
from indicators.pipeline.inputs import Rules
from indicators.pipeline.outcomes import ChangeRow
from indicators.vocabulary import Family, Reason, Scope, SecondLook, Verdict

RULES = Rules()


def row(measure: str, p: float, **fields: object) -> ChangeRow:
    """A clear rise by its own p; the interval does not matter for the word of a clear change."""
    plain = ChangeRow(
        measure=measure,
        wave_from="W0",
        wave_to="W1",
        scope=Scope.PROJECT,
        verdict=Verdict.INCREASED,
        difference=0.3,
        se=0.1,
        df=20.0,
        t=3.0,
        p=p,
        ci_low=0.1,
        ci_high=0.5,
        ci90_low=0.13,
        ci90_high=0.47,
        margin=0.1,
        n_schools=22,
        p_sign_flip=0.01,
        second_look=SecondLook.CONFIRMED,
    )
    return replace(plain, **fields)


def judged(rows: list[ChangeRow], headline: set[str], **questionnaires: str) -> list[ChangeRow]:
    return judge_families(
        rows, headline=frozenset(headline), questionnaires=questionnaires, rules=RULES
    )


def test_headline_indicators_by_holm() -> None:
    """R: p.adjust(c(.01, .02, .04), "holm") is .03 .04 .04."""
    found = judged(
        [row("a", 0.01), row("b", 0.02), row("c", 0.04)], {"a", "b", "c"}, a="x", b="x", c="y"
    )
    assert [one.p_adjusted for one in found] == pytest.approx([0.03, 0.04, 0.04])
    assert {one.family for one in found} == {Family.HEADLINE}
    assert {one.verdict for one in found} == {Verdict.INCREASED}


def test_a_word_falls_with_its_adjusted_p_and_the_interval_stays() -> None:
    """R: p.adjust(c(.03, .04), "holm") is .06 .06."""
    found = judged([row("a", 0.03), row("b", 0.04)], {"a", "b"}, a="x", b="x")
    assert [one.p_adjusted for one in found] == pytest.approx([0.06, 0.06])
    assert {one.verdict for one in found} == {Verdict.NO_CLEAR_CHANGE}
    assert {(one.ci_low, one.ci_high, one.p) for one in found} == {
        (0.1, 0.5, 0.03),
        (0.1, 0.5, 0.04),
    }
    assert {one.second_look for one in found} == {SecondLook.NOT_NEEDED}


def test_other_indicators_by_questionnaire() -> None:
    """R: p.adjust(c(.01, .02, .03), "BH") is .03 .03 .03; another questionnaire stands alone."""
    rows = [row("a", 0.01), row("b", 0.02), row("c", 0.03), row("d", 0.04)]
    found = judged(rows, set(), a="x", b="x", c="x", d="y")
    assert [one.p_adjusted for one in found] == pytest.approx([0.03, 0.03, 0.03, 0.04])
    assert {one.family for one in found} == {Family.QUESTIONNAIRE}


def test_schools_of_one_indicator_are_a_family_of_their_own() -> None:
    school = {"scope": Scope.SCHOOL, "n_schools": 1, "p_sign_flip": None, "second_look": None}
    rows = [row("a", 0.02, school=f"S{i}", **school) for i in range(5)]
    rows[0] = replace(rows[0], p=0.001)
    found = judged([*rows, row("a", 0.04)], set(), a="x")
    assert [one.p_adjusted for one in found] == pytest.approx([0.005, 0.02, 0.02, 0.02, 0.02, 0.04])
    assert [one.family for one in found] == [Family.SCHOOLS] * 5 + [Family.QUESTIONNAIRE]
    assert {one.second_look for one in found[:5]} == {None}


def test_waves_are_families_apart() -> None:
    rows = [row("a", 0.03), row("a", 0.04, wave_to="W2")]
    found = judged(rows, {"a"}, a="x")
    assert [one.p_adjusted for one in found] == pytest.approx([0.03, 0.04])


def test_outside_the_register_there_are_numbers_and_no_words() -> None:
    (found,) = judged([row("item", 0.001)], set())
    assert (found.verdict, found.reason) == (Verdict.NOT_APPLICABLE, Reason.EXPLORATORY)
    assert (found.difference, found.p, found.p_adjusted, found.second_look) == (
        0.3,
        0.001,
        None,
        None,
    )


@pytest.mark.parametrize(
    "refused",
    [
        {"p": None, "verdict": Verdict.NOT_APPLICABLE, "reason": Reason.SELF_SELECTED},
        {"verdict": Verdict.NOT_COMPARABLE, "reason": Reason.NOT_COMPARABLE},
        {"verdict": Verdict.NOT_APPLICABLE, "reason": Reason.TOO_FEW_CLUSTERS},
    ],
)
def test_what_was_refused_a_word_belongs_to_no_family(refused: dict[str, object]) -> None:
    rows = [row("a", 0.04), replace(row("b", 0.001), **refused)]
    found = judged(rows, {"a", "b"}, a="x", b="x")
    assert found[1] == rows[1]
    assert found[0].p_adjusted == pytest.approx(0.04)


def test_few_schools_need_both_tests_whatever_the_family() -> None:
    (found,) = judged([row("a", 0.001, n_schools=8, p_sign_flip=0.2)], {"a"}, a="x")
    assert found.verdict is Verdict.NO_CLEAR_CHANGE
    assert found.second_look is SecondLook.DEPENDS_ON_LARGE_SCHOOLS
