"""Reads an oracle set: the CSV files of respondents and the answers computed in R.

Rows become scores here in the plainest way and without pandas: the product does it elsewhere, so
nothing of it is used on the way in.
"""

import csv
import json
import math
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

SHIPPED = Path(__file__).parent / "data" / "open"

Row = Mapping[str, str]


@cache
def read_rows(path: Path) -> list[Row]:
    """One dict per respondent; cells stay text (school ids keep their leading zeros)."""
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def read_entries(directory: Path) -> list[dict[str, Any]]:
    return json.loads((directory / "expected.json").read_text(encoding="utf-8"))["entries"]


def is_allowed(cell: str, allowed: Iterable[Any]) -> bool:
    """JSON writes 1 where a file may say 1 or 1.0; a missing cell is never allowed."""
    for value in allowed:
        if cell == str(value):
            return True
        if not isinstance(value, str) and cell != "" and float(cell) == value:
            return True
    return False


def matches(row: Row, conditions: Mapping[str, Iterable[Any]]) -> bool:
    return all(is_allowed(row[column], allowed) for column, allowed in conditions.items())


def score(row: Row, variable: Mapping[str, Any]) -> float:
    """The answer of one respondent, NaN when missing (oracle README, "Variables")."""
    kind = variable["type"]
    if kind in ("mean_index", "percent_index"):
        return _index(row, variable)
    cell = row[variable["column"]]
    if cell == "":
        return math.nan
    if kind == "item":
        return float(cell)
    if kind == "share":
        return float(is_allowed(cell, variable["values"]))
    if kind == "nps":
        return 100.0 if float(cell) >= 9 else -100.0 if float(cell) <= 6 else 0.0
    raise ValueError(f"unknown variable type {kind}")


def _index(row: Row, variable: Mapping[str, Any]) -> float:
    columns = variable["columns"]
    answered = [column for column in columns if row[column] != ""]
    if not answered or len(answered) < variable["min_share"] * len(columns):
        return math.nan
    if variable["type"] == "percent_index":
        positive = sum(is_allowed(row[column], variable["positive"]) for column in answered)
        return 100 * positive / len(answered)
    low, high = variable.get("scale", (0, 0))
    reverse = set(variable.get("reverse", ()))
    numbers = [low + high - float(row[c]) if c in reverse else float(row[c]) for c in answered]
    mean = sum(numbers) / len(numbers)
    if "rescale_to" in variable:
        to_low, to_high = variable["rescale_to"]
        mean = to_low + (mean - low) * (to_high - to_low) / (high - low)
    return mean


def collect(directory: Path, inputs: Mapping[str, Any]) -> list[tuple[Row, float]]:
    """The rows after the filters, each with its score (NaN where the entry names no variable).

    Stacked sources get their `label`; `join` adds columns of another file.
    """
    found: list[tuple[Row, float]] = []
    for source in inputs["data"]:
        for row in read_rows(directory / source["file"]):
            if matches(row, source.get("filter", {})):
                labelled = {**row, "label": source.get("label", "")}
                y = score(row, source["variable"]) if "variable" in source else math.nan
                found.append((labelled, y))
    if "join" in inputs:
        join = inputs["join"]
        other = {row[join["on"]]: row for row in read_rows(directory / join["file"])}
        found = [
            ({**row, **{c: other[row[join["on"]]][c] for c in join["columns"]}}, y)
            for row, y in found
        ]
    return found


def compare(ours: Any, expected: Any, tolerance: Mapping[str, float], name: str = "") -> list[str]:
    """The differences in words: key, our value, the reference value, their difference."""
    if isinstance(expected, dict):
        return [
            line
            for key, value in expected.items()
            for line in compare(
                ours.get(key, "absent") if isinstance(ours, dict) else ours,
                value,
                tolerance,
                f"{name}.{key}".lstrip("."),
            )
        ]
    if isinstance(expected, list) and isinstance(ours, list) and len(ours) == len(expected):
        return [
            line
            for place, (one, other) in enumerate(zip(ours, expected, strict=True))
            for line in compare(one, other, tolerance, f"{name}[{place}]")
        ]
    if isinstance(expected, bool | str | list) or expected is None or not _is_number(ours):
        same = ours is None if expected is None else ours == expected
        return [] if same else [f"{name}: ours {ours!r}, R {expected!r}"]
    allowed = max(tolerance["abs"], tolerance["rel"] * abs(expected))
    if abs(ours - expected) <= allowed:
        return []
    return [f"{name}: ours {ours!r}, R {expected!r}, difference {ours - expected:.3g}"]


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
