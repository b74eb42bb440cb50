"""Adapters of scores, distributions of answers, reliability and disclosure control.

Scores are those of the product: its pipeline makes codes into numbers.
"""

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from indicators.pipeline.score import score
from indicators.pipeline.shapes import MISSING, MeasureSpec
from indicators.stats.disclosure import suppress_table
from indicators.stats.factor import omega_minres
from indicators.stats.moments import mean_sd
from indicators.stats.reliability import correlations, cross_products, reliability
from indicators.stats.scores import completeness, distribution, multi_select, rescale
from indicators.vocabulary import MeasureKind, Reason, Respondent
from tests.oracles.names import Answer, Inputs, missing
from tests.oracles.source import Row, collect, is_allowed

KINDS = {
    "mean_index": MeasureKind.INDEX_MEAN,
    "percent_index": MeasureKind.INDEX_MEAN,
    "item": MeasureKind.ITEM_MEAN,
    "share": MeasureKind.SHARE,
    "nps": MeasureKind.NPS,
}


def _rows(directory: Path, inputs: Inputs) -> list[Row]:
    return [row for row, _ in collect(directory, inputs)]


def _codes(rows: list[Row], column: str, variable: Mapping[str, Any]) -> np.ndarray:
    """Answers as codes: the numbers of the file, or 1 and 0 for chosen and not."""
    kind = variable["type"]
    chosen = variable["values"] if kind == "share" else variable.get("positive")
    cells = [row[column] for row in rows]
    if chosen is None:
        return np.array([_code(cell) if cell else MISSING for cell in cells])
    return np.array([int(is_allowed(cell, chosen)) if cell else MISSING for cell in cells])


def _code(cell: str) -> int:
    number = float(cell)
    if not number.is_integer():
        raise ValueError(f"expected a whole number as the code of an answer, found {cell}")
    return int(number)


def scores(
    rows: list[Row], variable: Mapping[str, Any]
) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """The product's score of every row, and the codes it was made of."""
    columns = variable.get("columns") or [variable["column"]]
    answers = {column: _codes(rows, column, variable) for column in columns}
    is_percent = variable["type"] == "percent_index"
    spec = MeasureSpec(
        code="oracle",
        kind=KINDS[variable["type"]],
        instrument="oracle",
        respondent=Respondent.STUDENT,
        items=tuple(columns),
        codes=frozenset({1}),
        reversed_items=frozenset(variable.get("reverse", ())),
        scale=tuple(variable.get("scale", (0, 0))),
        positive_codes=frozenset({1}) if is_percent else frozenset(),
        min_share=variable.get("min_share", 0.5),
    )
    y = score(spec, answers)
    if "rescale_to" in variable:
        y = rescale(y, tuple(variable["scale"]), tuple(variable["rescale_to"]))
    return y, answers


def score_summary(directory: Path, inputs: Inputs) -> Answer:
    parts = []
    for source in inputs["data"]:
        rows = _rows(directory, {**inputs, "data": [source]})
        parts.append(scores(rows, source["variable"]))
    y = np.concatenate([part for part, _ in parts])
    valid = y[~np.isnan(y)]
    if not len(valid):
        return Reason.NO_DATA
    mean, sd = mean_sd(len(valid), valid.sum(), np.square(valid).sum())
    found = {
        "n_rows": len(y),
        "n_valid": len(valid),
        "mean": missing([mean])[0],
        "sd": missing([sd])[0],
        "min": float(valid.min()),
        "max": float(valid.max()),
    }
    variable = inputs["data"][0]["variable"]
    if "columns" in variable:
        codes = np.concatenate([np.stack(list(a.values()), axis=1) for _, a in parts])
        counts = completeness(codes != MISSING, variable["min_share"])
        names = ("n_prorated", "n_too_few_items", "n_empty")
        found |= {name: getattr(counts, name) for name in names}
    return found


def item_distribution(directory: Path, inputs: Inputs) -> Answer:
    cells = [row[inputs["column"]] for row in _rows(directory, inputs)]
    options = sorted(set(cells) - {""})
    if not options:
        return Reason.NO_DATA
    found = distribution(cells, options)
    return {
        "n_answered": found.n_answered,
        "n_missing": found.n_missing,
        "counts": dict(zip(options, found.counts.tolist(), strict=True)),
        "shares": dict(zip(options, found.shares.tolist(), strict=True)),
    }


def multi(directory: Path, inputs: Inputs) -> Answer:
    columns, rows = inputs["columns"], _rows(directory, inputs)
    found = multi_select(_numbers(rows, columns))
    if not found.n_answered:
        return Reason.NO_DATA
    return {
        "n_answered": found.n_answered,
        "n_not_answered": found.n_missing,
        "shares": dict(zip(columns, missing(found.shares), strict=True)),
    }


def _numbers(rows: list[Row], columns: list[str]) -> np.ndarray:
    cells = [[float(row[c]) if row[c] else math.nan for c in columns] for row in rows]
    return np.array(cells).reshape(len(rows), len(columns))


def index_reliability(directory: Path, inputs: Inputs) -> Answer:
    columns = inputs["columns"]
    numbers = _numbers(_rows(directory, inputs), columns)
    turned = [columns.index(column) for column in inputs.get("reverse", ())]
    if turned:
        numbers[:, turned] = sum(inputs["scale"]) - numbers[:, turned]
    totals = cross_products(numbers)
    found = reliability(totals)
    if found.reason is not None or found.item_rest is None or found.alpha_dropped is None:
        return found.reason or {}
    return {
        "n_complete": found.n_complete,
        "n_items": found.n_items,
        "alpha": found.alpha,
        "alpha_std": found.alpha_std,
        "alpha_ci_low": found.alpha_low,
        "alpha_ci_high": found.alpha_high,
        "mean_inter_item_r": found.mean_r,
        "item_rest_r": dict(zip(columns, missing(found.item_rest), strict=True)),
        "alpha_if_dropped": dict(zip(columns, missing(found.alpha_dropped), strict=True)),
        "omega_ml": found.omega_ml,
        "omega_minres": omega_minres(correlations(totals.covariance)[0])
        if found.n_items > 2
        else None,
    }


def suppression(_: Path, inputs: Inputs) -> Answer:
    found = suppress_table(inputs["table"], k=inputs["k"])
    return {
        "n_primary": int(found.primary.sum()),
        "n_final": int(found.hidden.sum()),
        "suppressed_cells": [list(cell) for cell in found.cells],
        "feasible_low": found.low.tolist(),
        "feasible_high": found.high.tolist(),
        "all_protected": found.is_protected,
    }
