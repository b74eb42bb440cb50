"""From an oracle entry to our public functions and back to the names the entry uses.

METHODS holds the methods implemented so far; entries of other methods are not collected.
"""

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from indicators.stats.cr2 import contrast_cr2
from indicators.stats.linear import contrast_taylor, design_effect
from indicators.stats.moments import mean_sd
from indicators.stats.paired import paired_schools, sign_flip
from indicators.stats.power import detectable_change
from indicators.stats.results import Result, from_t, refused
from indicators.stats.school import (
    class_deff,
    inflate,
    mean_interval,
    newcombe_change,
    share_interval,
    welch_change,
)
from indicators.stats.shares import share_level
from indicators.stats.targets import TargetResult, target_mean, target_prop
from indicators.stats.verdict import tost, verdict_change
from indicators.vocabulary import Reason
from tests.oracles.source import Totals, collect, matches, tally

# Keys of implemented methods that are not compared yet, or never: the answers of mistakes.
NOT_COMPARED = {
    "change_taylor": {"svyttest_df", "svyttest_p"},  # a known mistake (README, "Contrasts")
    "change_paired_schools": {"p_wilcoxon"},  # no Wilcoxon test yet
    "prop_taylor": {"logit_low", "logit_high"},  # no logit interval yet
    "school_change_family": {"p_bh", "n_significant_bh"},  # no adjustment for families yet
}

WAVES = ["1", "2"]
T_NAMES = ("estimate", "se", "df", "t", "p", "ci_low", "ci_high")
REFUSED_SELECTIONS = {"self_selected": Reason.SELF_SELECTED, "census": Reason.CENSUS}

Inputs = dict[str, Any]
Answer = dict[str, Any] | Reason


def answer(directory: Path, entry: dict[str, Any]) -> Answer:
    """Our values under the names of the entry, or our refusal."""
    selection = entry["inputs"].get("design", {}).get("selection")
    if selection in REFUSED_SELECTIONS:
        result = refused(REFUSED_SELECTIONS[selection], n=0, n_clusters=0, method="none")
        return _values(result)
    return METHODS[entry["method"]](directory, entry["inputs"])


def is_implemented(entry: dict[str, Any]) -> bool:
    """Implemented so far: no weights, strata or finite population in the design."""
    design = entry["inputs"].get("design", {})
    if entry["method"] not in METHODS:
        return False
    if design.get("selection") in REFUSED_SELECTIONS:
        return True
    is_plain = not {"strata", "weights", "fpc", "psu2"} & {k for k, v in design.items() if v}
    return is_plain and design.get("psu", "school_id") == "school_id"


def _values(result: Result, **more: Any) -> Answer:
    """The common names of a result. ZERO_VARIANCE and the like become the refusal itself."""
    if result.reason is not None:
        return result.reason
    named = {name: getattr(result, name) for name in T_NAMES}
    return {**named, "n": result.n, "n_psu": result.n_clusters, **more}


def _level(totals: Totals, cell: int = 0) -> Result:
    return contrast_taylor(totals.n, totals.total, np.eye(len(totals.cells))[cell])


def _one_cell(directory: Path, inputs: Inputs) -> Totals:
    domain = inputs.get("domain", {})
    rows = [
        ({**row, "in": "1" if matches(row, domain) else "0"}, y)
        for row, y in collect(directory, inputs)
    ]
    return tally(rows, "in", ["1"])


def mean_taylor(directory: Path, inputs: Inputs) -> Answer:
    totals = _one_cell(directory, inputs)
    result = _level(totals)
    _, sd = mean_sd(totals.n.sum(), totals.total.sum(), totals.squares.sum())
    return _values(result, deff=design_effect(result, float(sd)))


def prop_taylor(directory: Path, inputs: Inputs) -> Answer:
    result, n_eff = share_level(_level(_one_cell(directory, inputs)))
    return _values(result, kg_n_eff=n_eff, kg_low=result.ci_low, kg_high=result.ci_high)


def _one_school(directory: Path, inputs: Inputs) -> tuple[Totals, float]:
    rows = collect(directory, inputs)
    column = inputs.get("population_column")
    return tally(rows, "wave", WAVES[:1]), float(rows[0][0][column]) if column else math.nan


def mean_simple(directory: Path, inputs: Inputs) -> Answer:
    if "data" not in inputs:
        return _values(mean_interval([inputs["n"]], [0.0], [0.0]).at(0))
    totals, population = _one_school(directory, inputs)
    n = totals.n[:, 0]
    mean, sd = mean_sd(n, totals.total[:, 0], totals.squares[:, 0])
    plain = mean_interval(n, mean, sd).at(0)
    drawn = mean_interval(n, mean, sd, [population]).at(0)
    return _values(
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
    return _values(
        plain,
        N=population,
        count=float(count[0]),
        wilson_low=plain.ci_low,
        wilson_high=plain.ci_high,
        wilson_fpc_low=drawn.ci_low,
        wilson_fpc_high=drawn.ci_high,
    )


def _contrast(directory: Path, inputs: Inputs) -> tuple[Totals, np.ndarray]:
    contrast = inputs.get("contrast", {"by": "wave", "coefs": {"1": -1, "2": 1}})
    cells = list(contrast["coefs"])
    totals = tally(collect(directory, inputs), contrast["by"], cells)
    if inputs.get("panel_only"):
        totals = totals.only((totals.n > 0).all(axis=1))
    return totals, np.array([contrast["coefs"][cell] for cell in cells], dtype=float)


def change_taylor(directory: Path, inputs: Inputs) -> Answer:
    totals, coefs = _contrast(directory, inputs)
    levels = [_level(totals, cell) for cell in range(len(totals.cells))]
    more = {
        f"{name}{position}": getattr(level, field)
        for position, level in enumerate(levels, start=1)
        for name, field in (("n", "n"), ("mean", "estimate"), ("se", "se"))
    }
    errors = [level.se for level in levels]
    more["se_if_waves_independent"] = None if None in errors else math.hypot(*errors)
    return _values(contrast_taylor(totals.n, totals.total, coefs), **more)


def gap_taylor(directory: Path, inputs: Inputs) -> Answer:
    totals, coefs = _contrast(directory, inputs)
    means = {cell: _level(totals, k).estimate for k, cell in enumerate(totals.cells)}
    return _values(contrast_taylor(totals.n, totals.total, coefs), means=means)


def gapchange_taylor(directory: Path, inputs: Inputs) -> Answer:
    """coefs are those of gap 2 - gap 1; the cells of wave 1 end in 1."""
    totals, coefs = _contrast(directory, inputs)
    of_wave = {w: np.array([cell.endswith(w) for cell in totals.cells]) for w in WAVES}
    gap1 = contrast_taylor(totals.n, totals.total, -coefs * of_wave["1"])
    gap2 = contrast_taylor(totals.n, totals.total, coefs * of_wave["2"])
    result = contrast_taylor(totals.n, totals.total, coefs)
    return _values(result, gap1=gap1.estimate, gap2=gap2.estimate)


def cr2(directory: Path, inputs: Inputs) -> Answer:
    """Change, gap and gap change alike. CR1 of a saturated model is the Taylor standard error."""
    totals, coefs = _contrast(directory, {**inputs, **_interaction(inputs)})
    cr1 = contrast_taylor(totals.n, totals.total, coefs, n_psu=_answering(totals))
    return _values(contrast_cr2(totals.n, totals.total, coefs), se_cr1=cr1.se)


def _interaction(inputs: Inputs) -> Inputs:
    """Entries of the model y ~ a*b name no contrast: teachers against students over two waves."""
    if "contrast" in inputs or "a*b" not in inputs.get("model", ""):
        return {}
    return {
        "contrast": {
            "by": ["label", "wave"],
            "coefs": {"student1": 1, "student2": -1, "teacher1": -1, "teacher2": 1},
        }
    }


def _answering(totals: Totals) -> int:
    return int((totals.n.sum(axis=1) > 0).sum())


def change_paired_schools(directory: Path, inputs: Inputs) -> Answer:
    totals, _ = _contrast(directory, inputs)
    mean, _ = mean_sd(totals.n, totals.total, totals.squares)
    columns = (totals.n[:, 0], mean[:, 0], totals.n[:, 1], mean[:, 1])
    return _paired(columns, inputs["min_n_per_school_wave"])


def gapchange_schools(directory: Path, inputs: Inputs) -> Answer:
    """A school's gap counts with the smaller of its two groups."""
    cells = ["student1", "teacher1", "student2", "teacher2"]
    totals = tally(collect(directory, inputs), ["label", "wave"], cells)
    mean, _ = mean_sd(totals.n, totals.total, totals.squares)
    n1, n2 = totals.n[:, :2].min(axis=1), totals.n[:, 2:].min(axis=1)
    columns = (n1, mean[:, 1] - mean[:, 0], n2, mean[:, 3] - mean[:, 2])
    return _paired(columns, inputs["min_n_per_school_wave"])


def _paired(columns: tuple[np.ndarray, ...], min_n: int) -> Answer:
    paired = paired_schools(*columns, min_n=min_n)
    return _values(
        paired.result,
        n_schools=paired.n_schools,
        n_up=paired.n_up,
        n_down=paired.n_down,
        p_signflip=paired.p_sign_flip,
    )


def signflip(_: Path, inputs: Inputs) -> Answer:
    return {"G": len(inputs["differences"]), "p": sign_flip(inputs["differences"])}


def _welch(totals: Totals, min_n: int = 8) -> Any:
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
    return _values(_welch(totals).at(0), **more)


def school_change_family(directory: Path, inputs: Inputs) -> Answer:
    totals = tally(collect(directory, inputs), "wave", WAVES)
    results = _welch(totals, inputs["min_n_per_school_wave"])
    p = {s: results.at(i).p for i, s in enumerate(totals.schools) if results.reason[i] is None}
    return {"n_schools": len(p), "p": p, "n_significant_raw": sum(v < 0.05 for v in p.values())}


def school_change_prop(directory: Path, inputs: Inputs) -> Answer:
    totals = tally(collect(directory, inputs), "wave", WAVES)
    (n1, n2), (x1, x2) = totals.n[0], totals.total[0]
    result = newcombe_change([x1], [n1], [x2], [n2]).at(0)
    return _values(result, x1=x1, n1=n1, x2=x2, n2=n2, p_fisher=result.p)


def school_change_deff(_: Path, inputs: Inputs) -> Answer:
    deff = float(class_deff([inputs["mean_class_size"]], inputs["class_icc"]))
    se, df = inflate(inputs["se"], inputs["df"], deff)
    result = from_t(inputs["estimate"], float(se), float(df), n=0, n_clusters=1, method="welch")
    return _values(result, deff=deff)


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


METHODS: dict[str, Callable[[Path, Inputs], Answer]] = {
    "mean_taylor": mean_taylor,
    "mean_taylor_domain": mean_taylor,
    "prop_taylor": prop_taylor,
    "mean_simple": mean_simple,
    "prop_simple": prop_simple,
    "change_taylor": change_taylor,
    "change_cr2": cr2,
    "change_paired_schools": change_paired_schools,
    "signflip": signflip,
    "gap_taylor": gap_taylor,
    "gap_cr2": cr2,
    "gapchange_taylor": gapchange_taylor,
    "gapchange_cr2": cr2,
    "gapchange_schools": gapchange_schools,
    "school_change_welch": school_change_welch,
    "school_change_family": school_change_family,
    "school_change_prop": school_change_prop,
    "school_change_deff": school_change_deff,
    "target_mean": mean_target,
    "target_prop": prop_target,
    "tost": equivalence,
    "verdict_change": verdict,
    "mde_two_groups": mde_two_groups,
}
