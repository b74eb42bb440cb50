"""What copying an indicator would do: new, there already, or in the way, and why."""

import os
import subprocess
import sys
from dataclasses import replace
from datetime import date

import pytest

from indicators.pipeline.framework_copy import addition, plan_copy
from indicators.pipeline.framework_shapes import (
    IndexDefinition,
    IndicatorDefinition,
    InstrumentDefinition,
    ItemDefinition,
    MeasureDefinition,
    ProjectDefinition,
    ProjectHead,
    ScaleDefinition,
)
from indicators.pipeline.shapes import OptionSpec
from indicators.vocabulary import (
    BaselinePolicy,
    CopyState,
    Direction,
    ItemKind,
    Level,
    MeasureKind,
    Respondent,
)
from tests.pipeline.project_folder import ROOT

K = MeasureKind
AGREE = ScaleDefinition(
    "agree", tuple(OptionSpec(str(code), code, (f"ж{code}", "", "")) for code in range(1, 6))
)
SEX = ScaleDefinition(
    "sex", (OptionSpec("girl", 1, ("кыз",) * 3), OptionSpec("boy", 2, ("б",) * 3))
)
INDEX = IndexDefinition(
    instrument="student",
    code="climate",
    names=("Климат", "", ""),
    items=("s_safe", "s_fair"),
    reversed_items=frozenset({"s_fair", "s_safe"}),
    statistic="mean",
    scale_min=1,
    scale_max=5,
    min_answered_share=0.5,
    rescaled=(0.0, 1 / 3),
    note="",
    position=0,
)
SHARE = MeasureDefinition("share:s_safe:4,5", K.SHARE, item=("student", "s_safe"), codes=(4, 5))
MEAN = MeasureDefinition("index:climate", K.INDEX_MEAN, index="climate")
GAP = MeasureDefinition(
    "gap:t_safe:s_safe",
    K.INSTRUMENT_GAP,
    item=("teacher", "t_safe"),
    second_item=("student", "s_safe"),
)
LOG = MeasureDefinition(
    "log:events.n:visit,lesson", K.LOG_COUNT, codes=("visit", "lesson"), source="events.n"
)


def item(name: str, scale: str = "agree") -> ItemDefinition:
    instrument = {"s": "student", "t": "teacher"}[name[0]]
    return ItemDefinition(instrument, name, ItemKind.SCALE, ("Суроо", "", ""), scale, "main")


def instrument(code: str, *names: str) -> InstrumentDefinition:
    return InstrumentDefinition(
        code=code,
        respondent=Respondent(code),
        names=(code, "", ""),
        is_anonymous=True,
        allows_index=True,
        limits=("", "", ""),
        position=0,
        forms=(),
        blocks=(),
        items=tuple(item(name, "sex" if name.endswith("sex") else "agree") for name in names),
        item_versions=(),
    )


STUDENT = instrument("student", "s_safe", "s_fair", "s_sex")
TEACHER = instrument("teacher", "t_safe")


def indicator(
    code: str, measure: MeasureDefinition, respondent: str = "student"
) -> IndicatorDefinition:
    return IndicatorDefinition(
        code=code,
        names=("Ат", "Имя", "Name"),
        definitions=("", "", "=1+1"),
        measure=measure,
        position=3,
        level=Level.OUTCOME,
        respondent=respondent,
        unit="% of answers" if measure.kind is K.SHARE else "",
        direction=Direction.INCREASE,
        disaggregation=("sex", "oblast") if respondent == "student" else (),
        responsible=("", "", "M&E"),
        frequency="per wave",
        baseline_policy=BaselinePolicy.MEASURED,
        decimals=1,
        is_headline=True,
        is_descriptive=False,
        is_context=False,
        has_response_shift=False,
        margin=0.1 + 0.2,
        note="",
    )


def project(**parts: object) -> ProjectDefinition:
    empty = ProjectDefinition(
        head=ProjectHead("p", ("", "", ""), date(2027, 12, 1)),
        categories=(),
        schools=(),
        strata=(),
        scales=(AGREE, SEX),
        instruments=(STUDENT, TEACHER),
        waves=(),
        indices=(),
        measures=(),
        indicators=(),
        targets=(),
        agenda=(),
        files={},
        notices=(),
    )
    return replace(empty, **parts)


SOURCE = project(
    indices=(INDEX,),
    indicators=(
        indicator("A", SHARE),
        indicator("B", MEAN),
        indicator("C", GAP, "teacher+student"),
        indicator("D", LOG, "cluster"),
        indicator("E", SHARE),
    ),
)


def kinds(target: ProjectDefinition, code: str) -> tuple[CopyState, list[tuple[str, str]]]:
    (one,) = plan_copy(SOURCE, target, {code}).indicators
    return one.state, [(problem.kind, problem.value) for problem in one.problems]


def test_everything_new_comes_with_its_index_and_measures_once() -> None:
    plan = plan_copy(SOURCE, project(), {"A", "B", "C", "D", "E", "no such"})
    assert [one.state for one in plan.indicators] == [CopyState.NEW] * 5
    assert plan.indices == (INDEX,)
    assert plan.measures == (SHARE.code, MEAN.code, GAP.code, LOG.code)
    by_code = {one.definition.code: one for one in plan.indicators}
    assert by_code["B"].index == "climate"
    assert by_code["B"].questions == (("student", "s_safe"), ("student", "s_fair"))
    assert by_code["C"].questions == (("teacher", "t_safe"), ("student", "s_safe"))
    assert by_code["B"].scales == ("agree",)
    assert by_code["D"].questions == ()
    added = addition(project(), plan)
    assert added.indicators == SOURCE.indicators
    assert [one.code for one in added.measures] == list(plan.measures)
    assert (added.scales, added.instruments, added.targets) == ((), (), ())


def test_what_is_there_already_exactly_so_is_left() -> None:
    there = project(
        indices=(replace(INDEX, position=9),),
        measures=(MEAN,),
        indicators=(replace(indicator("B", MEAN), position=0),),
    )
    plan = plan_copy(SOURCE, there, {"B"})
    assert [one.state for one in plan.indicators] == [CopyState.SAME]
    assert (plan.indices, plan.measures) == ((), ())
    assert addition(there, plan).indicators == ()


def test_an_index_that_is_there_does_not_come_along() -> None:
    plan = plan_copy(SOURCE, project(indices=(INDEX,)), {"B"})
    assert plan.indicators[0].state is CopyState.NEW
    assert plan.indices == ()


CLASHES: list[tuple[str, ProjectDefinition, str, list[tuple[str, str]]]] = [
    (
        "another definition",
        project(indicators=(replace(indicator("A", SHARE), unit="% of people"),)),
        "A",
        [("copy_code_taken", "A")],
    ),
    (
        "no questionnaire",
        project(instruments=(STUDENT,)),
        "C",
        [("copy_questionnaire_missing", "teacher")],
    ),
    (
        "no questionnaire at all",
        project(instruments=()),
        "C",
        [("copy_questionnaire_missing", "teacher"), ("copy_questionnaire_missing", "student")],
    ),
    (
        "no question",
        project(instruments=(instrument("student", "s_fair", "s_sex"),)),
        "A",
        [("item_unknown", "s_safe")],
    ),
    (
        "no question of the index",
        project(instruments=(instrument("student", "s_safe", "s_sex"),)),
        "B",
        [("item_unknown", "s_fair")],
    ),
    (
        "other numbers",
        project(scales=(ScaleDefinition("agree", AGREE.options[:4]), SEX)),
        "A",
        [("copy_question_differs", "s_safe")],
    ),
    (
        "another index",
        project(indices=(replace(INDEX, reversed_items=frozenset()),)),
        "B",
        [("copy_index_differs", "climate")],
    ),
    (
        "no index allowed",
        project(instruments=(replace(STUDENT, allows_index=False, limits=("Жок", "", "")),)),
        "B",
        [("index_refused", "student")],
    ),
    (
        "no such group",
        project(instruments=(instrument("student", "s_safe", "s_fair"),)),
        "A",
        [("group_unknown", "sex;oblast"), ("group_unknown", "sex")],
    ),
]


@pytest.mark.parametrize(
    ("target", "code", "wanted"), [row[1:] for row in CLASHES], ids=[row[0] for row in CLASHES]
)
def test_what_stands_in_the_way(
    target: ProjectDefinition, code: str, wanted: list[tuple[str, str]]
) -> None:
    state, found = kinds(target, code)
    assert state is CopyState.CLASH
    assert set(found) <= set(wanted)
    assert found
    assert addition(target, plan_copy(SOURCE, target, {code})).indicators == ()


def test_a_code_that_is_taken_and_a_missing_questionnaire_are_both_told() -> None:
    there = project(instruments=(STUDENT,), indicators=(indicator("C", SHARE),))
    assert kinds(there, "C") == (
        CopyState.CLASH,
        [("copy_code_taken", "C"), ("copy_questionnaire_missing", "teacher")],
    )


def test_another_wording_of_a_question_is_no_clash() -> None:
    items = tuple(replace(one, labels=("Башка", "", "")) for one in STUDENT.items)
    assert kinds(project(instruments=(replace(STUDENT, items=items),)), "A")[0] is CopyState.NEW


def test_the_mark_names_exactly_this_plan() -> None:
    first, again = (plan_copy(SOURCE, project(), {"A"}).mark for _ in range(2))
    other = plan_copy(SOURCE, project(measures=(SHARE,)), {"A"}).mark
    assert first == again != other


def test_the_mark_is_the_same_in_every_process() -> None:
    """Sets have another order in each; a plan is looked at in one and accepted in another."""
    code = (
        "from tests.pipeline.test_framework_copy import SOURCE, plan_copy, project;"
        "print(plan_copy(SOURCE, project(), {'B', 'A'}).mark)"
    )
    marks = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": str(seed)},
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in (1, 2, 3)
    }
    assert len(marks) == 1
    assert len(marks.pop().strip()) == 64
