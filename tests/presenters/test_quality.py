"""Reliability, the pattern of answers and likeness in schools, in words."""

from dataclasses import replace

import pytest
from django.utils import translation

from indicators.presenters.judged import judged_texts
from indicators.presenters.numbers import Scale
from indicators.presenters.quality import (
    QualityView,
    agreement_text,
    class_text,
    cluster_text,
    pattern_text,
    quality_view,
)
from indicators.results import IndexQuality, Level, Move, PatternTest, QualityPair
from indicators.vocabulary import Family, Reason, ReliabilityFlag, Verdict
from indicators.words import word

MEAN = Scale("index_mean", 2, "score 1-5")
NAMES = ("Baseline", "Endline")
T = "\u202f"
GOOD = IndexQuality(
    n=250,
    n_complete=240,
    n_items=3,
    n_scored=249,
    n_prorated=9,
    n_too_few=1,
    value_complete=3.391,
    alpha=0.8431,
    alpha_low=0.81,
    alpha_high=0.87,
    alpha_std=0.85,
    omega=0.848,
    item_rest={"a": 0.61, "b": -0.12, "c": None},
    item_missing={"a": 0.02, "b": 0.0, "c": 0.013},
)
QUESTIONS = (("a", "Question A"), ("b", "Question B"), ("c", "Question C"))


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def view(baseline=GOOD, endline=GOOD, names=NAMES) -> QualityView:
    found = quality_view(QualityPair(baseline, endline, QUESTIONS), names, MEAN)
    assert found is not None
    return found


def test_figures_of_both_waves_stand_side_by_side():
    shown = view(endline=replace(GOOD, alpha=0.86, omega=None))
    assert shown.names == NAMES
    assert [(row.label, row.cells) for row in shown.figures] == [
        ("Alpha", ("0.84", "0.86")),
        ("95 % range", ("0.81 to 0.87", "0.81 to 0.87")),
        ("Omega", ("0.85", "–")),
        ("Complete answer sheets (n)", ("240", "240")),
        ("Scores from some of the questions only", (f"3.6{T}%", f"3.6{T}%")),
        ("Too few answers for a score", (f"0.4{T}%", f"0.4{T}%")),
    ]
    assert shown.questions[0].cells == ("0.61", "0.61", f"2.0{T}%", f"2.0{T}%")
    assert shown.questions[1].cells[0] == "−0.12"
    assert shown.questions[2].cells[0] == "–"
    assert shown.reasons == shown.warnings == ()


@pytest.mark.parametrize(
    ("alpha", "how"),
    [(0.8, "well"), (0.79, "acceptably"), (0.7, "acceptably"), (0.69, "loosely"), (0.4, "hardly")],
)
def test_alpha_in_words(alpha, how):
    (text,) = view(replace(GOOD, alpha=alpha), None).grades
    assert text.startswith("Baseline: ")
    assert how in text
    (both,) = view(replace(GOOD, alpha=alpha), replace(GOOD, alpha=alpha)).grades
    assert both.startswith("In both waves ")
    assert how in both


def test_waves_of_different_grades_have_a_sentence_each():
    first, second = view(GOOD, replace(GOOD, alpha=0.55)).grades
    assert "Baseline" in first
    assert "loosely" in second


def test_two_questions():
    two = replace(GOOD, n_items=2, alpha=None, alpha_low=None, alpha_high=None, omega=None)
    shown = view(two, None)
    assert shown.is_pair
    assert [row.cells for row in shown.figures[:3]] == [("0.85",), ("–",), ("–",)]
    assert not view().is_pair


@pytest.mark.parametrize("reason", [r for r in Reason if r.name != "SUPPRESSED"])
def test_no_coefficient_has_its_reason(reason):
    bare = replace(
        GOOD, alpha=None, alpha_low=None, alpha_high=None, alpha_std=None, omega=None, reason=reason
    )
    shown = view(bare, None)
    assert shown.grades == ()
    assert shown.figures[0].cells == ("–",)
    assert shown.reasons[0].startswith("Baseline: ")
    assert len(shown.reasons[0]) > 20


def test_too_few_sheets_are_called_so():
    few = replace(GOOD, alpha=None, alpha_std=None, reason=Reason.TOO_FEW_RESPONDENTS)
    assert view(few, None).reasons == (
        "Baseline: Fewer than 30 complete answer sheets: nothing is shown.",
    )


def test_hidden_waves_show_only_the_limit():
    hidden = IndexQuality(
        n=None,
        n_complete=None,
        n_items=3,
        flags=(ReliabilityFlag.NEGATIVE_ITEM,),
        reason=Reason.SUPPRESSED,
        below=10,
    )
    shown = view(hidden, None)
    assert shown.figures[3].cells == (f"<{T}10",)
    assert shown.questions == shown.warnings == ()
    assert quality_view(None, NAMES, MEAN) is None


def test_warnings_name_their_questions():
    flags = (ReliabilityFlag.NEGATIVE_ITEM, ReliabilityFlag.ITEM_NOT_ASKED, ReliabilityFlag.ROUGH)
    texts = view(replace(GOOD, flags=flags, not_asked=("c",)), None).warnings
    assert texts[0].startswith("Baseline: a question runs against the others")
    assert texts[0].endswith("(Question B).")
    assert texts[1].endswith("(Question C).")
    assert texts[2] == "Baseline: fewer than 50 complete answer sheets, so this is rough."


@pytest.mark.parametrize("flag", [ReliabilityFlag.MANY_PRORATED, ReliabilityFlag.MISSING_MOVED])
def test_the_index_on_complete_answers_where_many_are_left_out(flag):
    texts = view(endline=replace(GOOD, flags=(flag,), value_complete=3.5)).warnings
    assert texts[0].startswith("Endline: ")
    assert texts[1:] == (
        "Baseline, on complete answers only: 3.39 (n 240).",
        "Endline, on complete answers only: 3.50 (n 240).",
    )
    hidden = view(replace(GOOD, flags=(flag,), value_complete=None), None)
    assert len(hidden.warnings) == 1


@pytest.mark.parametrize("language", ["ky", "ru", "en"])
@pytest.mark.parametrize("flag", ReliabilityFlag)
def test_every_warning_has_words(language, flag):
    with translation.override(language):
        assert len(str(word(flag))) > 15


TEST = PatternTest(920, 910, 22, p=0.004, p_adjusted=0.018, has_changed=True)


def test_the_pattern_in_one_sentence():
    assert pattern_text(TEST) == "The pattern of answers changed (p = 0.018)."
    still = replace(TEST, has_changed=False, p_adjusted=0.4)
    assert pattern_text(still) == "No clear change in the pattern of answers (p = 0.400)."
    assert pattern_text(None) == ""


@pytest.mark.parametrize("reason", [Reason.SELF_SELECTED, Reason.CENSUS, Reason.SUPPRESSED])
def test_what_the_page_says_elsewhere_is_not_said_again(reason):
    assert pattern_text(PatternTest(20, 20, 20, reason=reason)) == ""


def test_other_refusals_are_told():
    text = pattern_text(PatternTest(20, 20, 4, reason=Reason.TOO_FEW_CLUSTERS))
    assert "Too few schools" in text


MOVE = Move(900, 880, 22, Verdict.INCREASED, "", p=0.003, p_adjusted=0.01, family=Family.HEADLINE)


@pytest.mark.parametrize(
    ("verdict", "has_changed", "part"),
    [
        (Verdict.INCREASED, True, "agrees"),
        (Verdict.NO_CLEAR_CHANGE, False, "agrees"),
        (Verdict.NO_MEANINGFUL_CHANGE, True, "both directions"),
        (Verdict.DECREASED_SMALL, False, "one figure alone"),
    ],
)
def test_whether_the_pattern_agrees_with_the_word(verdict, has_changed, part):
    text = agreement_text(replace(MOVE, verdict=verdict), [replace(TEST, has_changed=has_changed)])
    assert part in text


def test_nothing_to_agree_with():
    assert agreement_text(MOVE, []) == agreement_text(MOVE, [TEST, TEST]) == ""
    assert agreement_text(None, [TEST]) == ""
    assert agreement_text(MOVE, [None, replace(TEST, has_changed=None)]) == ""
    assert agreement_text(replace(MOVE, verdict=Verdict.NOT_APPLICABLE), [TEST]) == ""


def test_likeness_of_the_answers_of_one_school():
    first = Level(900, 23, 4.0, icc=0.071, deff=4.12)
    text = cluster_text(first, replace(first, icc=-0.02, deff=0.79), NAMES)
    assert "Baseline 0.07, Endline 0.00" in text
    assert "Baseline 4.1, Endline 0.8" in text
    assert "Endline" not in cluster_text(first, None, NAMES)
    assert cluster_text(None, Level(900, 23, 4.0), NAMES) == ""


def test_where_the_class_correlation_comes_from():
    assert class_text(None) == class_text(MOVE) == ""
    set_by_rule = class_text(replace(MOVE, class_correlation=0.05))
    assert "0.05 is a setting" in set_by_rule
    estimated = class_text(replace(MOVE, class_correlation=0.123, n_class_schools=12))
    assert "0.12 is estimated from the classes of 12 schools" in estimated


def test_the_rank_test_is_named_where_it_decides():
    text, *_ = judged_texts(replace(MOVE, p_rank=0.021), MEAN)
    assert text == (
        "Test of the mean: p = 0.003. Test of the order of the answers, which decides here: p = "
        "0.021; judged together with the other headline indicators (Holm): p = 0.010."
    )
