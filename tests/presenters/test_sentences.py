"""A finding for every verdict and reason; a word for every status; what may never be written."""

import re
from dataclasses import replace

import pytest

from indicators.presenters.lines import bases_text, line_view, scale_of, target_text
from indicators.presenters.sentences import caveats, finding
from indicators.presenters.words import status_view, verdict_view
from indicators.results import IndicatorHead, Level, Line, Move, Standing
from indicators.vocabulary import Direction, Flag, MeasureKind, Reason, Status, Verdict

FORBIDDEN = re.compile(r"signifi|thanks to|no change\b(?!”)|worse|None|nan|%\(", re.IGNORECASE)
HEAD = IndicatorHead(
    pk=1,
    measure_id=1,
    code="S01",
    name="School climate",
    block="students",
    kind=MeasureKind.INDEX_MEAN,
    level="outcome",
    respondent="student",
    unit="score 1-5",
    direction=Direction.INCREASE,
    decimals=2,
    is_headline=False,
    is_descriptive=False,
    is_context=False,
    has_response_shift=False,
)
THEN = Level(n=972, n_schools=23, value=4.02, ci_low=3.9, ci_high=4.1)
NOW = Level(n=928, n_schools=22, value=4.18, ci_low=4.1, ci_high=4.3)


def line(verdict=Verdict.INCREASED, reason="", **more):
    change = Move(
        n_baseline=946,
        n_endline=928,
        n_schools=22,
        verdict=verdict,
        reason=reason,
        baseline=4.02,
        endline=4.18,
        difference=0.16,
        ci_low=0.07,
        ci_high=0.25,
        margin=0.2,
        detectable=0.12,
    )
    change = replace(change, **more)
    return Line(HEAD, THEN, NOW, change, None, Status.NO_TARGET)


@pytest.mark.parametrize("language", ["en", "ru", "ky"], indirect=True)
@pytest.mark.parametrize("verdict", Verdict)
@pytest.mark.parametrize("reason", ["", *Reason])
def test_there_is_a_sentence_for_every_verdict_and_reason(language, verdict, reason):
    text = finding(line(verdict, reason), scale_of(HEAD))
    assert len(text) > 20
    assert not re.search(r"None|nan|%\(", text)
    if language == "en":
        assert not FORBIDDEN.search(text)


@pytest.mark.parametrize("verdict", Verdict)
@pytest.mark.parametrize("reason", ["", *Reason])
def test_a_sentence_survives_missing_numbers(verdict, reason):
    bare = dict.fromkeys(Move.FIGURES)
    empty = replace(line(verdict, reason, **bare), baseline=None, endline=None)
    text = finding(empty, scale_of(HEAD))
    assert text
    assert "None" not in text


def test_the_value_comes_first_then_the_word_then_how_sure():
    assert finding(line(), scale_of(HEAD)) == (
        "Rose from 4.02 to 4.18: +0.16 (95\u202f% range +0.07 to +0.25). "
        "A change this large is unlikely to be chance."
    )


def test_no_clear_change_tells_what_could_have_been_seen():
    text = finding(line(Verdict.NO_CLEAR_CHANGE), scale_of(HEAD))
    assert "could be chance" in text
    assert "0.12 or more could have been seen" in text


def test_a_range_without_zero_that_is_not_clear_says_why():
    """A test is judged with its family: the range alone would seem to contradict the verdict."""
    among_many = line(Verdict.NO_CLEAR_CHANGE, p=0.01)
    text = finding(among_many, scale_of(HEAD))
    assert "among so many indicators" in text
    assert "could have been seen" not in text  # it was seen
    assert "chance" in line_view(among_many).note
    assert not line_view(line(Verdict.NO_CLEAR_CHANGE, p=0.01, ci_low=-0.01)).note


def test_the_change_inside_schools_leads_where_the_mix_of_schools_moved():
    found = line(
        Verdict.INCREASED,
        flags=(Flag.MIX_OF_SCHOOLS,),
        within_difference=0.11,
        within_low=0.02,
        within_high=0.2,
    )
    text = finding(found, scale_of(HEAD))
    assert text.startswith("Inside the same schools: +0.11 (95")
    assert "increased" in text
    assert "different schools" in text


def test_a_range_beyond_what_matters_names_the_one_that_was_judged():
    still = line(
        Verdict.NO_MEANINGFUL_CHANGE, ci_high=0.21, margin=0.2, ci90_low=0.08, ci90_high=0.19
    )
    assert "90\u202f% range: +0.08 to +0.19" in finding(still, scale_of(HEAD))
    still = line(Verdict.NO_MEANINGFUL_CHANGE, ci90_low=0.08, ci90_high=0.19)
    assert "+0.25" in finding(still, scale_of(HEAD))


def test_parents_are_described_not_judged():
    text = finding(line(Verdict.NOT_APPLICABLE, Reason.SELF_SELECTED), scale_of(HEAD))
    assert text.startswith("4.02, then 4.18.")
    assert "who answered" in text


def test_no_caution_says_that_something_changed():
    """What parents answered is no change, and an unclear change is none yet."""
    described = caveats(line(Verdict.NOT_APPLICABLE, Reason.SELF_SELECTED), "parent")
    assert not [text for text in described if "comparison group" in text]
    unclear = caveats(line(Verdict.NO_CLEAR_CHANGE), "student")
    assert "nothing here says what caused a change" in unclear[0]


def test_a_hidden_change_tells_no_number():
    text = finding(line(Verdict.NOT_APPLICABLE, Reason.SUPPRESSED), scale_of(HEAD))
    assert not re.search(r"\d", text)


def test_schools_are_counted_not_divided():
    head = replace(HEAD, kind=MeasureKind.SCHOOLS_COUNT, decimals=0, unit="schools")
    counted = replace(
        line(Verdict.NOT_APPLICABLE, Reason.CENSUS),
        indicator=head,
        baseline=replace(THEN, value=15, denominator=22),
        endline=replace(NOW, value=19, denominator=22),
    )
    assert finding(counted, scale_of(head)).startswith("15 of 22 schools, then 19 of 22 schools.")


@pytest.mark.parametrize("status", Status)
def test_every_status_has_its_word_and_the_judging_ones_a_shape(status):
    view = status_view(status)
    assert view.word
    judges = status not in (
        Status.NO_TARGET,
        Status.NO_DATA,
        Status.NOT_DUE,
        Status.NOT_APPLICABLE,
    )
    assert bool(view.shape) is judges


@pytest.mark.parametrize(
    ("verdict", "direction", "tone", "wanted"),
    [
        (Verdict.INCREASED, Direction.INCREASE, "good", "wanted direction"),
        (Verdict.DECREASED, Direction.INCREASE, "bad", "not the wanted direction"),
        (Verdict.DECREASED_SMALL, Direction.DECREASE, "good", "wanted direction"),
        (Verdict.DECREASED, Direction.NONE, "plain", ""),
        (Verdict.INCREASED, Direction.MAINTAIN, "plain", ""),
        (Verdict.NO_CLEAR_CHANGE, Direction.INCREASE, "quiet", ""),
        (Verdict.NOT_APPLICABLE, Direction.INCREASE, "quiet", ""),
    ],
)
def test_only_a_clear_change_is_good_or_bad(verdict, direction, tone, wanted):
    view = verdict_view(verdict, "", direction)
    assert (view.tone, view.wanted) == (tone, wanted)


@pytest.mark.parametrize(
    ("type", "low", "high", "text"),
    [
        ("at_least", 4.1, None, "at least 4.10"),
        ("at_most", None, 0.05, "at most 0.05"),
        ("range", -0.1, 0.1, "between −0.10 and 0.10"),
        ("change_abs", 0.15, None, "own baseline +0.15"),
        ("change_abs", None, -0.15, "own baseline −0.15"),
    ],
)
def test_a_target_in_words(type, low, high, text):
    standing = Standing(n=1, wave_id=1, type=type, low=low, high=high, status="met")
    assert target_text(standing, scale_of(HEAD)) == text


def test_a_fall_in_a_self_rating_carries_the_note():
    head = replace(HEAD, has_response_shift=True, direction=Direction.NONE, respondent="teacher")
    fallen = replace(line(Verdict.DECREASED), indicator=head)
    assert line_view(fallen).note == "possible response shift"
    assert any(text.startswith("Possible response shift") for text in caveats(fallen, "teacher"))
    risen = replace(line(Verdict.INCREASED), indicator=head)
    assert not any("more strictly" in text for text in caveats(risen, "teacher"))


def test_the_value_of_the_schools_of_both_waves_is_printed_where_it_differs():
    view = line_view(line(baseline=4.031))
    assert view.baseline.text == "4.02"
    assert view.change.more == "compared: 4.03 → 4.18"
    assert line_view(line()).change.more == ""


def test_a_missing_value_is_a_dash_with_its_reason():
    bare = replace(line(), endline=Level(n=0, n_schools=0, value=None, reason=Reason.NO_DATA))
    cell = line_view(bare).endline
    assert (cell.text, cell.reason) == ("–", "There are no usable answers.")
    assert bases_text(bare) == "972 / 0"


@pytest.mark.parametrize(
    ("verdict", "p", "p_rank", "low", "told"),
    [
        (Verdict.INCREASED, 0.09, 0.01, -0.01, True),
        (Verdict.INCREASED, 0.01, 0.01, 0.07, False),
        (Verdict.NO_CLEAR_CHANGE, 0.01, 0.2, 0.07, True),
        (Verdict.NO_CLEAR_CHANGE, 0.2, 0.3, -0.01, False),
        (Verdict.NO_CLEAR_CHANGE, 0.01, None, 0.07, False),
    ],
)
def test_a_range_beside_a_word_that_ranks_decided(verdict, p, p_rank, low, told):
    text = finding(line(verdict, p=p, p_rank=p_rank, ci_low=low), scale_of(HEAD))
    assert ("order of the answers decides" in text) is told
    is_among_many = p_rank is None and verdict == Verdict.NO_CLEAR_CHANGE
    assert ("among so many" in text) is is_among_many


def test_a_clear_rank_test_among_many_is_called_so():
    found = line(Verdict.NO_CLEAR_CHANGE, p=0.2, p_rank=0.03, p_adjusted=0.2)
    assert "among so many" in finding(found, scale_of(HEAD))
