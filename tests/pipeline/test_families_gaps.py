"""The words for gaps that changed: one family per grouping and pair of waves (method section 6)."""

import pytest

from indicators.pipeline.families import judge_gaps
from indicators.pipeline.inputs import Rules
from indicators.pipeline.outcomes import GapRow
from indicators.vocabulary import GapChange, Reason


def gap(
    measure: str,
    p: float | None,
    first: float = 0.6,
    second: float = 0.2,
    by: str = "sex",
    wave: str = "W1",
) -> GapRow:
    return GapRow(
        measure=measure,
        wave=wave,
        group_by=by,
        first_group="girl",
        second_group="boy",
        value=second,
        se=0.1,
        df=20.0,
        p=0.01,
        ci_low=0.0,
        ci_high=0.4,
        n_first=200,
        n_second=210,
        n_schools=22,
        reason=None,
        wave_from="W0",
        baseline=first,
        endline=second,
        change=second - first,
        change_p=p,
    )


def judged(*gaps: GapRow) -> list[GapRow]:
    return judge_gaps(gaps, questionnaires=dict.fromkeys("abcd", "student"), rules=Rules())


@pytest.mark.parametrize(
    ("first", "second", "word"),
    [
        (0.6, 0.2, GapChange.NARROWED),
        (-0.6, -0.2, GapChange.NARROWED),
        (0.2, 0.6, GapChange.WIDENED),
        (-0.2, -0.6, GapChange.WIDENED),
        (0.4, -0.2, GapChange.TURNED_ROUND),
        (-0.2, 0.4, GapChange.TURNED_ROUND),
        (0.0, 0.4, GapChange.WIDENED),
        (0.4, 0.0, GapChange.NARROWED),
    ],
)
def test_the_word_follows_the_sizes(first: float, second: float, word: GapChange) -> None:
    (found,) = judged(gap("a", 0.01, first, second))
    assert (found.change_word, found.change_p_adjusted) == (word, 0.01)


def test_indicators_of_one_grouping_are_a_family() -> None:
    """R: p.adjust(c(.01, .03, .04), "BH") is .03 .04 .04; those beside it stand alone."""
    rows = judged(
        gap("a", 0.01),
        gap("b", 0.03),
        gap("c", 0.04),
        gap("a", 0.04, by="grade"),
        gap("a", 0.045, wave="WM"),
    )
    adjusted = [row.change_p_adjusted for row in rows]
    assert adjusted == pytest.approx([0.03, 0.04, 0.04, 0.04, 0.045])
    assert {row.change_word for row in rows} == {GapChange.NARROWED}


def test_a_change_that_is_clear_only_alone_gets_no_word() -> None:
    rows = judged(gap("a", 0.04), gap("b", 0.5), gap("c", 0.9))
    assert [row.change_p_adjusted for row in rows] == pytest.approx([0.12, 0.75, 0.9])
    assert {row.change_word for row in rows} == {GapChange.NO_CLEAR_CHANGE}


def test_outside_the_register_and_without_a_test_there_is_no_word() -> None:
    outside, refused, inside = judged(gap("z", 0.001), gap("b", None), gap("a", 0.03))
    assert (outside.change_word, outside.change_reason) == (None, Reason.EXPLORATORY)
    assert (refused.change_word, refused.change_reason, refused.change_p_adjusted) == (None,) * 3
    assert (inside.change_word, inside.change_p_adjusted) == (GapChange.NARROWED, 0.03)
