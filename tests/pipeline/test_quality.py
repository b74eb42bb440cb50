"""What shows only against the other rows, the plan or the rules: found where it stands."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from indicators.pipeline import quality
from indicators.pipeline.shapes import FormSpec, OptionSpec, SchoolSpec
from indicators.vocabulary import ItemKind, Respondent, Selection, Severity
from tests.pipeline.small_survey import ANSWERED, FORM, ITEMS, LIKERT, SCHOOLS, answers, item

N = 40
UNSURE = (*LIKERT[:4], OptionSpec("dk", 5, ("билбейм дагы", "", ""), is_substantive=False))


def kinds(checked, *wanted):
    return [(p.kind, p.row, p.value) for p in checked.problems if p.kind in wanted]


def form(*items, **changes) -> FormSpec:
    return replace(FORM, items=(*ITEMS, *items), **changes)


def people(n=N, **fields):
    """Different enough that no two rows look like copies of each other."""
    return [ANSWERED | {"age": str(5 + k % 15), "safe": str(1 + k % 5)} | fields for k in range(n)]


def test_a_quiet_file_has_no_doubt():
    assert not answers(*people()).problems


def test_every_doubt_is_a_warning_and_leaves_the_row_in():
    rows = people()
    for row in rows[:20]:
        row["heard"] = ""
    checked = answers(*rows)
    assert {p.severity for p in checked.problems} == {Severity.WARNING}
    assert checked.survey is not None
    assert checked.survey.funnel.used == N


@pytest.mark.parametrize(("n_missing", "is_listed"), [(8, False), (9, True)])
def test_many_missing_is_more_than_a_fifth(n_missing, is_listed):
    rows = people()
    for row in rows[:n_missing]:
        row["heard"] = ""
    found = [p for p in answers(*rows).problems if p.kind == "many_missing"]
    assert bool(found) is is_listed
    if found:
        assert (found[0].column, found[0].params["most"]) == ("heard", "20 %")


def test_few_sheets_give_no_shares():
    rows = people(quality.LEAST_ROWS - 1)
    for row in rows:
        row["heard"] = ""
    assert not kinds(answers(*rows), "many_missing")


def test_many_who_do_not_know_are_named():
    with_unsure = form(item("trust", options=UNSURE))
    rows = [row | {"trust": "5" if k < 10 else "1"} for k, row in enumerate(people())]
    (found,) = [p for p in answers(*rows, form=with_unsure).problems if p.kind == "many_dont_know"]
    assert (found.column, found.params["percent"]) == ("trust", "25 %")
    rows = [row | {"trust": "5" if k < 8 else "1"} for k, row in enumerate(people())]
    assert not kinds(answers(*rows, form=with_unsure), "many_dont_know")


def test_an_answer_to_a_question_that_was_not_to_be_asked():
    rule = "selected(${ways}, 'study')"
    skipping = form(item("which", options=LIKERT, relevant=rule))
    rows = people(3)
    rows[0] |= {"ways": "study", "which": "2"}
    rows[1] |= {"which": "3"}
    rows[2] |= {"which": ""}
    checked = answers(*rows, form=skipping)
    assert kinds(checked, "answered_though_not_asked") == [("answered_though_not_asked", 3, "3")]


def test_those_not_asked_are_not_missing():
    skipping = form(item("which", options=LIKERT, relevant="selected(${ways}, 'study')"))
    rows = people(100)
    for k, row in enumerate(rows[:40]):
        row |= {"ways": "study", "which": str(1 + k % 5)}
    assert not kinds(answers(*rows, form=skipping), "many_missing")


def test_a_rule_that_is_not_understood_is_named_once():
    skipping = form(item("which", options=LIKERT, relevant="pulldata('x', 'y')"))
    checked = answers(*(row | {"which": "1"} for row in people()), form=skipping)
    assert len(kinds(checked, "skip_rule_not_checked", "answered_though_not_asked")) == 1


def test_consent_in_a_rule_is_a_yes():
    asked = form(item("which", options=LIKERT, relevant="${consent} = 'yes'"))
    checked = answers(*(row | {"which": "1"} for row in people(3)), form=asked)
    assert not kinds(checked, "skip_rule_not_checked", "answered_though_not_asked")


BLOCKS = [
    item(f"{block}{n}", options=LIKERT, block=block) for block in ("a", "b") for n in range(5)
]


def scales(k, **fields):
    """Answers to both blocks, never the same throughout."""
    return {one.name: str(1 + (k + n) % 5) for n, one in enumerate(BLOCKS)} | fields


def test_the_same_answer_in_every_block():
    rows = [row | scales(k) for k, row in enumerate(people())]
    rows[4] |= {one.name: "2" if one.block == "a" else "5" for one in BLOCKS}
    rows[5] |= {one.name: "3" for one in BLOCKS if one.block == "a"}
    checked = answers(*rows, form=form(*BLOCKS))
    found = kinds(checked, "straightlining_in_blocks", "many_straightlining")
    assert found == [("straightlining_in_blocks", 6, "")]


def test_many_with_the_same_answer_in_a_short_block():
    rows = [row | scales(k) for k, row in enumerate(people())]
    for row in rows[:13]:
        row |= {one.name: "4" for one in BLOCKS if one.block == "a"}
    checked = answers(*rows, form=form(*BLOCKS))
    assert kinds(checked, "many_straightlining") == [("many_straightlining", None, "a")]


def timed(minutes, hour=10):
    start = datetime(2025, 10, 14, hour, 5)  # noqa: DTZ001 - times of devices have no zone
    return {
        "start": start.isoformat(),
        "end": (start + timedelta(minutes=minutes)).isoformat(),
    }


def test_much_faster_than_others():
    rows = [row | timed(20 + k % 9) for k, row in enumerate(people())]
    rows[7] |= timed(7)
    rows[8] |= timed(9)
    checked = answers(*rows)
    assert [(kind, row) for kind, row, _value in kinds(checked, "much_faster_than_others")] == [
        ("much_faster_than_others", 9)
    ]


@pytest.mark.parametrize(("hour", "is_night"), [(22, False), (23, True), (4, True), (5, False)])
def test_by_night(hour, is_night):
    rows = [row | timed(20, hour if k == 2 else 10) for k, row in enumerate(people(5))]
    found = [row for _kind, row, _value in kinds(answers(*rows), "filled_in_at_night")]
    assert found == ([4] if is_night else [])


def few(**fields):
    return (replace(SCHOOLS[0], **fields), SCHOOLS[1])


@pytest.mark.parametrize(
    ("respondent", "selection", "school", "kind"),
    [
        (Respondent.STUDENT, Selection.CENSUS, {"n_students": 39}, "more_sheets_than_people"),
        (Respondent.STUDENT, Selection.CENSUS, {"n_students": 40}, ""),
        (Respondent.STUDENT, Selection.CENSUS, {}, ""),
        (Respondent.TEACHER, Selection.CENSUS, {"n_teachers": 39}, "more_sheets_than_people"),
        (Respondent.TEACHER, Selection.CENSUS, {"n_teachers": 50}, ""),
        (
            Respondent.TEACHER,
            Selection.RANDOM_PEOPLE,
            {"n_teachers": 50},
            "more_sheets_than_planned",
        ),
    ],
)
def test_counts_against_register_and_plan(monkeypatch, respondent, selection, school, kind):
    schools: tuple[SchoolSpec, ...] = few(**school)
    monkeypatch.setattr("tests.pipeline.small_survey.SCHOOLS", schools)
    checked = answers(*people(), form=form(respondent=respondent, selection=selection))
    found = kinds(checked, "more_sheets_than_people", "more_sheets_than_planned")
    assert found == ([(kind, None, "IS-01")] if kind else [])


def test_texts_can_be_skipped_too():
    skipping = form(item("other", ItemKind.TEXT, relevant="selected(${ways}, 'study')"))
    checked = answers(
        *(row | {"other": f"text {k}"} for k, row in enumerate(people(2))), form=skipping
    )
    assert [row for _kind, row, _value in kinds(checked, "answered_though_not_asked")] == [2, 3]
