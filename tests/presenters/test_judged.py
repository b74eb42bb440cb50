"""How a change was judged, in words."""

from dataclasses import replace

from django.utils import translation

from indicators.presenters.judged import judged_texts
from indicators.presenters.numbers import Scale
from indicators.results import Move
from indicators.vocabulary import Family, Verdict

MEAN = Scale("index_mean", 2, "score 1-5")
T = "\u202f"
MOVE = Move(
    n_baseline=900,
    n_endline=880,
    n_schools=22,
    verdict=Verdict.INCREASED,
    reason="",
    difference=0.2,
    p=0.0004,
    p_adjusted=0.0123,
    family=Family.HEADLINE,
    within_difference=0.18,
    within_low=0.1,
    within_high=0.26,
    mix_difference=0.02,
    effect_size=0.21,
    effect_low=0.1,
    effect_high=0.32,
    spread_i2=12.4,
    p_spread=0.3,
)


def test_the_adjusted_p_decides_and_the_parts_are_named() -> None:
    with translation.override("en"):
        texts = judged_texts(MOVE, MEAN)
    assert texts[0] == (
        f"Test of the change: p <{T}0.001; judged together with the other headline indicators "
        "(Holm): p = 0.012, which decides."
    )
    assert "inside schools: +0.18 (+0.10 to +0.26)" in texts[1]
    assert "+0.02" in texts[1]
    assert "+0.21 (+0.10 to +0.32)" in texts[2]
    assert f"I² = 12{T}%, p = 0.300" in texts[3]


def test_an_untested_change_says_nothing() -> None:
    assert judged_texts(None, MEAN) == ()
    assert judged_texts(replace(MOVE, p=None), MEAN) == ()


def test_a_gap_has_a_p_and_no_parts() -> None:
    plain = replace(
        MOVE, p_adjusted=None, within_difference=None, effect_size=None, p_spread=None, p=0.04
    )
    with translation.override("en"):
        assert judged_texts(plain, MEAN) == ("Test of the change: p = 0.040.",)
