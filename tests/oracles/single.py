"""Adapters of the statistics of one school, and of targets and verdicts."""

import math
from pathlib import Path

from indicators.stats.moments import mean_sd
from indicators.stats.power import detectable_change
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
from tests.oracles.names import WAVES, Answer, Inputs, values
from tests.oracles.source import Totals, collect, tally


def _one_school(directory: Path, inputs: Inputs) -> tuple[Totals, float]:
    rows = collect(directory, inputs)
    column = inputs.get("population_column")
    return tally(rows, "wave", WAVES[:1]), float(rows[0][0][column]) if column else math.nan


def mean_simple(directory: Path, inputs: Inputs) -> Answer:
    if "data" not in inputs:
        return values(mean_interval([inputs["n"]], [0.0], [0.0]).at(0))
    totals, population = _one_school(directory, inputs)
    n = totals.n[:, 0]
    mean, sd = mean_sd(n, totals.total[:, 0], totals.squares[:, 0])
    plain = mean_interval(n, mean, sd).at(0)
    drawn = mean_interval(n, mean, sd, [population]).at(0)
    return values(
        plain,
        N=population,
        sd=float(sd[0]),
        se_fpc=drawn.se,
        ci_fpc_low=drawn.ci_low,
        ci_fpc_high=drawn.ci_high,
    )


def prop_simple(directory: Path, inputs: Inputs) -> Answer:
    totals, population = _one_school(directory, inputs)
    n, count = totals.n[:, 0], totals.total[:, 0]
    plain = share_interval(n, count / n).at(0)
    drawn = share_interval(n, count / n, [population]).at(0)
    return values(
        plain,
        N=population,
        count=float(count[0]),
        wilson_low=plain.ci_low,
        wilson_high=plain.ci_high,
        wilson_fpc_low=drawn.ci_low,
        wilson_fpc_high=drawn.ci_high,
    )


def _welch(totals: Totals, min_n: int = 8) -> SchoolResults:
    mean, sd = mean_sd(totals.n, totals.total, totals.squares)
    return welch_change(
        *(totals.n[:, 0], mean[:, 0], sd[:, 0]),
        *(totals.n[:, 1], mean[:, 1], sd[:, 1]),
        min_n=min_n,
    )


def school_change_welch(directory: Path, inputs: Inputs) -> Answer:
    totals = tally(collect(directory, inputs), "wave", WAVES)
    mean, _ = mean_sd(totals.n, totals.total, totals.squares)
    more = {f"n{w}": float(totals.n[0, w - 1]) for w in (1, 2)}
    more |= {f"mean{w}": float(mean[0, w - 1]) for w in (1, 2)}
    return values(_welch(totals).at(0), **more)


def school_change_family(directory: Path, inputs: Inputs) -> Answer:
    totals = tally(collect(directory, inputs), "wave", WAVES)
    results = _welch(totals, inputs["min_n_per_school_wave"])
    p = {s: results.at(i).p for i, s in enumerate(totals.schools) if results.reason[i] is None}
    return {"n_schools": len(p), "p": p, "n_significant_raw": sum(v < 0.05 for v in p.values())}


def school_change_prop(directory: Path, inputs: Inputs) -> Answer:
    totals = tally(collect(directory, inputs), "wave", WAVES)
    (n1, n2), (x1, x2) = totals.n[0], totals.total[0]
    result = newcombe_change([x1], [n1], [x2], [n2]).at(0)
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
