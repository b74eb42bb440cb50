"""Adapters of effect sizes, families, composition, spread, correlation within schools, planning."""

import math
from pathlib import Path

import numpy as np

from indicators.stats.composition import change_composition, change_heterogeneity
from indicators.stats.cr2 import contrast_cr2
from indicators.stats.effects import g_clustered, hedges_g
from indicators.stats.families import benjamini_hochberg, holm
from indicators.stats.icc import icc_anova, icc_reml
from indicators.stats.moments import mean_sd
from indicators.stats.pairs import mcnemar_exact
from indicators.stats.power import max_error, mde_change
from indicators.stats.ranks import cliff_delta, mann_whitney
from tests.oracles.names import WAVES, Answer, Inputs, missing, shown_from
from tests.oracles.source import collect, is_allowed
from tests.oracles.tables import Table, tabulate, whole


def p_adjust(_: Path, inputs: Inputs) -> Answer:
    p = [math.nan if value is None else value for value in inputs["p"]]
    return {"holm": missing(holm(p)), "bh": missing(benjamini_hochberg(p))}


def _by_wave(directory: Path, inputs: Inputs) -> Table:
    return tabulate(collect(directory, inputs), {"design": {}}, "wave", WAVES)


def change_mix(directory: Path, inputs: Inputs) -> Answer:
    table = _by_wave(directory, inputs)
    mean, _ = mean_sd(table.n, table.total, table.squares)
    found = change_composition(table.n[:, 0], mean[:, 0], table.n[:, 1], mean[:, 1])
    within = found.within
    if within.reason is not None:
        return within.reason
    return {
        "n_schools": within.n_clusters,
        "pooled": found.pooled,
        "within": within.estimate,
        "composition": found.mix,
        "within_se": within.se,
        "within_df": within.df,
        "within_ci_low": within.ci_low,
        "within_ci_high": within.ci_high,
    }


def heterogeneity(directory: Path, inputs: Inputs) -> Answer:
    table = _by_wave(directory, inputs)
    mean, sd = mean_sd(table.n, table.total, table.squares)
    one, two = ((table.n[:, k], mean[:, k], sd[:, k]) for k in (0, 1))
    found = change_heterogeneity(*one, *two, min_n=inputs["min_n_per_school_wave"])
    if found.reason is not None:
        return found.reason
    used = [i for i, value in enumerate(found.shrunken) if not math.isnan(value)]
    return {
        "n_schools": found.n_schools,
        "Q": found.q,
        "Q_df": found.df,
        "Q_p": found.p,
        "tau2": found.tau2,
        "I2": found.i2,
        "mu": found.mu,
        "shrunken": {table.labels[i]: float(found.shrunken[i]) for i in used},
        "raw": {table.labels[i]: float(found.raw[i]) for i in used},
    }


def _samples(directory: Path, inputs: Inputs) -> tuple[list[float], list[float]]:
    rows = [(row["wave"], y) for row, y in collect(directory, inputs) if not math.isnan(y)]
    one, two = ([y for wave, y in rows if wave == w] for w in WAVES)
    return one, two


def school_change_mwu(directory: Path, inputs: Inputs) -> Answer:
    found = mann_whitney(*_samples(directory, inputs), **shown_from(inputs))
    return found.reason or {"U": found.u, "p": found.p, "cles": found.cles}


def effect_of_one_school(directory: Path, inputs: Inputs) -> Answer:
    found = hedges_g(*_samples(directory, inputs), **shown_from(inputs))
    return found.reason or {"g": found.g, "ci_low": found.ci_low, "ci_high": found.ci_high}


def dominance(directory: Path, inputs: Inputs) -> Answer:
    found = cliff_delta(*_samples(directory, inputs), **shown_from(inputs))
    return found.reason or {
        "delta": found.delta,
        "se": found.se,
        "ci_low": found.ci_low,
        "ci_high": found.ci_high,
    }


def effect_across_schools(directory: Path, inputs: Inputs) -> Answer:
    table = _by_wave(directory, inputs)
    change = contrast_cr2(table.n, table.total, [-1, 1], min_df=0.0)
    n = table.n.sum(axis=0)
    _, sd = mean_sd(n, table.total.sum(axis=0), table.squares.sum(axis=0))
    found = g_clustered(change, n[0], sd[0], n[1], sd[1])
    return found.reason or {
        "sd_pooled": found.sd_pooled,
        "J": found.j,
        "g": found.g,
        "se": found.se,
        "df": found.df,
        "ci_low": found.ci_low,
        "ci_high": found.ci_high,
    }


def mcnemar(directory: Path, inputs: Inputs) -> Answer:
    answers: dict[str, dict[str, float]] = {wave: {} for wave in WAVES}
    for row, _ in collect(directory, inputs):
        cell = row[inputs["column"]]
        yes = float(is_allowed(cell, [inputs["positive"]])) if cell else math.nan
        answers[row["wave"]][row["school_id"]] = yes
    schools = sorted({*answers["1"], *answers["2"]})
    found = mcnemar_exact(
        *([answers[wave].get(school, math.nan) for school in schools] for wave in WAVES)
    )
    names = ("n_pairs", "yes1", "yes2", "gained", "lost", "p")
    return found.reason or {name: getattr(found, name) for name in names}


def _per_school(directory: Path, inputs: Inputs) -> tuple[np.ndarray, ...]:
    table = whole(directory, inputs)
    return table.n[:, 0], table.total[:, 0], table.squares[:, 0]


def icc(directory: Path, inputs: Inputs) -> Answer:
    found = icc_anova(*_per_school(directory, inputs))
    return found.reason or {
        "G": found.n_schools,
        "N": found.n,
        "n0": found.n0,
        "icc_anova": found.icc,
        "n_a": found.n_a,
        "deff_anova": found.deff,
        "n_effective": found.n_effective,
    }


def reml(directory: Path, inputs: Inputs) -> Answer:
    totals = _per_school(directory, inputs)
    return icc_anova(*totals).reason or {"icc_reml": icc_reml(*totals)}


def detectable(_: Path, inputs: Inputs) -> Answer:
    found = mde_change(**inputs)
    return {"se": found.se, "df": found.df, "mde": found.mde, "mde_sd": found.mde_sd}


def margin(_: Path, inputs: Inputs) -> Answer:
    more = {key: inputs[key] for key in ("p", "deff") if inputs.get(key) is not None}
    return {"margin": max_error(inputs["n"], inputs.get("N"), **more)}
