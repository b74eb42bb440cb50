"""R repeats the stored numbers: of every kind in the demo project, and of hard cases beside it."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from indicators.models import Run
from indicators.queries.answer_tables import Stored
from indicators.reports.r_bundle import TEMPLATES
from indicators.stats.paired import DRAWS, sign_flip
from indicators.vocabulary import Selection
from tests.reports.bundles import change, differences, gap, level, run_r, run_together, unpack
from tests.reports.hard_cases import build_hard_cases

pytestmark = [pytest.mark.r, pytest.mark.slow, pytest.mark.django_db]

AGREEMENT = 1e-8  # what is promised: absolute, and relative for values above 1
Find = Callable[[Run], Stored]

CASES: dict[str, Find] = {
    "level of an index": lambda run: level(run, "index:satisfaction"),
    "level of an index with a reworded item": lambda run: level(run, "index:climate_safety"),
    "level and answers of a question": lambda run: level(run, "item:s_feel_safe", "W0"),
    "level of a share": lambda run: level(run, "share:s_feel_safe:4,5"),
    "level of an option": lambda run: level(run, "option:t_ways_of_support:mentoring"),
    "recommend score of those who chose themselves": lambda run: level(run, "nps:p_recommend"),
    "number of schools": lambda run: level(run, "schools_count:d_computer_class:1,2"),
    "level of girls": lambda run: level(
        run, "index:relationships", scope="group", group_by="sex", group="girl"
    ),
    "share in a region where all agree": lambda run: level(
        run, "share:t_leadership_contributes:3", scope="group", group_by="oblast", group="batken"
    ),
    "mean in a region where all agree": lambda run: level(
        run, "item:t_comp_ict", scope="group", group_by="oblast", group="batken"
    ),
    "region of one school": lambda run: level(
        run, "index:satisfaction", scope="group", group_by="oblast", group="osh_city"
    ),
    "level of one school": lambda run: level(
        run, "index:satisfaction", scope="school", school__code="IS-07"
    ),
    "share of one school": lambda run: level(
        run, "share:s_feel_safe:4,5", scope="school", school__code="IS-07"
    ),
    "share of one school where nobody did": lambda run: level(
        run, "share:s_feel_safe:1,2", scope="school", school__code="IS-08"
    ),
    "level of a merged school": lambda run: level(
        run, "index:relationships", "W0", scope="school", school__code="IS-09"
    ),
    "gap of girls and boys": lambda run: level(run, "gap:s_feel_safe:sex"),
    "gap of teachers and students": lambda run: level(
        run, "gap:t_group_work_last_week:s_group_work_last_week"
    ),
    "gap with directors": lambda run: level(
        run, "gap:d_boys_girls_equally_safe:s_boys_girls_equally_safe"
    ),
    "group gap of an index": lambda run: gap(run, "index:climate_safety", "W0"),
    "group gap of a share": lambda run: gap(run, "share:s_feel_safe:4,5"),
    "group gap of town and village and its change": lambda run: gap(
        run, "index:climate_culture", group_by="settlement"
    ),
    "group gap of an index and its change": lambda run: gap(run, "index:relationships"),
    "change of girls": lambda run: change(
        run, "index:relationships", scope="group", group_by="sex", group="girl"
    ),
    "change of village schools": lambda run: change(
        run, "share:s_feel_safe:4,5", scope="group", group_by="settlement", group="rural"
    ),
    "change of a headline index": lambda run: change(run, "index:relationships"),
    "change on the questions worded alike": lambda run: change(run, "index:climate_safety"),
    "change of a share": lambda run: change(run, "share:s_feel_safe:4,5"),
    "change of a reworded question": lambda run: change(run, "share:s_respect_everyone:4,5"),
    "change outside the register": lambda run: change(run, "item:s_feel_safe"),
    "change where one school stands still": lambda run: change(
        run, "index:professional_development"
    ),
    "change of a question whose order of answers decides": lambda run: change(
        run, "item:s_teachers_ict"
    ),
    "change of the number of schools": lambda run: change(
        run, "schools_count:d_computer_class:1,2"
    ),
    "change of those who chose themselves": lambda run: change(run, "nps:p_recommend"),
    "change of a gap of girls and boys": lambda run: change(run, "gap:s_feel_safe:sex"),
    "change of a gap of teachers and students": lambda run: change(
        run, "gap:t_group_work_last_week:s_group_work_last_week"
    ),
    "change of a gap with directors": lambda run: change(
        run, "gap:d_boys_girls_equally_safe:s_boys_girls_equally_safe"
    ),
    "change of one school, students": lambda run: change(
        run, "index:satisfaction", scope="school", school__code="IS-07"
    ),
    "change of a share of one school, students": lambda run: change(
        run, "share:s_feel_safe:4,5", scope="school", school__code="IS-07"
    ),
    "change of one school, teachers": lambda run: change(
        run, "index:professional_competences", scope="school", school__code="IS-07"
    ),
    "change of a share of one school, teachers": lambda run: change(
        run, "share:t_leadership_contributes:3", scope="school", school__code="IS-07"
    ),
    "change of the merged school": lambda run: change(
        run, "index:climate_safety", scope="school", school__code="IS-24"
    ),
    "change of one school with few answers": lambda run: change(
        run, "item:t_comp_ict", scope="school", school__code="IS-10"
    ),
    "change of one school where all agree": lambda run: change(
        run, "share:s_feel_safe:1,2", scope="school", school__code="IS-21"
    ),
}
HARD_CASES: dict[str, Find] = {
    "index with reversed items": lambda run: level(run, "index:reversed", "Т1"),
    "change of an index with reversed items": lambda run: change(run, "index:reversed"),
    "percent-positive index": lambda run: level(run, "index:positive", "W0"),
    "change of a percent-positive index": lambda run: change(run, "index:positive"),
    "mean without don't know": lambda run: level(run, "item:s_суроо", "Т1"),
    "share with don't know in the base": lambda run: change(run, "share:s_суроо:4,5"),
    "recommend score": lambda run: level(run, "nps", "W0"),
    "change of the recommend score": lambda run: change(run, "nps"),
    "one option of several, boys": lambda run: level(
        run, "option:trips", "Т1", scope="group", group_by="sex", group="male"
    ),
    "change of a gap": lambda run: change(run, "gap:s_суроо:sex"),
    "number of schools": lambda run: change(run, "schools_count:d_plan:4,5"),
    "a school with a name in Cyrillic": lambda run: change(
        run, "index:reversed", scope="school", school__code="мектеп"
    ),
}
SAMPLES: dict[str, Find] = {
    "weighted level": lambda run: level(run, "index:reversed", "W0"),
    "weighted share": lambda run: level(run, "share:s_суроо:4,5", "Т1"),
    "weighted answers of a question": lambda run: level(run, "item:s_суроо", "W0"),
    "weighted share of a group": lambda run: level(
        run, "option:trips", "W0", scope="group", group_by="sex", group="female"
    ),
    "weighted level of one school": lambda run: level(
        run, "nps", "W0", scope="school", school__code="IS-1"
    ),
    "weighted share of one school": lambda run: level(
        run, "share:s_суроо:4,5", "W0", scope="school", school__code="007"
    ),
    "weighted change": lambda run: change(run, "nps"),
    "weighted change of a share": lambda run: change(run, "share:s_суроо:4,5"),
    "weighted change of one school": lambda run: change(
        run, "index:positive", scope="school", school__code="мектеп"
    ),
    "weighted gap": lambda run: level(run, "gap:s_суроо:sex", "Т1"),
    "change of a weighted gap": lambda run: change(run, "gap:s_суроо:sex"),
    "weighted gap of girls and boys and its change": lambda run: gap(run, "nps", "Т1"),
    "weighted gap of town and village": lambda run: gap(run, "nps", "Т1", "settlement"),
    "checklists": lambda run: change(run, "schools_count:d_plan:4,5"),
}
Printed = dict[str, subprocess.CompletedProcess[str]]


def unpacked(run: Run, cases: dict[str, Find], folder: Path) -> dict[str, Path]:
    return {
        name: unpack(find(run), folder / str(place))
        for place, (name, find) in enumerate(cases.items())
    }


@pytest.fixture(scope="module")
def demo_printed(demo_run: Run, tmp_path_factory: pytest.TempPathFactory) -> Printed:
    """Every bundle in a process of its own, as an evaluator runs it."""
    folders = unpacked(demo_run, CASES, tmp_path_factory.mktemp("demo"))
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return dict(zip(folders, pool.map(run_r, folders.values()), strict=True))


def agrees(printed: str) -> None:
    found = differences(printed)
    assert len(found) >= 3
    wrong = {name: gap for name, gap in found.items() if not abs(gap) <= AGREEMENT}
    assert not wrong, printed
    assert "All numbers agree." in printed


def agree(run: Run, cases: dict[str, Find], folder: Path, **env: str) -> None:
    """Many scripts in one process."""
    printed = run_together(unpacked(run, cases, folder).values(), **env)
    for text in printed:
        assert "status 0" in text, text
        agrees(text)
    assert len(printed) == len(cases)


@pytest.mark.parametrize("name", CASES)
def test_r_repeats_a_number_of_the_demo(demo_printed: Printed, name: str) -> None:
    done = demo_printed[name]
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stderr == ""
    agrees(done.stdout)


def test_the_cases_cover_tests_ranges_and_words(demo_printed: Printed) -> None:
    names = {name for done in demo_printed.values() for name in differences(done.stdout)}
    assert {"se", "df", "ci_low", "p", "p_sign_flip", "all_se", "within_low"} <= names
    assert {"icc", "deff", "rank_difference", "p_rank"} <= names
    assert {"effect_high", "p_spread", "detectable", "margin", "p_adjusted", "n_second"} <= names
    assert all("verdict" in demo_printed[name].stdout for name in CASES if "headline" in name)


def test_r_repeats_the_hard_cases(hard_run: Run, tmp_path: Path) -> None:
    agree(hard_run, HARD_CASES, tmp_path / "r")


@pytest.mark.parametrize("selection", [Selection.SAMPLE, Selection.CENSUS])
def test_r_repeats_weighted_numbers(db: None, tmp_path: Path, selection: Selection) -> None:
    """With strata, a merger, a frame of which one size is unknown; and with weights alone."""
    run = build_hard_cases(selection, is_weighted=True)
    agree(run, SAMPLES, tmp_path / "r")


def test_r_reads_cyrillic_codes_where_the_locale_knows_none(hard_run: Run, tmp_path: Path) -> None:
    names = ("mean without don't know", "change of a gap", "a school with a name in Cyrillic")
    cases = {name: HARD_CASES[name] for name in names}
    agree(hard_run, cases, tmp_path / "r", LC_ALL="C")


def test_refused_ranges_are_explained(demo_printed: Printed) -> None:
    assert "chose themselves" in demo_printed["change of those who chose themselves"].stdout
    assert "Every school was asked" in demo_printed["number of schools"].stdout


def test_a_number_that_is_not_so_ends_with_status_1(demo_run: Run, tmp_path: Path) -> None:
    folder = unpack(CASES["level of one school"](demo_run), tmp_path / "r")
    script = folder / "reproduce.R"
    text = script.read_text(encoding="utf-8")
    value = next(line for line in text.splitlines() if line.startswith("  value = "))
    digits = value.removeprefix("  value = ").rstrip(",")
    script.write_text(text.replace(digits, repr(float(digits) + 1e-6)), encoding="utf-8")
    done = run_r(folder)
    assert done.returncode == 1
    assert "DIFFERS" in done.stdout
    assert "NOT ALL NUMBERS AGREE." in done.stdout


def test_other_answers_end_with_status_1(demo_run: Run, tmp_path: Path) -> None:
    folder = unpack(CASES["change of one school, teachers"](demo_run), tmp_path / "r")
    answers = folder / "answers.csv"
    lines = answers.read_text(encoding="utf-8").splitlines()
    answers.write_text("\n".join(lines[:-1]) + "\n", encoding="utf-8")  # somebody is missing
    assert run_r(folder).returncode == 1


def test_a_number_that_r_does_not_compute_is_an_error(demo_run: Run, tmp_path: Path) -> None:
    folder = unpack(CASES["level of one school"](demo_run), tmp_path / "r")
    script = folder / "reproduce.R"
    text = script.read_text(encoding="utf-8").replace("  value = ", "  valeu = ")
    script.write_text(text, encoding="utf-8")
    done = run_r(folder)
    assert done.returncode == 1
    assert "R computed no valeu" in done.stderr


@pytest.mark.parametrize("schools", [7, 24, 30])
def test_the_sign_flip_of_r_is_ours(schools: int) -> None:
    """Exact to 24 schools; above, both draw signs and meet up to chance."""
    d = np.random.default_rng(schools).normal(0.1, 0.4, schools)
    numbers = ", ".join(map(repr, d.tolist()))
    code = f'source("differences.R"); cat(sprintf("%.17g", sign_flip(c({numbers}))))'
    done = run_r(TEMPLATES, "-e", code)
    ours = sign_flip(d)
    assert ours is not None
    chance = 6 * (2 * ours * (1 - ours) / DRAWS) ** 0.5 if schools > 24 else 1e-12
    assert float(done.stdout) == pytest.approx(ours, abs=chance)
