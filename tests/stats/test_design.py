"""The design and its covariance: unit by unit, the rules for single schools, what is wrong."""

import numpy as np
import pytest

from indicators.stats.design import Design, Lonely, check_units, covariance, make_design
from tests.stats.naive_survey import Sample, draw_sample, scores, variance

COEFS = np.array([-1.0, 1.0])


def design_of(sample: Sample, *, fpc: bool = False, stages: bool = False, lonely="fail") -> Design:
    return make_design(
        len(sample.y),
        psu=sample.school,
        strata=sample.stratum,
        population=sample.population if fpc else None,
        population2=sample.people if stages else None,
        lonely=Lonely(lonely),
    )


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize(("fpc", "stages"), [(False, False), (True, False), (True, True)])
def test_equals_the_sum_over_strata_and_schools(seed: int, fpc: bool, stages: bool) -> None:
    sample = draw_sample(seed)
    _, z = scores(sample, COEFS)
    found = covariance(z[:, None], design_of(sample, fpc=fpc, stages=stages))
    assert found[0, 0] == pytest.approx(variance(sample, z, fpc=fpc, stages=stages), rel=1e-10)


@pytest.mark.parametrize("lonely", ["adjust", "average", "remove"])
@pytest.mark.parametrize("fpc", [False, True])
def test_single_schools_follow_the_rule(lonely: str, fpc: bool) -> None:
    sample = draw_sample(5)
    keep = (sample.stratum != 1) | (sample.school == 2)
    few = Sample(*(getattr(sample, name)[keep] for name in sample.__dataclass_fields__))
    _, z = scores(few, COEFS)
    design = design_of(few, fpc=fpc, lonely=lonely)
    expected = variance(few, z, fpc=fpc, stages=False, lonely=lonely)
    assert covariance(z[:, None], design)[0, 0] == pytest.approx(expected, rel=1e-10)


def test_a_stratum_of_one_school_in_the_country_is_not_alone() -> None:
    """f_h = 1: it was taken whole, so it adds nothing and breaks nothing."""
    design = make_design(3, psu=["a", "b", "c"], strata=[1, 1, 2], population=[9, 9, 1])
    z = np.array([[1.0], [-1.0], [5.0]])
    assert not design.lonely_psus.any()
    assert covariance(z, design)[0, 0] == pytest.approx((1 - 2 / 9) * 2 * 2)


def test_all_strata_alone_leave_nothing_to_average() -> None:
    design = make_design(2, strata=[1, 2], lonely=Lonely.AVERAGE)
    assert not design.has_variance
    assert make_design(2, strata=[1, 2], lonely=Lonely.REMOVE).has_variance
    with pytest.raises(ValueError, match="at least two PSUs in every stratum"):
        covariance(np.ones((2, 1)), design)


def test_a_population_that_is_not_known_makes_no_correction() -> None:
    z = np.arange(6.0)[:, None] - 2.5
    plain = covariance(z, make_design(6))
    assert covariance(z, make_design(6, population=[np.nan] * 6)) == pytest.approx(plain)
    assert covariance(z, make_design(6, population=[12] * 6)) == pytest.approx(plain / 2)


def test_a_census_has_no_variance() -> None:
    whole = make_design(4, psu=[1, 1, 2, 2], population=[2] * 4)
    assert whole.is_census
    assert covariance(np.arange(4.0)[:, None], whole)[0, 0] == 0
    part = make_design(4, psu=[1, 1, 2, 2], population=[2] * 4, population2=[3] * 4)
    assert not part.is_census
    assert covariance(np.arange(4.0)[:, None], part)[0, 0] > 0
    assert make_design(4, psu=[1, 1, 2, 2], population=[2] * 4, population2=[2] * 4).is_census


def test_degrees_of_freedom_count_what_answered() -> None:
    design = make_design(6, strata=[1, 1, 1, 2, 2, 3])
    assert design.degrees_of_freedom(np.array([True] * 6)) == 3
    assert design.degrees_of_freedom(np.array([True, True, False, False, False, True])) == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"n_units": 0}, "at least one unit"),
        ({"n_units": 2, "psu": [1]}, r"codes of shape \(2,\), found \(1,\)"),
        ({"n_units": 2, "population": [1, 2, 3]}, r"population of shape \(2,\)"),
        ({"n_units": 3, "population": [2, 2, 2]}, "population of at least 3, found 2"),
        ({"n_units": 2, "psu": [1, 1], "population2": [1, 1]}, "population of at least 2"),
    ],
)
def test_impossible_designs_are_errors(arguments, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make_design(**arguments)


def test_totals_need_the_units_of_the_design() -> None:
    with pytest.raises(ValueError, match="expected 4 units as in the design, found 3"):
        check_units(3, make_design(4))
