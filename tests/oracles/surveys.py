"""Adapters of distributions, several groups, ranks, calibration and the wild bootstrap."""

import math
from pathlib import Path
from typing import Any

import numpy as np

from indicators.stats.calibration import Margin, calibrate, mean_calibrated
from indicators.stats.cr2 import contrast_cr2
from indicators.stats.ftests import FTest, equal_means, rao_scott
from indicators.stats.ranks_survey import rank_counts, rank_survey
from indicators.stats.results import from_t
from indicators.stats.wild import change_wild
from indicators.vocabulary import Reason
from tests.oracles.across import contrast_of
from tests.oracles.names import WAVES, Answer, Inputs, values
from tests.oracles.source import Row, collect, read_rows
from tests.oracles.tables import Rows, cell_of, levels, row_design, tabulate


def _f_values(found: FTest, **more: Any) -> Answer:
    if found.reason is not None:
        return found.reason
    return {"F": found.f, "ndf": found.ndf, "ddf": found.ddf, "p": found.p, **more}


def multi_group_wald(directory: Path, inputs: Inputs) -> Answer:
    rows = collect(directory, inputs)
    table = tabulate(rows, inputs, inputs["by"], levels(rows, inputs["by"]))
    if table.design is None:
        return Reason.NO_DATA
    return _f_values(equal_means(table.n, table.total, table.design, weight=table.weight))


def dist_raoscott(directory: Path, inputs: Inputs) -> Answer:
    rows = [(row, 1.0) for row, _ in collect(directory, inputs)]
    answers, groups = levels(rows, inputs["row"]), levels(rows, inputs["column"])
    # Cells are pairs of an answer and a group; a separator keeps "1" + "12" and "11" + "2" apart.
    pairs = [f"{answer}|{group}" for answer in answers for group in groups]
    joined = [({**row, "pair": _pair(row, inputs)}, y) for row, y in rows]
    table = tabulate(joined, inputs, "pair", pairs)
    if table.design is None:
        return Reason.NO_DATA
    shape = (len(table.n), len(answers), len(groups))
    found = rao_scott(table.n.reshape(shape), table.design, weight=table.weight.reshape(shape))
    return _f_values(found.rao_scott, pearson_X2=found.pearson, naive_p=found.naive_p)


def _pair(row: Row, inputs: Inputs) -> str:
    parts = row[inputs["row"]], row[inputs["column"]]
    return "" if "" in parts else "|".join(parts)


def _weights(rows: Rows, inputs: Inputs) -> np.ndarray:
    name = inputs.get("design", {}).get("weights")
    return np.array([float(row[name]) if name else 1.0 for row, _ in rows])


def rank_taylor(directory: Path, inputs: Inputs) -> Answer:
    contrast = contrast_of(inputs)
    order = sorted(contrast["coefs"], key=lambda cell: contrast["coefs"][cell])
    rows = collect(directory, inputs)
    if not rows:
        return Reason.NO_DATA
    place = cell_of(contrast["by"], order, inputs.get("domain", {}))
    cells = [place(row) for row, _ in rows]
    group = [math.nan if cell is None else float(cell) for cell in cells]
    y, design = np.array([y for _, y in rows]), row_design(rows, inputs)
    result = rank_survey(y, group, design, weight=_weights(rows, inputs))
    if not inputs.get("design", {}).get("weights"):  # as the calculation does
        on_rows, result = result, rank_counts(_indicators(y, np.array(group)), design)
        assert math.isclose(result.p or 0, on_rows.p or 0), "rows and counts disagree"
    if result.reason is not None or result.df is None:
        return values(result)
    wrong = from_t(result.estimate, result.se, result.df - 1, n=0, n_clusters=0, method="r")
    return values(result, r_df=wrong.df, r_p=wrong.p)


def _indicators(y: np.ndarray, group: np.ndarray) -> np.ndarray:
    """(rows, categories, 2): 1 where a row has the category and the group."""
    found = np.unique(y[~np.isnan(y)])
    return np.stack([(y[:, None] == found) & (group[:, None] == k) for k in (0, 1)], axis=2)


def calibrated_mean(directory: Path, inputs: Inputs) -> Answer:
    rows = collect(directory, inputs)
    if not rows:
        return Reason.NO_DATA
    asked = inputs["calibration"]
    known = read_rows(directory / asked["totals"])
    margins = [_margin(name, rows, known) for name in asked["margins"]]
    found = calibrate(_weights(rows, inputs), margins, raking=asked["type"] == "raking")
    return values(
        mean_calibrated([y for _, y in rows], found, row_design(rows, inputs)),
        sum_weights=float(found.weight.sum()),
        weight_first=float(found.weight[0]),
        weight_max=float(found.weight.max()),
        deff_kish_weights=found.kish_deff,
    )


def _margin(name: str, rows: Rows, known: list[Row]) -> Margin:
    totals = {row["level"]: float(row["total"]) for row in known if row["margin"] == name}
    place = {level: number for number, level in enumerate(totals)}
    return Margin([place.get(row[name], -1) for row, _ in rows], list(totals.values()))


def change_wcr_exact(directory: Path, inputs: Inputs) -> Answer:
    table = tabulate(collect(directory, inputs), {"design": {}}, "wave", WAVES)
    found = change_wild(table.n, table.total)
    if found.reason is not None:
        return found.reason
    cr2 = contrast_cr2(table.n, table.total, [-1, 1], min_df=0.0)
    return {
        "t": found.t,
        "p": found.p,
        "draws": found.draws,
        "p_cr2": cr2.p,
        "df_cr2": cr2.df,
    }
