"""What changed in a questionnaire, said per question and language."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.pipeline.wording import (
    ComparedQuestion,
    OptionAsked,
    QuestionAsked,
    can_continue,
    comparability,
    compare_versions,
    marked_words,
    proposed_links,
    same_words,
)
from indicators.vocabulary import Comparability, QuestionChange
from tests.pipeline.builders import PATIENT

YES = OptionAsked("yes", 1, ("Ооба", "Да", "Yes"))
NO = OptionAsked("no", 0, ("Жок", "Нет", "No"))
SAFE = QuestionAsked(
    name="safe",
    file_name="safe",
    labels=("Мектепте коопсуз", "В школе безопасно", "School is safe"),
    kind="scale",
    block="climate",
    rule="${grade} > 8",
    limits="",
    options=(YES, NO),
)


def compared(new: QuestionAsked, old: QuestionAsked = SAFE) -> ComparedQuestion:
    (found,) = compare_versions([old], [new])
    return found


def changes(new: QuestionAsked, old: QuestionAsked = SAFE) -> list[tuple[str, str, str, str]]:
    return [(one.what, one.language, one.old, one.new) for one in compared(new, old).differences]


def test_equal_questions_have_no_difference():
    found = compared(SAFE)
    assert found.is_in_both
    assert (found.differences, found.is_real) == ((), False)
    assert comparability(found, None) is Comparability.COMPARABLE


def test_a_wording_is_compared_in_each_language():
    new = replace(SAFE, labels=("Мектепте коопсуз", "В классе безопасно", "Class is safe"))
    assert changes(new) == [
        ("wording", "ru", "В школе безопасно", "В классе безопасно"),
        ("wording", "en", "School is safe", "Class is safe"),
    ]
    assert compared(new).is_real
    assert comparability(compared(new), None) is Comparability.UNDECIDED


@pytest.mark.parametrize(
    "text",
    [
        "school is safe",
        "School  is\u00a0safe ",
        "«School» is safe.",
        "School is “safe”!",
        "School is, safe?",
        "School is\u00ad safe",
    ],
)
def test_spaces_quotes_punctuation_and_case_are_trivial(text):
    found = compared(replace(SAFE, labels=(*SAFE.labels[:2], text)))
    (one,) = found.differences
    assert (one.what, one.old, one.new, one.is_trivial) == ("wording", "School is safe", text, True)
    assert not found.is_real
    assert comparability(found, None) is Comparability.COMPARABLE


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("50 %", "50"),
        ("from 1-5", "from 15"),
        ("1.5 hours", "15 hours"),
        ("at -5", "at 5"),
        ("is safe", "is not safe"),
        ("", "is safe"),
        ("is safe", ""),
        ("boys & girls", "boys girls"),
    ],
)
def test_what_carries_meaning_is_not_trivial(old, new):
    first, second = (replace(SAFE, labels=("", "", text)) for text in (old, new))
    (one,) = compared(second, first).differences
    assert not one.is_trivial


def test_kinds_of_dashes_are_one_dash():
    assert same_words("1–5 – now") == same_words("1-5 now") == "1-5 now"


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"kind": "text"}, ("kind", "", "scale", "text")),
        ({"block": "safety"}, ("block", "", "climate", "safety")),
        ({"rule": ""}, ("rule", "", "${grade} > 8", "")),
        ({"limits": ". <= 10"}, ("limits", "", "", ". <= 10")),
        ({"max_selected": 3}, ("ticks", "", "", "3")),
        ({"max_selected": 3, "limits": "count-selected(.) <= 3"}, ("ticks", "", "", "3")),
        ({"exclusive_option": "no"}, ("ticks", "", "", "no")),
        ({"options": (YES,)}, ("options", "", "Жок", "")),
        ({"options": (NO, YES)}, ("order", "", "Ооба, Жок", "Жок, Ооба")),
        ({"options": (replace(YES, code=2), NO)}, ("codes", "", "yes = 1", "yes = 2")),
        (
            {"options": (YES, replace(NO, labels=("Жок", "Нет, никогда", "No")))},
            ("labels", "ru", "Нет", "Нет, никогда"),
        ),
        (
            {"options": (YES, NO, OptionAsked("maybe", 2, ("", "", "")))},
            ("options", "", "", "maybe"),
        ),
    ],
)
def test_one_change_of_the_form(fields, expected):
    found = compared(replace(SAFE, **fields))
    assert changes(replace(SAFE, **fields)) == [expected]
    assert found.is_real


def test_a_rule_typed_with_other_spaces_is_trivial():
    (one,) = compared(replace(SAFE, rule=" ${grade}  > 8")).differences
    assert (one.what, one.is_trivial) == (QuestionChange.RULE, True)


def test_a_label_typed_differently_is_trivial():
    new = replace(SAFE, options=(replace(YES, labels=("ооба!", "Да", "Yes")), NO))
    (one,) = compared(new).differences
    assert (one.what, one.is_trivial) == (QuestionChange.LABELS, True)


def test_what_a_version_does_not_say_is_not_compared():
    silent = replace(SAFE, options=None, limits=None)
    assert not changes(silent)
    assert not changes(SAFE, silent)
    uncoded = replace(SAFE, options=(replace(YES, code=None), NO))
    assert not changes(uncoded)


def test_added_and_gone_questions():
    other = replace(SAFE, name="other", file_name="other", labels=("", "", ""))
    added, gone = compare_versions([SAFE], [other])
    assert (added.name, added.old, gone.name, gone.new) == ("other", None, "safe", None)
    assert [one.what for one in added.differences] == [QuestionChange.ADDED]
    assert added.differences[0].new == "other"
    assert [(one.what, one.old) for one in gone.differences] == [
        (QuestionChange.REMOVED, "Мектепте коопсуз")
    ]
    for one in (added, gone):
        assert not one.is_real
        assert comparability(one, True) is Comparability.NOT_COMPARABLE


def test_a_renamed_question_of_one_identity_is_one_question():
    new = replace(SAFE, file_name="safe_v2", labels=("Коопсуз", *SAFE.labels[1:]))
    found = compared(new)
    assert (found.old.file_name, found.new.file_name) == ("safe", "safe_v2")
    assert [one.language for one in found.differences] == ["ky"]


def test_questions_come_in_the_order_of_the_new_form_then_those_gone():
    first, second, third = (replace(SAFE, name=name) for name in "abc")
    found = compare_versions([first, second], [third, second])
    assert [one.name for one in found] == ["c", "b", "a"]


@pytest.mark.parametrize(
    ("decided", "expected"),
    [
        (None, Comparability.UNDECIDED),
        (True, Comparability.COMPARABLE),
        (False, Comparability.NOT_COMPARABLE),
    ],
)
def test_a_decision_stands_above_the_rule(decided, expected):
    new = replace(SAFE, labels=("Бала коопсуз", *SAFE.labels[1:]))
    assert comparability(compared(new), decided) is expected
    if decided is not None:
        assert comparability(compared(SAFE), decided) is expected


class TestLinks:
    OLD = replace(SAFE, name="respect", labels=("", "", "Everyone is treated with respect"))
    NEW = replace(SAFE, name="respect_2", labels=("", "", "Every student is treated with respect"))

    def links(self, old, new):
        return [(one.old.name, one.new.name) for one in proposed_links(compare_versions(old, new))]

    def test_a_new_question_near_one_gone_is_proposed(self):
        assert self.links([self.OLD], [self.NEW]) == [("respect", "respect_2")]

    def test_the_likest_is_proposed_and_each_question_once(self):
        same = replace(self.NEW, name="same", labels=("", "", "Everyone is treated with respect."))
        heard = replace(self.OLD, name="heard", labels=("", "", "Teachers listen to pupils"))
        later = replace(self.NEW, name="later", labels=("", "", "Teachers listen to students"))
        found = self.links([heard, self.OLD], [self.NEW, later, same])
        assert found == [("respect", "same"), ("heard", "later")]

    def test_other_words_are_not_proposed(self):
        assert not self.links([self.OLD], [replace(self.NEW, labels=("", "", "Lunch is good"))])

    def test_no_language_in_common_is_not_proposed(self):
        assert not self.links([self.OLD], [replace(self.NEW, labels=("Урмат", "", ""))])

    @pytest.mark.parametrize(
        "fields",
        [{"kind": "multi"}, {"options": (YES,)}, {"options": (replace(YES, code=5), NO)}],
    )
    def test_another_scale_is_no_series(self, fields):
        assert can_continue(self.OLD, self.NEW)
        assert not can_continue(self.OLD, replace(self.NEW, **fields))
        assert not self.links([self.OLD], [replace(self.NEW, **fields)])

    def test_a_question_that_stays_is_not_proposed(self):
        assert not self.links([self.OLD], [self.OLD, self.NEW])


def test_words_that_differ_are_marked():
    old, new = marked_words("All are treated well", "all, students are met well ")
    assert marks(old) == "All are [treated] well"
    assert marks(new) == "all, [students] are [met] well[ ]"
    old, new = marked_words("", "New")
    assert (marks(old), marks(new)) == ("", "[New]")


def test_typing_is_marked_where_nothing_else_differs():
    old, new = marked_words("School is safe", "School is  “safe”.")
    assert (marks(old), marks(new)) == ("School is [safe]", "School is  [“safe”.]")


def marks(pieces):
    return "".join(f"[{one.text}]" if one.is_changed else one.text for one in pieces)


TEXTS = st.text(alphabet="аб ab.,1-%", max_size=30)


@given(TEXTS, TEXTS)
@PATIENT
def test_marked_pieces_are_the_texts(old, new):
    left, right = marked_words(old, new)
    assert "".join(one.text for one in left) == old
    assert "".join(one.text for one in right) == new
    assert all(not one.is_changed for one in (*left, *right)) or old != new


@given(TEXTS)
@PATIENT
def test_the_same_words_are_found_again(text):
    assert same_words(same_words(text)) == same_words(text)
    assert same_words(f"  «{text.upper()}»") == same_words(text)
