"""Reliability and patterns of the demo project, against pandas on the answers as stored."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from indicators.models import (
    Change,
    CompositeIndex,
    Dataset,
    DistributionTest,
    Estimate,
    Exclusion,
    Reliability,
    Run,
    School,
)
from indicators.pipeline.shapes import MISSING
from indicators.queries.answers import answers_of
from indicators.vocabulary import Reason, Respondent, Scope

pytestmark = pytest.mark.django_db

WAVES = ("W0", "W1")


def table(wave: str, instrument: str, items: list[str]) -> pd.DataFrame:
    """Answers of all accepted sheets of a wave, NaN missing, with the code of the school's line."""
    lines = {
        school.code: (school.continues or school).code
        for school in School.objects.select_related("continues")
    }
    parts = []
    for dataset in Dataset.objects.filter(
        wave__code=wave, version__instrument__code=instrument
    ).order_by("pk"):
        found = answers_of(dataset, ["_school", "_row", *items])
        part = pd.DataFrame({name: found[name] for name in items if name in found})
        part["line"] = [lines[dataset.school_codes[i]] for i in found["_school"]]
        left_out = Exclusion.objects.filter(dataset=dataset).values_list("row", flat=True)
        parts.append(part[~pd.Series(found["_row"]).isin(list(left_out))])
    whole = pd.concat(parts, ignore_index=True)
    return whole.replace({MISSING: np.nan})


def of_index(index: CompositeIndex, wave: str) -> pd.DataFrame:
    members = list(index.index_items.select_related("item"))
    names = [member.item.name for member in members]
    x = table(wave, index.instrument.code, names)[names].astype(float)
    for member in members:
        if member.is_reversed:
            x[member.item.name] = index.scale_min + index.scale_max - x[member.item.name]
    return x


def alpha_of(x: pd.DataFrame) -> float:
    k = x.shape[1]
    return float(k / (k - 1) * (1 - x.var().sum() / x.sum(axis=1).var()))


@pytest.mark.parametrize("wave", WAVES)
def test_reliability_of_every_index(demo_run: Run, wave: str) -> None:
    indices = list(CompositeIndex.objects.select_related("instrument"))
    assert len(indices) == 15
    for index in indices:
        row = Reliability.objects.get(run=demo_run, measure__index=index, wave__code=wave)
        x = of_index(index, wave)
        full = x.dropna()
        answered = x.notna().sum(axis=1)
        enough = answered >= index.min_answered_share * x.shape[1]
        assert (row.n, row.n_complete, row.n_items) == (len(x), len(full), x.shape[1])
        assert (row.n_scored, row.n_prorated) == (enough.sum(), enough.sum() - len(full))
        assert row.n_too_few == ((answered > 0) & ~enough).sum()
        assert row.alpha == pytest.approx(alpha_of(full), rel=1e-10)
        assert row.value_complete == pytest.approx(full.mean(axis=1).mean())
        for name in x.columns:
            rest = full.drop(columns=name).sum(axis=1)
            assert row.item_rest[name] == pytest.approx(full[name].corr(rest), rel=1e-9)
            assert row.item_missing[name] == pytest.approx(x[name].isna().mean())


def test_the_indices_of_the_demo_are_sound(demo_run: Run) -> None:
    """Omega lies near alpha where items load alike; nothing is flagged, nothing refused."""
    rows = list(Reliability.objects.filter(run=demo_run))
    assert len(rows) == 30
    for row in rows:
        assert 0.6 < row.alpha_low < row.alpha < row.alpha_high < 0.95
        assert row.omega == pytest.approx(row.alpha, abs=0.03)
        assert (row.flags, row.reason, row.not_asked) == ([], "", [])


def test_the_share_at_an_end_of_the_scale_and_the_bases(demo_run: Run) -> None:
    """On the lines of schools with answers in both waves, don't know left out."""
    rows = DistributionTest.objects.filter(run=demo_run, reason="").select_related(
        "measure__item__scale", "measure__item__instrument"
    )
    checked = 0
    for row in rows:
        item = row.measure.item
        scored = [o.code for o in item.scale.options.all() if o.is_substantive]
        waves = [table(wave, item.instrument.code, [item.name]).dropna() for wave in WAVES]
        lines = set(waves[0]["line"]) & set(waves[1]["line"])
        waves = [wave[wave["line"].isin(lines)] for wave in waves]
        assert [row.n_baseline, row.n_endline] == [len(wave) for wave in waves], item.name
        assert row.n_schools == len(lines)
        codes = pd.concat(waves)[item.name]
        codes = codes[codes.isin(scored)]
        ends = max((codes == min(scored)).mean(), (codes == max(scored)).mean())
        assert row.end_share == pytest.approx(ends), item.name
        assert (row.rank_p is not None) == (ends > 0.4), item.name
        checked += 1
    assert checked == 66


def test_what_carries_no_inference_is_not_tested(demo_run: Run) -> None:
    rows = DistributionTest.objects.filter(run=demo_run)
    for respondent, reason in (
        (Respondent.PARENT, Reason.SELF_SELECTED),
        (Respondent.DIRECTOR, Reason.CENSUS),
    ):
        found = rows.filter(measure__item__instrument__respondent=respondent)
        assert found
        assert {row.reason for row in found} == {reason}
        assert {row.p for row in found} == {None}
    (reworded,) = rows.filter(reason=Reason.NOT_COMPARABLE)
    assert reworded.measure.code == "item:s_respect_everyone"


def test_the_adjusted_p_of_one_questionnaire(demo_run: Run) -> None:
    rows = DistributionTest.objects.filter(
        run=demo_run, p__isnull=False, measure__item__instrument__code="student"
    ).order_by("p")
    p = np.array([row.p for row in rows])
    adjusted = np.minimum.accumulate((p * len(p) / np.arange(1, len(p) + 1))[::-1])[::-1]
    assert [row.p_adjusted for row in rows] == pytest.approx(list(np.minimum(adjusted, 1)))
    assert [row.has_changed for row in rows] == list(adjusted < 0.05)


def test_ranks_decide_for_two_indicators(demo_run: Run) -> None:
    rows = Change.objects.filter(run=demo_run, p_rank__isnull=False)
    found = {row.measure.code: row for row in rows.select_related("measure")}
    assert set(found) == {"item:s_teachers_ict", "item:t_group_work_4_weeks"}
    for code, row in found.items():
        test = DistributionTest.objects.get(run=demo_run, measure__code=code)
        assert row.p_rank == test.rank_p
        assert row.flags[-1] == "ranks_decide"


def test_likeness_in_schools(demo_run: Run) -> None:
    """Student answers resemble each other as in other studies: .02 to .2, and nothing else."""
    rows = Estimate.objects.filter(run=demo_run, scope=Scope.PROJECT, measure__kind="index_mean")
    assert len(rows) == 30
    assert all(-0.05 < row.icc < 0.2 for row in rows)
    for row in rows:
        plain: Any = row.sd**2 / row.n
        assert row.deff == pytest.approx(row.se**2 / plain)
    others = Estimate.objects.filter(run=demo_run).exclude(scope=Scope.PROJECT)
    assert not others.exclude(scope=Scope.SCHOOL).exclude(icc=None, deff=None)


def test_classes_widen_one_school_of_students_only(demo_run: Run) -> None:
    """The grade stands for the class, with the project's correlation."""
    rows = demo_run.estimates.filter(scope=Scope.SCHOOL).exclude(deff=None)
    assert {row.icc for row in rows} == {demo_run.project.class_correlation}
    assert all(row.deff >= 1 for row in rows)
    assert any(row.deff > 1.5 for row in rows)
    teachers = demo_run.estimates.filter(
        scope=Scope.SCHOOL, measure__index__instrument__respondent="teacher"
    )
    assert teachers.exists()
    assert not teachers.exclude(deff=None)


def test_no_class_is_named_so_the_setting_stands(demo_run: Run) -> None:
    rows = Change.objects.filter(run=demo_run, scope=Scope.PROJECT)
    students = rows.filter(class_correlation__isnull=False)
    assert {row.class_correlation for row in students} == {0.05}
    assert {row.n_class_schools for row in students} == {None}
    assert all(row.measure.code.startswith(("index:", "share:", "item:s_")) for row in students)
