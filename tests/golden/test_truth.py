"""The whole study against figures that an independent script computed from the raw files.

n and distributions exactly; other values at the printed decimals (truth/README): half a unit of
the last printed decimal, plus rounding noise.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from indicators.models import (
    AnswerColumn,
    Change,
    Dataset,
    DeskValue,
    Estimate,
    Indicator,
    Item,
    Run,
    SchoolCategory,
)
from indicators.pipeline.calculate import calculate
from indicators.pipeline.change import BEFORE_AFTER
from indicators.pipeline.outcomes import Results
from indicators.pipeline.pair import pair_waves
from indicators.pipeline.shapes import MISSING
from indicators.pipeline.tally import Tallied, tally_all
from indicators.queries.answers import answers_of
from indicators.queries.calculation import calculation_inputs
from indicators.stats.linear import contrast_taylor
from indicators.vocabulary import MeasureKind, Scope

pytestmark = pytest.mark.django_db

WAVES = {"baseline": "W0", "endline": "W1"}
PERCENT_KINDS = {
    MeasureKind.SHARE,
    MeasureKind.OPTION_SHARE,
    MeasureKind.SCHOOLS_SHARE,
    MeasureKind.LOG_SHARE,
}
PERCENT_UNITS = ("%",)


def printed(value: float, decimals: int = 4) -> Any:
    """Equal at the printed decimals."""
    return pytest.approx(value, abs=0.5 * 10**-decimals + 1e-9)


def level(run: Run, measure: str, wave: str, **where: Any) -> Estimate:
    where.setdefault("scope", Scope.PROJECT)
    return Estimate.objects.get(run=run, measure__code=measure, wave__code=WAVES[wave], **where)


@pytest.fixture(scope="module")
def comparable(demo_run: Run) -> tuple[Results, Tallied, Any]:
    """The calculation with reworded items taken as comparable, as the truth counts them."""
    inputs, _ = calculation_inputs(demo_run.project)
    measures = tuple(replace(spec, common_items=spec.items) for spec in inputs.measures)
    inputs = replace(inputs, measures=measures)
    return calculate(inputs), tally_all(inputs), inputs


@pytest.mark.parametrize("wave", WAVES)
@pytest.mark.parametrize("respondent", ["student", "teacher", "parent"])
def test_consent_funnel(demo_run: Run, truth: Any, wave: str, respondent: str) -> None:
    expected = truth[wave]["files"][respondent]
    found = Dataset.objects.filter(
        wave__code=WAVES[wave], version__instrument__code=respondent
    ).values_list("n_opened", "n_consented")
    assert sum(opened for opened, _ in found) == expected["rows"]
    refused = expected.get("refused", 0)
    assert sum(consented for _, consented in found) == expected["rows"] - refused


@pytest.mark.parametrize("wave", WAVES)
@pytest.mark.parametrize("respondent", ["student", "teacher", "parent"])
def test_respondents_per_school(demo_run: Run, truth: Any, wave: str, respondent: str) -> None:
    found: dict[str, int] = defaultdict(int)
    for dataset in _datasets(wave, respondent):
        for index in answers_of(dataset, ["_school"])["_school"]:
            found[dataset.school_codes[index]] += 1
    assert dict(found) == truth[wave]["n_by_school"][respondent]


def _datasets(wave: str, respondent: str) -> Any:
    return Dataset.objects.filter(wave__code=WAVES[wave], version__instrument__code=respondent)


@pytest.mark.parametrize("wave", WAVES)
@pytest.mark.parametrize("respondent", ["student", "teacher", "parent", "director"])
def test_item_distributions(demo_run: Run, truth: Any, wave: str, respondent: str) -> None:
    """n and every count exactly; mean and SD of the codes as printed."""
    items = truth[wave]["items"][respondent]
    checked = 0
    for name, expected in items.items():
        if "/" in name or ":" in name:  # options of multi-select questions: test_multi_select
            continue
        counts = _counts(demo_run, wave, respondent, name)
        assert counts == {int(code): n for code, n in expected["dist"].items()}, name
        codes = np.repeat(list(counts), list(counts.values()))
        assert len(codes) == expected["n"], name
        assert codes.mean() == printed(expected["mean"]), name
        assert codes.std(ddof=1) == printed(expected["sd"]), name
        checked += 1
    assert checked == sum("/" not in name and ":" not in name for name in items) > 0


def _counts(run: Run, wave: str, respondent: str, name: str) -> dict[int, int]:
    """Stored distribution of an item; background items straight from the columns."""
    item = Item.objects.filter(instrument__code=respondent, name=name).first()
    if item is None:  # the truth names a reworded item by its name in the form
        item = Item.objects.get(versions__name_in_version=name)
    stored = Estimate.objects.filter(
        run=run, measure__code=f"item:{item.name}", wave__code=WAVES[wave], scope=Scope.PROJECT
    ).first()
    if stored is not None and stored.counts is not None:
        return {int(code): n for code, n in stored.counts.items()}
    totals: dict[int, int] = defaultdict(int)
    for dataset in _datasets(wave, respondent):
        codes = answers_of(dataset, [item.name])[item.name]
        for code, n in zip(*np.unique(codes[codes != MISSING], return_counts=True), strict=True):
            totals[int(code)] += int(n)
    return dict(totals)


@pytest.mark.parametrize("wave", WAVES)
def test_item_means_leave_out_dont_know(demo_run: Run, truth: Any, wave: str) -> None:
    """The product's mean of every item is over its substantive answers."""
    for respondent, items in truth[wave]["items"].items():
        for item in Item.objects.filter(instrument__code=respondent, name__in=items):
            stored = Estimate.objects.filter(
                run=demo_run,
                measure__code=f"item:{item.name}",
                wave__code=WAVES[wave],
                scope=Scope.PROJECT,
            ).first()
            if stored is None or item.scale is None:
                continue
            unscored = set(
                item.scale.options.filter(is_substantive=False).values_list("code", flat=True)
            )
            dist = {
                int(c): n for c, n in items[item.name]["dist"].items() if int(c) not in unscored
            }
            codes = np.repeat(list(dist), list(dist.values()))
            assert stored.n == len(codes)
            assert stored.value == pytest.approx(codes.mean(), rel=1e-12), item.name


@pytest.mark.parametrize("wave", WAVES)
def test_multi_select(demo_run: Run, truth: Any, wave: str) -> None:
    for question, options in truth[wave]["multi"].items():
        for option, expected in options.items():
            found = level(demo_run, f"option:{question}:{option}", wave)
            assert (found.numerator, found.denominator) == (expected["n"], expected["base"]), option


@pytest.mark.parametrize("wave", WAVES)
def test_parents_by_grade_band(demo_run: Run, truth: Any, wave: str) -> None:
    item = Item.objects.get(name="p_grade_band")
    names = dict(item.scale.options.values_list("code", "name"))  # type: ignore[union-attr]
    counts = _counts(demo_run, wave, "parent", "p_grade_band")
    assert {names[code]: n for code, n in counts.items()} == truth[wave]["parent_grade_band"]


@pytest.mark.parametrize("wave", WAVES)
def test_indices(demo_run: Run, truth: Any, wave: str) -> None:
    assert len(truth[wave]["indices"]) == 15
    for code, expected in truth[wave]["indices"].items():
        found = level(demo_run, f"index:{code}", wave)
        assert found.n == expected["n"], code
        assert found.value == printed(expected["mean"]), code
        assert found.sd == printed(expected["sd"]), code


BREAKDOWNS = {
    "student_by_sex": "sex",
    "student_by_grade": "grade",
    "student_by_settlement": "settlement",
    "student_by_oblast": "oblast",
    "student_by_school_languages": "language",
    "teacher_by_level": "level",
    "teacher_by_settlement": "settlement",
}


@pytest.mark.parametrize("wave", WAVES)
@pytest.mark.parametrize("table", BREAKDOWNS)
def test_breakdowns(demo_run: Run, truth: Any, wave: str, table: str) -> None:
    oblasts = {row.label_ru: row.code for row in SchoolCategory.objects.filter(field="oblast")}
    for code, groups in truth[wave][table].items():
        total = level(demo_run, f"index:{code}", wave)
        known = 0
        for key, expected in groups.items():
            if key in ("none", "None"):
                continue
            group = oblasts.get(key, key.removesuffix(".0"))
            found = level(
                demo_run,
                f"index:{code}",
                wave,
                scope=Scope.GROUP,
                group_by=BREAKDOWNS[table],
                group=group,
            )
            assert (found.n, found.value) == (expected["n"], printed(expected["mean"])), (code, key)
            known += found.n
        unknown = groups.get("none", groups.get("None", {"n": 0}))["n"]
        assert known == total.n - unknown


@pytest.mark.parametrize("wave", WAVES)
def test_school_means(demo_run: Run, truth: Any, wave: str) -> None:
    for code, schools in truth[wave]["by_school"].items():
        found = Estimate.objects.filter(
            run=demo_run,
            measure__code=f"index:{code}",
            wave__code=WAVES[wave],
            scope=Scope.SCHOOL,
        ).select_related("school")
        assert {row.school.code: row.n for row in found if row.school} == {
            school: expected["n"] for school, expected in schools.items()
        }
        for row in found:
            assert row.value == printed(schools[row.school.code]["mean"])  # type: ignore[union-attr]


@pytest.mark.parametrize("wave", WAVES)
def test_desk_data(demo_run: Run, truth: Any, wave: str) -> None:
    rows = DeskValue.objects.filter(wave__code=WAVES[wave])
    for year, expected in truth[wave]["desk"]["ort"].items():
        ort = rows.filter(table="ort", period=year)
        takers = dict(ort.filter(name="takers").values_list("school__code", "value"))
        means = dict(ort.filter(name="mean").values_list("school__code", "value"))
        assert sum(takers.values()) == expected["takers"]
        assert len(means) == expected["schools"]
        weighted = sum(means[code] * takers[code] for code in means) / sum(takers.values())
        assert weighted == printed(expected["weighted_mean"], 3)
    for year, expected in truth[wave]["desk"]["olympiad"].items():
        olympiad = rows.filter(table="olympiad", period=year)
        for name in ("participants", "prizes"):
            values = olympiad.filter(name=name).values_list("value", flat=True)
            assert sum(values) == expected[name]


def _pair(comparable: tuple[Results, Tallied, Any], measure: str) -> Any:
    _, tallied, inputs = comparable
    before, after = (tallied.totals[measure, wave] for wave in ("W0", "W1"))
    return pair_waves("W0", "W1", before, after, inputs.schools)


def _stacked(pair: Any, rows: Any) -> tuple[Any, Any]:
    n = np.column_stack([pair.before.n, pair.after.n])[rows]
    return n, np.column_stack([pair.before.total, pair.after.total])[rows]


@pytest.mark.parametrize("part", ["indices", "items"])
def test_change_over_all_schools(
    comparable: tuple[Results, Tallied, Any], truth: Any, part: str
) -> None:
    """Difference and linearised SE over all schools; a school in both waves is one cluster."""
    results = comparable[0]
    by_measure = {row.measure: row for row in results.changes if row.scope is Scope.PROJECT}
    prefix = "index" if part == "indices" else "item"
    dont_know = {"t_leadership_contributes", "p_positive_changes"}
    for code, expected in truth["change"][part].items():
        row = by_measure[f"{prefix}:{code}"]
        if code in dont_know:  # the truth scores "don't know" there, as the report did
            continue
        pair = _pair(comparable, row.measure)
        n, total = _stacked(pair, slice(None))
        used = n.sum(axis=1) > 0
        assert row.all_difference == printed(expected["diff"]), code
        assert int(used.sum()) == expected["clusters"], code
        assert [int(k) for k in n.sum(axis=0)] == [expected["n_base"], expected["n_end"]]
        se = contrast_taylor(n[used], total[used], BEFORE_AFTER).se
        assert se == printed(expected["se_cluster"]), code
        if row.all_se is not None:
            assert row.all_se == pytest.approx(se, rel=1e-9)


def test_change_on_the_schools_of_both_waves(
    comparable: tuple[Results, Tallied, Any], truth: Any
) -> None:
    results = comparable[0]
    by_measure = {row.measure: row for row in results.changes if row.scope is Scope.PROJECT}
    for code, expected in truth["change"]["indices_matched_schools_only"].items():
        row = by_measure[f"index:{code}"]
        assert row.baseline == printed(expected["base"]), code
        assert row.endline == printed(expected["end"]), code
        assert row.difference == printed(expected["diff"]), code
        assert (row.n_schools, row.n_baseline, row.n_endline) == (
            expected["clusters"],
            expected["n_base"],
            expected["n_end"],
        )
        pair = _pair(comparable, row.measure)
        n, total = _stacked(pair, pair.is_in_both)
        se = contrast_taylor(n, total, BEFORE_AFTER).se
        assert se == printed(expected["se_cluster"]), code


def _factor(indicator: Indicator) -> float:
    is_percent = indicator.measure.kind in PERCENT_KINDS or indicator.unit.startswith(PERCENT_UNITS)
    return 100.0 if is_percent else 1.0


@pytest.mark.parametrize("wave", WAVES)
def test_all_seventy_indicators(demo_run: Run, truth: Any, wave: str) -> None:
    assert len(truth["indicators"]) == 70
    for code, expected in truth["indicators"].items():
        indicator = Indicator.objects.select_related("measure").get(code=code)
        found = level(demo_run, indicator.measure.code, wave)
        assert found.value is not None, code
        assert found.value * _factor(indicator) == printed(expected[wave], 3), code
        base = expected[f"{wave}_n"]
        if isinstance(base, list):
            assert [found.counts["first"], found.counts["second"]] == base, code
        elif base is not None:
            assert found.n == base, code


def test_differences_of_all_seventy_indicators(
    demo_run: Run, comparable: tuple[Results, Tallied, Any], truth: Any
) -> None:
    by_measure = {row.measure: row for row in comparable[0].changes if row.scope is Scope.PROJECT}
    for code, expected in truth["indicators"].items():
        indicator = Indicator.objects.select_related("measure").get(code=code)
        row = by_measure[indicator.measure.code]
        assert row.all_difference is not None, code
        # The truth subtracts rounded values: one unit of its fourth decimal.
        found = row.all_difference * _factor(indicator)
        assert found == pytest.approx(expected["diff"], abs=1.1e-4 if code != "X01" else 1e-3), code


def test_school_targets(demo_run: Run, truth: Any) -> None:
    """Baseline and endline of every school that has a target of its own."""
    for expected in truth["school_targets"]:
        indicator = Indicator.objects.select_related("measure").get(code=expected["indicator"])
        for wave, n in (("baseline", "n_base"), ("endline", "n_end")):
            if expected.get(wave) is None:
                continue
            codes = [expected["school"]]
            if expected["school"] == "IS-09" and wave == "endline":
                codes = ["IS-24"]
            found = Estimate.objects.filter(
                run=demo_run,
                measure=indicator.measure,
                wave__code=WAVES[wave],
                scope=Scope.SCHOOL,
                school__code__in=codes,
            ).first()
            if found is None:  # zero by definition before the project
                assert expected[wave] == 0
                continue
            assert found.value == printed(expected[wave]), expected
            if expected.get(n) is not None and indicator.code[0] in "ST":
                assert found.n == expected[n]


def test_reworded_item_has_levels_and_no_verdict(demo_run: Run) -> None:
    """S10 shows both levels, no difference; S06 changes on the items worded alike (about +0.10)."""
    s10 = Indicator.objects.get(code="S10")
    change = Change.objects.get(run=demo_run, measure=s10.measure, scope=Scope.PROJECT)
    assert (change.verdict, change.difference) == ("NOT_COMPARABLE", None)
    assert change.baseline is not None
    assert change.endline is not None
    s06 = Indicator.objects.get(code="S06")
    change = Change.objects.get(run=demo_run, measure=s06.measure, scope=Scope.PROJECT)
    assert change.is_on_common_items
    assert change.difference == pytest.approx(0.10, abs=0.01)


def test_answers_are_packed_small(demo_run: Run) -> None:
    """Codes fit one byte each; bit masks of several-options questions need more."""
    scales = AnswerColumn.objects.filter(item__kind="scale")
    assert set(scales.values_list("dtype", flat=True)) == {"<i1"}  # one byte, whatever the machine
