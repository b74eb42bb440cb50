"""Adapters of the statistics across schools: levels, changes, gaps, school by school."""

import math
from pathlib import Path
from typing import Any

import numpy as np

from indicators.stats.cr2 import contrast_cr2
from indicators.stats.cr2_weighted import WeightedTotals, contrast_cr2_weighted
from indicators.stats.linear import contrast_taylor, design_effect
from indicators.stats.moments import mean_sd
from indicators.stats.paired import paired_schools, sign_flip
from indicators.stats.results import Result, from_t
from indicators.stats.shares import logit_limits, share_level
from indicators.stats.survey import contrast_survey
from tests.oracles.names import WAVES, Answer, Inputs, values
from tests.oracles.source import collect
from tests.oracles.tables import Rows, Table, in_both_waves, tabulate, whole

# The reference answers ask for six schools altogether and have no limit on df (README); six per
# kind of school and df >= 4 are rules of the verdict.
UNLIMITED: dict[str, Any] = {"min_per_group": 1}


def taylor(
    table: Table, coefs: np.ndarray, *, are_waves: bool = False, n_psu: int | None = None
) -> Result:
    """From totals of schools alone where the design is plain, with the design otherwise."""
    if table.is_plain or table.design is None:
        return contrast_taylor(table.n, table.total, coefs, n_psu=n_psu, **UNLIMITED)
    return contrast_survey(
        *(table.n, table.total, coefs, table.design),
        weight=table.weight,
        are_waves=are_waves,
        **UNLIMITED,
    )


def _level(table: Table, cell: int = 0) -> Result:
    return taylor(table, np.eye(len(table.cells))[cell])


def mean_taylor(directory: Path, inputs: Inputs) -> Answer:
    table = whole(directory, inputs)
    result = _level(table)
    _, sd = mean_sd(
        *(table.n.sum(), table.total.sum(), table.squares.sum(), table.weight.sum()),
    )
    return values(result, deff=design_effect(result.se, result.n, float(sd)))


def prop_taylor(directory: Path, inputs: Inputs) -> Answer:
    level = _level(whole(directory, inputs))
    result, n_eff = share_level(level)
    low, high = logit_limits(level)
    return values(
        result,
        kg_n_eff=n_eff,
        kg_low=result.ci_low,
        kg_high=result.ci_high,
        logit_low=low,
        logit_high=high,
    )


def rows_of(directory: Path, inputs: Inputs, contrast: Inputs) -> Rows:
    rows = collect(directory, inputs)
    if inputs.get("panel_only"):
        return in_both_waves(rows, inputs, contrast["by"], list(contrast["coefs"]))
    return rows


def contrast_of(inputs: Inputs) -> Inputs:
    """The contrast an entry names; else the interaction of its two sources with the waves, or the
    change between the waves."""
    if "contrast" in inputs:
        return inputs["contrast"]
    if "a*b" in inputs.get("model", ""):
        first, second = (source["label"] for source in inputs["data"])
        coefs = {f"{first}1": 1, f"{first}2": -1, f"{second}1": -1, f"{second}2": 1}
        return {"by": ["label", "wave"], "coefs": coefs}
    return {"by": "wave", "coefs": {"1": -1, "2": 1}}


def _contrast(directory: Path, inputs: Inputs) -> tuple[Table, np.ndarray]:
    contrast = contrast_of(inputs)
    cells = list(contrast["coefs"])
    rows = rows_of(directory, inputs, contrast)
    table = tabulate(rows, inputs, contrast["by"], cells)
    return table, np.array([contrast["coefs"][cell] for cell in cells], dtype=float)


def change_taylor(directory: Path, inputs: Inputs) -> Answer:
    table, coefs = _contrast(directory, inputs)
    result = taylor(table, coefs, are_waves=True)
    levels = [_level(table, table.cells.index(cell)) for cell in sorted(table.cells)]
    more = {
        f"{name}{position}": getattr(level, field)
        for position, level in enumerate(levels, start=1)
        for name, field in (("n", "n"), ("mean", "estimate"), ("se", "se"))
    }
    errors = [level.se for level in levels]
    more["se_if_waves_independent"] = None if None in errors else math.hypot(*errors)
    return values(result, **more, **_mistaken(result, "svyttest"))


def _mistaken(result: Result, name: str) -> Inputs:
    """The same t with one df less, as R prints it."""
    if result.reason is not None or result.df is None or result.df <= 1:
        return {}
    wrong = from_t(result.estimate, result.se, result.df - 1, n=0, n_clusters=0, method=name)
    return {f"{name}_df": wrong.df, f"{name}_p": wrong.p}


def gap_taylor(directory: Path, inputs: Inputs) -> Answer:
    table, coefs = _contrast(directory, inputs)
    means = {cell: _level(table, k).estimate for k, cell in enumerate(table.cells)}
    return values(taylor(table, coefs), means=means)


def gapchange_taylor(directory: Path, inputs: Inputs) -> Answer:
    """coefs are those of gap 2 - gap 1; the wave of a cell is its value of the column `wave`."""
    table, coefs = _contrast(directory, inputs)
    columns = contrast_of(inputs)["by"]
    rows = collect(directory, inputs)
    wave_of = {"".join(row[c] for c in columns): row["wave"] for row, _ in rows}
    of_wave = {w: np.array([wave_of.get(c) == w for c in table.cells]) for w in WAVES}
    result = taylor(table, coefs)
    if result.reason is not None:
        return result.reason
    gap1, gap2 = (taylor(table, k * coefs * of_wave[w]) for k, w in ((-1, "1"), (1, "2")))
    return values(result, gap1=gap1.estimate, gap2=gap2.estimate)


def cr2(directory: Path, inputs: Inputs) -> Answer:
    """Change, gap and gap change alike. CR1 of a saturated model is the Taylor standard error."""
    psu = inputs.get("design", {}).get("psu", "school_id")
    weights = inputs.get("design", {}).get("weights")
    table, coefs = _contrast(directory, {**inputs, "design": {"psu": psu, "weights": weights}})
    keep = table.n.sum(axis=1) > 0
    cr1 = _cr1(table, coefs, int(keep.sum()))
    if table.is_plain:
        result = contrast_cr2(table.n, table.total, coefs, min_df=0.0, **UNLIMITED)
    else:
        totals = WeightedTotals(
            table.n, table.weight, table.weight_squares, table.plain_total, table.total
        )
        result = contrast_cr2_weighted(totals, coefs, min_df=0.0, **UNLIMITED)
    return values(result, se_cr1=cr1)


def _cr1(table: Table, coefs: np.ndarray, answering: int) -> float | None:
    if table.is_plain:
        return taylor(table, coefs, n_psu=answering).se
    se, psus = taylor(table, coefs).se, len(table.labels)
    if se is None:
        return None
    # Schools without answers count in the design, but not in the regression.
    return se * math.sqrt((psus - 1) / psus * answering / (answering - 1))


def change_paired_schools(directory: Path, inputs: Inputs) -> Answer:
    table, _ = _contrast(directory, {**inputs, "design": {}})
    mean, _ = mean_sd(table.n, table.total, table.squares)
    columns = (table.n[:, 0], mean[:, 0], table.n[:, 1], mean[:, 1])
    return _paired(columns, inputs["min_n_per_school_wave"])


def gapchange_schools(directory: Path, inputs: Inputs) -> Answer:
    """A school's gap counts with the smaller of its two groups."""
    table, coefs = _contrast(directory, {"model": "y ~ a*b", **inputs, "design": {}})
    mean, _ = mean_sd(table.n, table.total, table.squares)
    order = [table.cells.index(cell) for cell in _by_wave(table.cells, coefs)]
    n, mean = table.n[:, order], mean[:, order]
    columns = (n[:, :2].min(axis=1), mean[:, 1] - mean[:, 0])
    columns += (n[:, 2:].min(axis=1), mean[:, 3] - mean[:, 2])
    return _paired(columns, inputs["min_n_per_school_wave"])


def _by_wave(cells: list[str], coefs: np.ndarray) -> list[str]:
    """Wave 1 subtracted, wave 1 added, wave 2 subtracted, wave 2 added."""
    sign = dict(zip(cells, coefs, strict=True))
    wave = {cell: cell[-1] == "2" for cell in cells}
    return sorted(cells, key=lambda c: (wave[c], (sign[c] > 0) == wave[c]))


def _paired(columns: tuple[np.ndarray, ...], min_n: int) -> Answer:
    paired = paired_schools(*columns, min_n=min_n)
    return values(
        paired.result,
        n_schools=paired.n_schools,
        n_up=paired.n_up,
        n_down=paired.n_down,
        p_signflip=paired.p_sign_flip,
        p_wilcoxon=paired.p_signed_rank,
    )


def signflip(_: Path, inputs: Inputs) -> Answer:
    return {"G": len(inputs["differences"]), "p": sign_flip(inputs["differences"])}
