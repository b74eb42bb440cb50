"""Adapters of the statistics across schools: levels, changes, gaps, school by school."""

import math
from pathlib import Path

import numpy as np

from indicators.stats.cr2 import contrast_cr2
from indicators.stats.linear import contrast_taylor, design_effect
from indicators.stats.moments import mean_sd
from indicators.stats.paired import paired_schools, sign_flip
from indicators.stats.results import Result
from indicators.stats.shares import share_level
from tests.oracles.names import WAVES, Answer, Inputs, values
from tests.oracles.source import Totals, collect, matches, tally


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
    return values(result, deff=design_effect(result, float(sd)))


def prop_taylor(directory: Path, inputs: Inputs) -> Answer:
    result, n_eff = share_level(_level(_one_cell(directory, inputs)))
    return values(result, kg_n_eff=n_eff, kg_low=result.ci_low, kg_high=result.ci_high)


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
    return values(contrast_taylor(totals.n, totals.total, coefs), **more)


def gap_taylor(directory: Path, inputs: Inputs) -> Answer:
    totals, coefs = _contrast(directory, inputs)
    means = {cell: _level(totals, k).estimate for k, cell in enumerate(totals.cells)}
    return values(contrast_taylor(totals.n, totals.total, coefs), means=means)


def gapchange_taylor(directory: Path, inputs: Inputs) -> Answer:
    """coefs are those of gap 2 - gap 1; the cells of wave 1 end in 1."""
    totals, coefs = _contrast(directory, inputs)
    of_wave = {w: np.array([cell.endswith(w) for cell in totals.cells]) for w in WAVES}
    gap1 = contrast_taylor(totals.n, totals.total, -coefs * of_wave["1"])
    gap2 = contrast_taylor(totals.n, totals.total, coefs * of_wave["2"])
    result = contrast_taylor(totals.n, totals.total, coefs)
    return values(result, gap1=gap1.estimate, gap2=gap2.estimate)


def cr2(directory: Path, inputs: Inputs) -> Answer:
    """Change, gap and gap change alike. CR1 of a saturated model is the Taylor standard error."""
    totals, coefs = _contrast(directory, {**inputs, **_interaction(inputs)})
    cr1 = contrast_taylor(totals.n, totals.total, coefs, n_psu=_answering(totals))
    return values(contrast_cr2(totals.n, totals.total, coefs), se_cr1=cr1.se)


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
    return values(
        paired.result,
        n_schools=paired.n_schools,
        n_up=paired.n_up,
        n_down=paired.n_down,
        p_signflip=paired.p_sign_flip,
    )


def signflip(_: Path, inputs: Inputs) -> Answer:
    return {"G": len(inputs["differences"]), "p": sign_flip(inputs["differences"])}
