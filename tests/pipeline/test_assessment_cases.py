"""Assessment against a table of cases computed by hand (`assessment_cases/*.csv`).

The column `by_hand` holds the arithmetic. `levels`, `changes` and `way` go through `assess`; what
is read, counted and summed on the way (`counted`, `answers`) goes through `calculate`.
"""

from __future__ import annotations

import csv
from datetime import date, timedelta
from pathlib import Path

import pytest

from indicators.pipeline.assess import Evidence, assess
from indicators.pipeline.calculate import calculate
from indicators.pipeline.inputs import FactSpec, Rules, TargetSpec
from indicators.pipeline.outcomes import AssessmentRow, ChangeRow, EstimateRow
from indicators.pipeline.shapes import WaveSpec
from indicators.vocabulary import (
    BaselinePolicy,
    MeasureKind,
    Reason,
    Respondent,
    Scope,
    Status,
    TargetType,
    Verdict,
)
from tests.pipeline.assessment_facts import facts_of
from tests.pipeline.builders import BASELINE, ENDLINE, answers, measure, project, register

TABLES = Path(__file__).parent / "assessment_cases"
PAST = date(2027, 12, 1)
T_22 = 1.717144  # t(.95; 22), behind the half widths of `way`
Row = dict[str, str]
REASONS = set(Reason)
# Mistakes known from other trackers, and cases in which each would give another answer.
MISTAKES = {
    "numbers kept as text": {"nine is less than ten", "ten is more than nine"},
    "zero taken for missing": {"up: a true zero is a value", "zero typed", "counted: none yet"},
    "missing taken for zero": {"missing is not zero", "nothing typed", "baseline missing"},
    "0/0 as a value": {"share: 0/0", "signed plans 0/0 and down", "share of nobody"},
    "a percentage capped from the wrong side": {
        "up: a quarter is not 100 %",
        "up: overshoot is not capped",
    },
    "the numerator added to its denominator": {"signed plans"},
    "value/target whatever the baseline": {
        "62 of 65 in half the time",
        "62 of 65 near the end",
        "checklists: 10 to 12 of 20",
    },
    "value/target whatever the direction": {
        "down: 110 % of the target is a miss",
        "down: the wrong way",
        "recommend: negative and met",
    },
    "a division by a way of zero": {"target at the baseline", "up: a target of zero"},
    "sums over waves": {"events of two waves do not add up"},
}


def table(name: str) -> list[Row]:
    with (TABLES / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def cases(name: str, *, filled: str = "case") -> pytest.MarkDecorator:
    rows = [row for row in table(name) if row[filled]]
    return pytest.mark.parametrize("row", rows, ids=[row["case"] for row in rows])


def number(text: str) -> float | None:
    return float(text) if text else None


def printed(text: str, digits: float = 1e-4) -> object:
    """What was computed by hand with four decimals; None stays None."""
    return pytest.approx(float(text), abs=digits, rel=2e-5) if text else None


def reason(row: Row) -> Reason | None:
    return Reason(row["note"]) if row["note"] in REASONS else None


def target(row: Row, school: str = "") -> TargetSpec:
    kind = TargetType(row.get("target", TargetType.CHANGE))
    limits = (number(row["low"]), number(row["high"]))
    return TargetSpec(7, "m", "W1", kind, *limits, school, is_held=row.get("note") == "held")


def evidence(*rows: EstimateRow | ChangeRow, row: Row, middle: date | None = None) -> Evidence:
    waves = [BASELINE, ENDLINE]
    if middle is not None:
        waves.append(WaveSpec("WM", 1, middle, middle))
    return Evidence(
        levels={("m", one.wave, one.school): one for one in rows if isinstance(one, EstimateRow)},
        changes={("m", one.wave_to, one.school): one for one in rows if isinstance(one, ChangeRow)},
        waves={wave.code: wave for wave in waves},
        baseline="W0",
        share_measures=frozenset({"m"} if row["unit"] == "percent" else ()),
        reworded=frozenset({"m"} if row["note"] == "reworded" else ()),
        unheard=frozenset(
            {("m", row["note"].partition(" ")[2] or "W1")}
            if row["note"].startswith("unheard")
            else ()
        ),
    )


def assert_status(found: AssessmentRow, row: Row) -> None:
    assert (found.target, found.status) == (7, row["status"]), row["by_hand"]
    assert found.reason == (row["why"] or None)
    assert found.is_by_value_alone is (row.get("alone") == "yes")
    if found.is_by_value_alone:
        assert found.prob_met is None


def assert_reached(found: AssessmentRow, row: Row) -> None:
    assert found.reached is {"yes": True, "no": False, "": None}[row["reached"]]


def test_there_are_enough_cases() -> None:
    rows = [row for path in TABLES.glob("*.csv") for row in table(path.stem)]
    assert len(rows) >= 150
    assert len({row["case"] for row in table("levels")}) == len(table("levels"))
    assert all(row["by_hand"] for row in rows)
    seen = {row["status"] for row in rows}
    assert seen >= set(Status) - {Status.NO_TARGET}  # said of indicators, not of targets


@pytest.mark.parametrize("mistake", MISTAKES)
def test_the_mistakes_of_others_have_their_cases(mistake: str) -> None:
    known = {row["case"] for path in TABLES.glob("*.csv") for row in table(path.stem)}
    assert MISTAKES[mistake] <= known


# --- due ------------------------------------------------------------------------------


@cases("levels")
def test_a_level(row: Row) -> None:
    school = "A" if row["scope"] == "school" else ""
    levels = [] if row["note"] == "none" else [_level(row, school)]
    found = assess(target(row, school), evidence(*levels, row=row), Rules(reference_date=PAST))
    assert_status(found, row)
    assert_reached(found, row)
    is_shown = row["status"] not in (Status.NO_DATA, Status.NOT_APPLICABLE)
    assert found.value == (number(row["value"]) if is_shown else None)
    if row["bound_low"] or row["status"] not in (Status.MET, Status.NOT_MET, Status.TOO_CLOSE):
        assert found.bound_low == printed(row["bound_low"])
        assert found.bound_high == printed(row["bound_high"])


def _level(row: Row, school: str) -> EstimateRow:
    return EstimateRow(
        measure="m",
        wave="W1",
        scope=Scope(row["scope"]),
        school=school,
        n=int(row["n"]),
        value=number(row["value"]),
        se=number(row["se"]),
        df=number(row["df"]),
        n_eff=number(row["n_eff"]),
        reason=reason(row),
    )


@cases("changes")
def test_a_change(row: Row) -> None:
    school = "A" if row["scope"] == "school" else ""
    level = EstimateRow(
        "m", "W1", Scope.PROJECT, 900, 3.0, school=school, se=0.1, df=22.0, reason=reason(row)
    )
    moved = [] if row["note"] == "none" else [_change(row, "W1", school)]
    one = target(row, school)
    found = assess(one, evidence(level, *moved, row=row), Rules(reference_date=PAST))
    assert_status(found, row)
    assert_reached(found, row)
    is_shown = row["status"] != Status.NOT_APPLICABLE
    assert found.value == (number(row["difference"]) if is_shown else None)
    assert (found.bound_low, found.bound_high) == (
        printed(row["bound_low"]),
        printed(row["bound_high"]),
    )


def _change(row: Row, wave: str, school: str = "") -> ChangeRow:
    half, d = number(row.get("half", "")), number(row["difference"])
    limits = (number(row.get("ci90_low", "")), number(row.get("ci90_high", "")))
    if half is not None and d is not None:
        limits = (d - half, d + half)
    is_reworded = row["note"] == Reason.NOT_COMPARABLE
    return ChangeRow(
        measure="m",
        wave_from="W0",
        wave_to=wave,
        scope=Scope.SCHOOL if school else Scope.PROJECT,
        school=school,
        verdict=Verdict.NOT_COMPARABLE if is_reworded else Verdict.NO_CLEAR_CHANGE,
        baseline=number(row["baseline"]),
        difference=d,
        se=half / T_22 if half else number(row.get("se", "")),
        df=22.0 if half else number(row.get("df", "")),
        ci90_low=limits[0],
        ci90_high=limits[1],
        reason=reason(row),
    )


# --- on the way -----------------------------------------------------------------------


@cases("way")
def test_the_way_to_a_target(row: Row) -> None:
    rows: list[EstimateRow | ChangeRow] = []
    middle = BASELINE.field_end + timedelta(days=int(row["days"] or 365))
    if row["note"] != "none":
        shown = Reason.SELF_SELECTED if reason(row) is Reason.SELF_SELECTED else None
        rows = [
            EstimateRow("m", "WM", Scope.PROJECT, 900, 3.5, reason=shown),
            _change(row, "WM"),
        ]
    rules = Rules(reference_date=middle + timedelta(days=1))
    found = assess(target(row), evidence(*rows, row=row, middle=middle), rules)
    assert_status(found, row)
    assert found.share_closed == printed(row["share"])
    assert (found.share_low, found.share_high) == (
        printed(row["share_low"]),
        printed(row["share_high"]),
    )
    assert found.share_elapsed == printed(row["elapsed"])
    assert (found.reached, found.prob_met) == (None, None)
    is_shown = row["note"] not in ("none", Reason.SELF_SELECTED)
    value = number(row["difference"]) if row["target"] == TargetType.CHANGE else 3.5
    assert found.value == (value if is_shown else None)


@cases("way", filled="share_low")
def test_another_range_asks_for_another_width(row: Row) -> None:
    """At 50 % the t quantile is t(.75; 22) = 0.685805, so every half width is 0.3994 of it."""
    middle = BASELINE.field_end + timedelta(days=int(row["days"]))
    rows = (EstimateRow("m", "WM", Scope.PROJECT, 900, 3.5), _change(row, "WM"))
    rules = Rules(reference_date=middle + timedelta(days=1), target_confidence=0.5)
    found = assess(target(row), evidence(*rows, row=row, middle=middle), rules)
    share = float(row["share"])
    assert found.share_low == pytest.approx(
        share - 0.399387 * (share - float(row["share_low"])), abs=1e-4
    )


# --- read, counted and summed ---------------------------------------------------------


@cases("counted")
def test_facts(row: Row) -> None:
    spec = FactSpec(
        "m",
        MeasureKind(row["kind"]),
        source="desk.takers",
        baseline_policy=BaselinePolicy(row["policy"]),
        indicator="D02",
    )
    facts = {"W0": facts_of(row["kind"], row["before"]), "W1": facts_of(row["kind"], row["after"])}
    inputs = project(
        facts=(spec,),
        wave_facts=facts,
        schools=register("ABCDE"),
        targets=(target(row),),
        rules=Rules(reference_date=PAST),
    )
    (found,) = calculate(inputs).assessments
    assert found.status == row["status"], row["by_hand"]
    assert found.value == printed(row["value"])
    assert found.reason == (row["why"] or None)
    assert_reached(found, row)
    assert found.is_by_value_alone is (row["status"] != Status.NO_DATA)


@cases("answers")
def test_answers_of_people(row: Row) -> None:
    kind = MeasureKind(row["kind"])
    is_checklist = kind in (MeasureKind.SCHOOLS_COUNT, MeasureKind.SCHOOLS_SHARE)
    respondent = Respondent.DIRECTOR if is_checklist else Respondent.STUDENT
    codes = frozenset(int(code) for code in row["codes"].split())
    unscored = frozenset() if kind is MeasureKind.NPS else frozenset({9})
    spec = measure(
        kind,
        instrument=respondent.value,
        respondent=respondent,
        codes=codes,
        unscored_codes=unscored,
    )
    people = [
        {"school": school, "q": None if answer == "." else int(answer)}
        for school, _, given in (one.partition(":") for one in row["answers"].split())
        for answer in given.split(",")
    ]
    one = answers("W1", people, instrument=respondent.value, asked=["q"])
    results = calculate(
        project(one, measures=[spec], targets=(target(row),), rules=Rules(reference_date=PAST))
    )
    (found,) = results.assessments
    (level,) = [each for each in results.estimates if each.scope is Scope.PROJECT]
    assert level.n == int(row["n"]), row["by_hand"]
    assert found.value == printed(row["value"])
    assert_reached(found, row)
    if row["status"]:
        assert found.status == row["status"], row["by_hand"]
    for end in ("bound_low", "bound_high"):
        if row[end]:
            assert getattr(found, end) == printed(row[end], 2e-4)
