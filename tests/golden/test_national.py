"""The national study's readiness index, from its files to its stored results.

Expected values come from loops over respondents, straight from the formulas of method section 3.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from math import sqrt
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import override_settings

from indicators.actions.load_project import load_project
from indicators.actions.runs import request_run, run_calculation
from indicators.actions.uploads import import_file
from indicators.models import Assessment, Change, Dataset, Estimate, Gap, Run, Wave
from indicators.vocabulary import FileKind, Reason, Scope, Status, Verdict
from tests.golden.national import (
    AGREE,
    FACTORS,
    LANGUAGES,
    REGIONS,
    SETTLEMENTS,
    TEACHERS,
    WAVES,
    School,
    Study,
    draw_study,
    items,
    write_study,
)

INDICES = ("readiness", *FACTORS)
PER_WAVE = len(REGIONS) * 20 * TEACHERS
EXACT = {"rel": 1e-10}  # two ways to add up the same doubles
Domain = Callable[[School], bool]


@pytest.fixture(scope="module")
def study() -> Study:
    return draw_study()


@pytest.fixture(scope="module")
def national_run(
    study: Study,
    django_db_setup: None,
    django_db_blocker: Any,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Run]:
    folder = tmp_path_factory.mktemp("national")
    settings = override_settings(MEDIA_ROOT=str(tmp_path_factory.mktemp("files")))
    with django_db_blocker.unblock(), settings, transaction.atomic():
        yield load_study(study, folder / "project")
        transaction.set_rollback(True)


def load_study(study: Study, folder: Path, code: str = "national-study") -> Run:
    """The study from its files, calculated."""
    files = write_study(study, folder)
    project = load_project(directory=folder, by=None, code=code).project
    for wave in Wave.objects.filter(project=project):
        report = import_file(
            project=project,
            wave=wave,
            kind=FileKind.SURVEY,
            instrument="teacher",
            file_name=f"{wave.code}.csv",
            content=files[wave.code],
            by=None,
        )
        assert report.is_accepted, report.problems[:3]
    return run_calculation(run_id=request_run(project=project, by=None).pk)


@pytest.fixture(autouse=True)
def _database(db: None, national_run: Run) -> None:
    """Every test here reads the one run."""


def score(person: dict[str, Any], index: str) -> float | None:
    """Percent of the answered statements that were agreed to; half of them must be answered."""
    names = [name for factor, name in items() if index in ("readiness", factor)]
    answers = [person[name] for name in names if person[name] is not None]
    if not answers or len(answers) < 0.5 * len(names):
        return None
    return 100 * sum(answer == AGREE for answer in answers) / len(answers)


def weighted_mean(study: Study, wave: str, index: str, domain: Domain) -> float:
    top = bottom = 0.0
    for person in study.rows[wave]:
        y = score(person, index)
        if y is not None and domain(study.school(person["school"])):
            top += person["weight"] * y
            bottom += person["weight"]
    return top / bottom


def school_scores(study: Study, wave: str, index: str, domain: Domain) -> dict[str, float]:
    """Linearised score of every school of the wave; 0 outside the domain."""
    mean = weighted_mean(study, wave, index, domain)
    whole, z = 0.0, {one.code: 0.0 for one in study.schools if one.wave == wave}
    for person in study.rows[wave]:
        y = score(person, index)
        if y is not None and domain(study.school(person["school"])):
            whole += person["weight"]
            z[person["school"]] += person["weight"] * (y - mean)
    return {code: value / whole for code, value in z.items()}


def variance(study: Study, z: dict[str, float], *, has_frame: bool) -> float:
    """Sum over strata of (1 - f) n/(n - 1) times the squares around the stratum's mean."""
    strata: dict[str, list[float]] = defaultdict(list)
    for code, value in z.items():
        strata[study.school(code).stratum].append(value)
    total = 0.0
    for name, values in strata.items():
        n = len(values)
        middle = sum(values) / n
        fraction = n / study.frame[name] if has_frame else 0.0
        total += (1 - fraction) * n / (n - 1) * sum((value - middle) ** 2 for value in values)
    return total


def used(study: Study, wave: str, index: str, domain: Domain) -> tuple[set[str], set[str]]:
    """Schools with usable answers in the domain, and their strata."""
    codes = {
        person["school"]
        for person in study.rows[wave]
        if score(person, index) is not None and domain(study.school(person["school"]))
    }
    return codes, {study.school(code).stratum for code in codes}


def everybody(school: School) -> bool:
    return True


def check(row: Estimate, study: Study, wave: str, index: str, domain: Domain) -> None:
    z = school_scores(study, wave, index, domain)
    schools, strata = used(study, wave, index, domain)
    assert row.value == pytest.approx(weighted_mean(study, wave, index, domain), **EXACT)
    assert row.se == pytest.approx(sqrt(variance(study, z, has_frame=True)), **EXACT)
    assert (row.n_schools, row.df) == (len(schools), len(schools) - len(strata))
    assert row.ci_low < row.value < row.ci_high
    assert row.method == "taylor_design"


def test_the_files_arrive_whole(national_run: Run) -> None:
    assert [one.n_used for one in Dataset.objects.all()] == [PER_WAVE, PER_WAVE]


@pytest.mark.parametrize("wave", WAVES)
@pytest.mark.parametrize("index", INDICES)
def test_level_of_the_country(study: Study, wave: str, index: str) -> None:
    row = Estimate.objects.get(measure__code=f"index:{index}", wave__code=wave, scope=Scope.PROJECT)
    check(row, study, wave, index, everybody)


@pytest.mark.parametrize("index", ["readiness", "lms"])
@pytest.mark.parametrize("region", REGIONS)
def test_level_of_a_region(study: Study, index: str, region: str) -> None:
    row = Estimate.objects.get(
        measure__code=f"index:{index}", wave__code="N1", group_by="oblast", group=region
    )
    check(row, study, "N1", index, lambda school: school.region == region)


@pytest.mark.parametrize("language", LANGUAGES)
def test_level_of_a_language(study: Study, language: str) -> None:
    """Languages cut across the strata: schools outside keep their place in the design."""
    row = Estimate.objects.get(
        measure__code="index:readiness", wave__code="N2", group_by="language", group=language
    )
    check(row, study, "N2", "readiness", lambda school: school.language == language)


def test_readiness_increased() -> None:
    row = Change.objects.get(measure__code="index:readiness", scope=Scope.PROJECT)
    assert row.verdict == Verdict.INCREASED


@pytest.mark.parametrize("index", INDICES)
def test_change_between_two_samples(study: Study, index: str) -> None:
    """Independent samples: variances add, without the correction for the frame."""
    row = Change.objects.get(measure__code=f"index:{index}", scope=Scope.PROJECT)
    means = [weighted_mean(study, wave, index, everybody) for wave in WAVES]
    scores = [school_scores(study, wave, index, everybody) for wave in WAVES]
    se = sqrt(sum(variance(study, z, has_frame=False) for z in scores))
    assert (row.baseline, row.endline) == pytest.approx(tuple(means), **EXACT)
    assert row.difference == pytest.approx(means[1] - means[0], **EXACT)
    assert row.se == pytest.approx(se, **EXACT)
    assert row.df == 2 * (len(REGIONS) * 20 - len(REGIONS) * len(SETTLEMENTS))
    assert row.n_schools == 2 * len(REGIONS) * 20
    assert (row.second_look, row.n_up, row.n_down) == ("not_needed", None, None)
    assert row.verdict == (Verdict.INCREASED if row.p_adjusted < 0.05 else Verdict.NO_CLEAR_CHANGE)
    assert row.detectable == pytest.approx(se * 2.8, rel=0.02)  # 1.96 + 0.84, nearly normal


def test_gap_between_town_and_village(study: Study) -> None:
    """Kinds of schools: the two domains share no school, their variances add."""
    row = Gap.objects.get(measure__code="index:readiness", wave__code="N1")
    domains = [lambda school, kind=kind: school.settlement == kind for kind in SETTLEMENTS]
    means = [weighted_mean(study, "N1", "readiness", one) for one in domains]
    scores = [school_scores(study, "N1", "readiness", one) for one in domains]
    assert (row.group_by, row.first_group, row.second_group) == ("settlement", *SETTLEMENTS)
    assert row.value == pytest.approx(means[0] - means[1], **EXACT)
    se = sqrt(sum(variance(study, z, has_frame=False) for z in scores))
    assert row.se == pytest.approx(se, **EXACT)
    later = Gap.objects.get(measure__code="index:readiness", wave__code="N2")
    assert later.change == pytest.approx(later.endline - later.baseline)
    assert (later.change_word != "", later.change_reason) == (True, "")


def test_the_target_is_judged_by_the_weighted_range(national_run: Run) -> None:
    level = Estimate.objects.get(
        measure__code="index:readiness", wave__code="N2", scope=Scope.PROJECT
    )
    standing = Assessment.objects.get(run=national_run)
    assert standing.status == Status.MET
    assert standing.bound_low < level.value < standing.bound_high


def test_the_overall_index_is_no_mean_of_the_factors() -> None:
    values = {
        code: Estimate.objects.get(
            measure__code=f"index:{code}", wave__code="N1", scope=Scope.PROJECT
        ).value
        for code in INDICES
    }
    factors = [values[code] for code in FACTORS]
    assert values["readiness"] != pytest.approx(sum(factors) / len(factors), abs=0.1)
    assert min(factors) < values["readiness"] < max(factors)


def test_schools_with_one_of_a_stratum_drawn_have_no_range(study: Study, tmp_path: Path) -> None:
    """The value stands, the reason says which kind of refusal it is; merging mends it."""
    alone = Study(frame=study.frame, rows={}, schools=[])
    kept = {}
    for wave in WAVES:
        codes = [one for one in study.schools if one.wave == wave]
        lone = next(one for one in codes if one.stratum == "talas-urban")
        alone.schools += [one for one in codes if one.stratum != "talas-urban" or one == lone]
        kept[wave] = {one.code for one in alone.schools}
        alone.rows[wave] = [one for one in study.rows[wave] if one["school"] in kept[wave]]
    run = load_study(alone, tmp_path / "project", code="one-school-short")
    row = Estimate.objects.get(
        run=run, measure__code="index:readiness", wave__code="N1", scope=Scope.PROJECT
    )
    assert (row.se, row.reason) == (None, Reason.SINGLE_PSU_STRATUM)
    assert row.value == pytest.approx(weighted_mean(alone, "N1", "readiness", everybody))
    strata = {one.code: one for one in run.project.strata.all()}
    strata["talas-urban"].merged_into = strata["talas-rural"]
    strata["talas-urban"].save()
    again = run_calculation(run_id=request_run(project=run.project, by=None).pk)
    row = Estimate.objects.get(
        run=again, measure__code="index:readiness", wave__code="N1", scope=Scope.PROJECT
    )
    assert row.se is not None
    assert row.df == len(kept["N1"]) - len(REGIONS) * len(SETTLEMENTS) + 1
