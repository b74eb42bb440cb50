"""Adapters of the statistics of one school, and of targets and verdicts."""

import math
from pathlib import Path

import numpy as np

from indicators.stats.families import benjamini_hochberg
from indicators.stats.moments import mean_sd
from indicators.stats.power import detectable_change
from indicators.stats.refusals import MIN_JUDGED
from indicators.stats.results import Result, SchoolResults, from_t
from indicators.stats.school import (
    class_deff,
    inflate,
    mean_interval,
    newcombe_change,
    share_interval,
    welch_change,
)
from indicators.stats.targets import TargetResult, target_mean, target_prop
from indicators.stats.verdict import tost, verdict_change
from indicators.vocabulary import Reason
from tests.oracles.names import WAVES, Answer, Inputs, shown_from, values
from tests.oracles.source import collect
from tests.oracles.tables import Table, tabulate


def _one_school(directory: Path, inputs: Inputs) -> tuple[Table, float]:
    rows = collect(directory, inputs)
    column = inputs.get("population_column")
    population = float(rows[0][0][column]) if column and rows else math.nan
    return tabulate(rows, _ALONE, None, [""]), population


# One school is one unit, whatever the design of the survey.
_ALONE: Inputs = {"design": {"psu": "school_id"}}


def _sums(table: Table) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """n, total and squares of everybody, shape (1,)."""
    return tuple(a.sum(axis=0) for a in (table.n, table.total, table.squares))


def mean_simple(directory: Path, inputs: Inputs) -> Answer:
    shown = shown_from(inputs)
    if "data" not in inputs:
        return values(mean_interval([inputs["n"]], [0.0], [0.0], **shown).at(0))
    table, population = _one_school(directory, inputs)
    n, total, squares = _sums(table)
    mean, sd = mean_sd(n, total, squares)
    plain = mean_interval(n, mean, sd, **shown).at(0)
    drawn = mean_interval(n, mean, sd, [population], **shown).at(0)
    low, high = _limits(drawn)
    return values(
        plain,
        N=population,
        sd=float(sd[0]),
        se_fpc=drawn.se,
        ci_fpc_low=low,
        ci_fpc_high=high,
    )


def _limits(result: Result) -> tuple[float | None, float | None]:
    """Of a census there is no interval: both limits are the value."""
    if result.reason is Reason.CENSUS:
        return result.estimate, result.estimate
    return result.ci_low, result.ci_high


def prop_simple(directory: Path, inputs: Inputs) -> Answer:
    shown = shown_from(inputs)
    table, population = _one_school(directory, inputs)
    n, count, _ = _sums(table)
    share = np.divide(count, n, out=np.full_like(n, math.nan), where=n > 0)
    plain = share_interval(n, share, **shown).at(0)
    low, high = _limits(share_interval(n, share, [population], **shown).at(0))
    return values(
        plain,
        N=population,
        count=float(count[0]),
        wilson_low=plain.ci_low,
        wilson_high=plain.ci_high,
        wilson_fpc_low=low,
        wilson_fpc_high=high,
    )


def _by_wave(directory: Path, inputs: Inputs) -> Table:
    return tabulate(collect(directory, inputs), _ALONE, "wave", WAVES)


def _welch(
    n: np.ndarray,
    total: np.ndarray,
    squares: np.ndarray,
    inputs: Inputs,
) -> SchoolResults:
    """Arrays of shape (schools, waves)."""
    min_n = inputs.get("min_n_per_school_wave", MIN_JUDGED)
    mean, sd = mean_sd(n, total, squares)
    one, two = ((n[:, k], mean[:, k], sd[:, k]) for k in (0, 1))
    return welch_change(*one, *two, min_n=min_n, **shown_from(inputs))


def school_change_welch(directory: Path, inputs: Inputs) -> Answer:
    n, total, squares = (a[None, :] for a in _sums(_by_wave(directory, inputs)))
    mean, _ = mean_sd(n, total, squares)
    more = {f"n{w}": float(n[0, w - 1]) for w in (1, 2)}
    more |= {f"mean{w}": float(mean[0, w - 1]) for w in (1, 2)}
    return values(_welch(n, total, squares, inputs).at(0), **more)


def school_change_family(directory: Path, inputs: Inputs) -> Answer:
    table = _by_wave(directory, inputs)
    found = _welch(table.n, table.total, table.squares, inputs)
    p = {s: found.at(i).p for i, s in enumerate(table.labels) if found.reason[i] is None}
    adjusted = benjamini_hochberg(list(p.values())).tolist()
    return {
        "n_schools": len(p),
        "p": p,
        "p_bh": dict(zip(p, adjusted, strict=True)),
        "n_significant_raw": sum(v < 0.05 for v in p.values()),
        "n_significant_bh": sum(v < 0.05 for v in adjusted),
    }


def school_change_prop(directory: Path, inputs: Inputs) -> Answer:
    (n1, n2), (x1, x2), _ = _sums(_by_wave(directory, inputs))
    result = newcombe_change([x1], [n1], [x2], [n2], **shown_from(inputs)).at(0)
    return values(result, x1=x1, n1=n1, x2=x2, n2=n2, p_fisher=result.p)


def school_change_deff(_: Path, inputs: Inputs) -> Answer:
    deff = float(class_deff([inputs["mean_class_size"]], inputs["class_icc"]))
    se, df = inflate(inputs["se"], inputs["df"], deff)
    result = from_t(inputs["estimate"], float(se), float(df), n=0, n_clusters=1, method="welch")
    return values(result, deff=deff)


def _target_values(result: TargetResult) -> Answer:
    return {
        "prob_met": result.prob_met,
        "bound_low": result.bound_low,
        "bound_high": result.bound_high,
        "verdict": result.verdict,
    }


def _sides(inputs: Inputs) -> tuple[float | None, float | None]:
    if inputs["direction"] == "at_least":
        return inputs["target"], None
    return None, inputs["target"]


def mean_target(_: Path, inputs: Inputs) -> Answer:
    result = target_mean(inputs["estimate"], inputs["se"], inputs["df"], *_sides(inputs))
    return _target_values(result)


def prop_target(_: Path, inputs: Inputs) -> Answer:
    return _target_values(target_prop(inputs["estimate"], inputs["n_eff"], *_sides(inputs)))


def _given(inputs: Inputs) -> Result:
    return from_t(inputs["estimate"], inputs["se"], inputs["df"], n=0, n_clusters=0, method="given")


def equivalence(_: Path, inputs: Inputs) -> Answer:
    result = _given(inputs)
    tests = tost(result, inputs["margin"])
    assert tests is not None
    return {
        "p_lower": tests.p_lower,
        "p_upper": tests.p_upper,
        "p": tests.p,
        "ci90_low": result.ci90_low,
        "ci90_high": result.ci90_high,
        "equivalent": tests.is_equivalent,
    }


def verdict(_: Path, inputs: Inputs) -> Answer:
    result = _given(inputs)
    word, _look = verdict_change(
        result,
        margin=inputs["margin"],
        p_adjusted=inputs["p_adj"],
        alpha=inputs["alpha"],
        n_schools=None,
    )
    return {"p": result.p, "code": word}


def mde_two_groups(_: Path, inputs: Inputs) -> Answer:
    d = detectable_change(inputs["n1"], inputs["n2"], power=inputs["power"], alpha=inputs["alpha"])
    return {"d": float(d)}
