"""The clean files of both waves against figures an independent script counted in them."""

import json
from collections import Counter
from typing import Any

import numpy as np
import pytest

from indicators.pipeline.shapes import MISSING, CheckedFile, IntArray
from indicators.vocabulary import ItemKind, Severity
from tests.pipeline.import_cases import CLEAN_SURVEYS, DEMO, SAME_ITEM, TRUTH, check, form, rows_of

EXPECTED: dict[str, Any] = json.loads((TRUTH / "expected.json").read_text(encoding="utf-8"))
PERIODS = {"W0": "baseline", "W1": "endline"}
RESPONDENTS = ("student", "teacher", "parent")
# What may be said about a clean file: schools written in another way, and one doubtful manner.
HARMLESS = {"school_written_differently", "misspelt_school", "straightlining"}


@pytest.fixture(scope="module")
def surveys() -> dict[str, CheckedFile]:
    return {path: check(DEMO / path, "survey", wave, name) for path, wave, name in CLEAN_SURVEYS}


def joined(surveys: dict[str, CheckedFile], wave: str, respondent: str, name: str) -> IntArray:
    """One column over all files of a wave."""
    tables = [
        surveys[path].survey
        for path, its_wave, form_name in CLEAN_SURVEYS
        if its_wave == wave and form(form_name).instrument == respondent
    ]
    return np.concatenate([table.columns[name] for table in tables if table])


@pytest.mark.parametrize("path", [path for path, _, _ in CLEAN_SURVEYS])
def test_a_clean_survey_is_acceptable_with_few_warnings(surveys, path):
    checked = surveys[path]
    assert checked.is_acceptable
    assert {problem.severity for problem in checked.problems} <= {Severity.WARNING}
    assert {problem.kind for problem in checked.problems} <= HARMLESS


def test_schools_written_differently_are_all_found(surveys):
    kinds = Counter(p.kind for checked in surveys.values() for p in checked.problems)
    assert kinds["misspelt_school"] == 6
    assert kinds["school_written_differently"] == 154
    assert kinds["straightlining"] == 3


@pytest.mark.parametrize("wave", PERIODS)
@pytest.mark.parametrize("respondent", RESPONDENTS)
def test_respondents_and_consent_are_counted(surveys, wave, respondent):
    expected = EXPECTED[PERIODS[wave]]
    by_school: Counter[str] = Counter()
    opened = consented = 0
    for path, its_wave, form_name in CLEAN_SURVEYS:
        table = surveys[path].survey
        if table and its_wave == wave and form(form_name).instrument == respondent:
            opened += table.funnel.opened
            consented += table.funnel.consented
            by_school.update(table.school_codes[place] for place in table.school_index)
    assert by_school == expected["n_by_school"][respondent]
    assert opened == expected["files"][respondent]["rows"]
    assert consented == expected["files"][respondent].get("consented", opened)


@pytest.mark.parametrize("wave", PERIODS)
@pytest.mark.parametrize("respondent", RESPONDENTS)
def test_every_distribution_is_exact(surveys, wave, respondent):
    items = EXPECTED[PERIODS[wave]]["items"][respondent]
    asked = {name: item for name, item in items.items() if ":" not in name and "/" not in name}
    assert asked
    for name, item in asked.items():
        codes = joined(surveys, wave, respondent, SAME_ITEM.get(name, name))
        counts = Counter(str(code) for code in codes[codes != MISSING])
        assert counts == item["dist"], name


@pytest.mark.parametrize("wave", PERIODS)
def test_every_count_of_a_multiple_choice_is_exact(surveys, wave):
    for name, options in EXPECTED[PERIODS[wave]]["multi"].items():
        respondent = "teacher" if name.startswith("t_") else "parent"
        item = next(one for one in form(respondent).items if one.name == name)
        assert item.kind is ItemKind.MULTI
        masks = joined(surveys, wave, respondent, name)
        masks = masks[masks != MISSING]
        names = [option.name for option in item.options]
        for option, expected in options.items():
            ticked = int((masks >> names.index(option) & 1).sum())
            assert (ticked, len(masks)) == (expected["n"], expected["base"]), (name, option)


def test_free_text_beside_the_channels_counts_as_other(surveys):
    for wave, period in PERIODS.items():
        masks = joined(surveys, wave, "parent", "p_channels")
        item = next(one for one in form("parent").items if one.name == "p_channels")
        bit = [option.name for option in item.options].index("other")
        n = int((masks[masks != MISSING] >> bit & 1).sum())
        assert n == EXPECTED[period]["files"]["parent"]["free_text_channels"]


def test_checklists_of_the_directors():
    folder = DEMO / "baseline" / "director_checklist"
    baseline = [check(path, "checklist", "W0", "director") for path in sorted(folder.iterdir())]
    assert all(checked.is_acceptable and len(checked.checklists) == 1 for checked in baseline)
    incomplete = [
        problem.value
        for checked in baseline
        for problem in checked.problems
        if problem.kind == "checklist_incomplete"
    ]
    assert incomplete == ["IS-10"]
    endline = check(DEMO / "endline" / "director_checklist.xlsx", "checklist", "W1", "director")
    assert endline.is_acceptable
    assert endline.problems == ()
    rows = {
        "baseline": [c.checklists[0] for c in baseline if c.checklists[0].school_code != "IS-10"],
        "endline": list(endline.checklists),
    }
    for period, checklists in rows.items():
        for name, expected in EXPECTED[period]["items"]["director"].items():
            counts = Counter(str(row.answers[name]) for row in checklists if name in row.answers)
            assert counts == expected["dist"], (period, name)


@pytest.mark.parametrize(
    ("path", "kind", "wave", "counts"),
    [
        ("baseline/desk_data.xlsx", "desk", "W0", {"ort": 207, "olympiad": 414}),
        ("endline/desk_data.xlsx", "desk", "W1", {"ort": 132, "olympiad": 264}),
        ("endline/cluster_activity.xlsx", "activity", "W1", {"event": 106, "cluster_plan": 22}),
        ("endline/manual_values.csv", "manual", "W1", {"manual_value": 2}),
        ("baseline/qualitative.csv", "notes", "W0", {"note": 26}),
        ("endline/register_changes.xlsx", "register", "W0", {"school_event": 2}),
    ],
)
def test_records_are_read_without_a_word(path, kind, wave, counts):
    indicators = frozenset(row["code"] for row in rows_of(DEMO / "framework.xlsx", "indicators"))
    checked = check(DEMO / path, kind, wave, indicator_codes=indicators)
    assert checked.problems == ()
    assert Counter(row.table for row in checked.records) == counts


@pytest.mark.parametrize("wave", PERIODS)
def test_desk_data_add_up(wave):
    period = PERIODS[wave]
    checked = check(DEMO / period / "desk_data.xlsx", "desk", wave)
    cells = {
        (r.table, r.school_code, r.values["period"], r.values["level"], r.values["name"]): r.values[
            "value"
        ]
        for r in checked.records
    }
    for year, expected in EXPECTED[period]["desk"]["ort"].items():
        takers = {k[1]: v for k, v in cells.items() if k[2] == year and k[4] == "takers"}
        means = {k[1]: v for k, v in cells.items() if k[2] == year and k[4] == "mean"}
        weighted = sum(means[code] * takers[code] for code in takers) / sum(takers.values())
        assert sum(takers.values()) == expected["takers"]
        assert weighted == pytest.approx(expected["weighted_mean"], abs=0.0006)
    for year, expected in EXPECTED[period]["desk"]["olympiad"].items():
        for name in ("participants", "prizes"):
            total = sum(v for k, v in cells.items() if k[2] == year and k[4] == name)
            assert total == expected[name]


def test_a_percent_by_hand_becomes_a_share():
    checked = check(DEMO / "endline" / "manual_values.csv", "manual", "W1")
    values = {row.values["wave"]: row.values for row in checked.records}
    assert values["W0"]["value"] == pytest.approx(0.13)
    assert (values["W1"]["numerator"], values["W1"]["denominator"]) == (13, 22)


def test_a_whole_register_is_no_list_of_changes():
    checked = check(DEMO / "register" / "schools.xlsx", "register", "W0")
    assert [problem.kind for problem in checked.problems] == ["whole_register"]
    assert len(checked.records) == 23
