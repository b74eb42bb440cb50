"""The raw files of the demo's baseline, read by the product, and the recipes of the report.

`published_recipes.csv` says for every published number from which question, answers and base it was
made in the report; bases that the product itself does not use (link openings, mentions, missing as
zero) are formed here by plain loops. Expected numbers stand in `truth/expected.json` only.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cache, cached_property
from math import sqrt
from pathlib import Path
from typing import Any

import numpy as np

from indicators.pipeline.checklist_rule import is_complete
from indicators.pipeline.framework import read_project
from indicators.pipeline.framework_shapes import ProjectDefinition
from indicators.pipeline.inputs import AnswerSet
from indicators.pipeline.shapes import MISSING, ChecklistRow, IntArray, MeasureSpec, SurveyTable
from indicators.pipeline.tally import tally_all
from indicators.vocabulary import ItemKind, MeasureKind, Respondent, Selection
from tests.pipeline.builders import measure, project
from tests.pipeline.import_cases import CLEAN_SURVEYS, DEMO, TRUTH, check, form

HERE = Path(__file__).parent
Recipe = dict[str, str]
Value = tuple[float, int | None]  # the number, and the base the report divided by
SHEETS, OPENINGS, CHECKLISTS, MENTIONS = "sheets", "openings", "checklists", "mentions"


def recipes() -> dict[tuple[str, str, int], Recipe]:
    """By figure and key; a key that occurs twice in a figure has the number 1 the second time."""
    found: dict[tuple[str, str, int], Recipe] = {}
    with (HERE / "published_recipes.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            key = (row["figure"], row["key"])
            found[*key, sum(one[:2] == key for one in found)] = row
    return found


def half_up(value: float, decimals: int) -> float:
    """Rounded as people do: 3.125 is 3.13."""
    step = Decimal(1).scaleb(-decimals)
    return float(Decimal(repr(round(value, 9))).quantize(step, ROUND_HALF_UP))


@dataclass
class Sheets:
    """Answer sheets of one questionnaire: codes by item, school of every sheet."""

    columns: Mapping[str, IntArray]
    schools: tuple[str, ...]
    n_opened: int
    texts: Mapping[str, Mapping[int, str]]  # open question -> row of the file -> answer

    @property
    def n(self) -> int:
        return len(self.schools)


class Baseline:
    """Everything that the report's figures of the baseline were made from."""

    @cached_property
    def definition(self) -> ProjectDefinition:
        found, problems = read_project(DEMO)
        assert found is not None, problems
        return found

    @cache  # noqa: B019  # one object per session
    def sheets(self, instrument: str) -> Sheets:
        if instrument == Respondent.DIRECTOR:
            return _from_checklists([row for row in self.checklists if self.counts(row)])
        if instrument == CHECKLISTS:
            return _from_checklists(self.checklists)
        tables = [
            check(DEMO / path, "survey", wave, name).survey
            for path, wave, name in CLEAN_SURVEYS
            if wave == "W0" and form(name).instrument == instrument
        ]
        return _joined([table for table in tables if table is not None])

    @cached_property
    def checklists(self) -> list[ChecklistRow]:
        folder = DEMO / "baseline" / "director_checklist"
        found = [
            check(path, "checklist", "W0", "director").checklists
            for path in sorted(folder.iterdir())
        ]
        return [row for rows in found for row in rows]

    def counts(self, row: ChecklistRow) -> bool:
        scored = [item.name for item in form("director").items if item.is_scored]
        return is_complete(row.answers, scored)[0]

    @cached_property
    def groups(self) -> set[str]:
        """Focus groups quoted."""
        file = DEMO / "baseline" / "qualitative.csv"
        codes = frozenset(one.code for one in self.definition.indicators)
        notes = check(file, "notes", "W0", indicator_codes=codes).records
        return {note.values["source"] for note in notes}

    @cached_property
    def themes(self) -> dict[int, str]:
        """Theme of every open answer, by row of the parents' file, as the coder gave it."""
        with (TRUTH / "open_text_codes_baseline.csv").open(encoding="utf-8", newline="") as file:
            return {int(row["file_row"]): row["theme"] for row in csv.DictReader(file)}

    # --- one number ---------------------------------------------------------------------

    def value(self, recipe: Recipe) -> Value:
        return getattr(self, f"_{recipe['what']}")(recipe)

    def _schools(self, recipe: Recipe) -> Value:
        n = len(self.definition.schools)
        return n, n

    def _groups(self, recipe: Recipe) -> Value:
        return len(self.groups), len(self.groups)

    def _per_school_min(self, recipe: Recipe) -> Value:
        counts = Counter(self.sheets(recipe["instrument"]).schools)
        return min(counts.values()), len(counts)

    def _per_school_max(self, recipe: Recipe) -> Value:
        counts = Counter(self.sheets(recipe["instrument"]).schools)
        return max(counts.values()), len(counts)

    def _n(self, recipe: Recipe) -> Value:
        if recipe["item"].startswith("index:"):
            n = self._moments(recipe)[0]
            return n, n
        n = self._base(recipe)
        if recipe["figure"] == "b_director_base":  # 22 of the 23 handed in
            return n, len(self.checklists)
        return n, n

    def _base(self, recipe: Recipe) -> int:
        sheets = self.sheets(recipe["instrument"])
        if recipe["base"] == OPENINGS:
            return sheets.n_opened
        if recipe["base"] == CHECKLISTS:
            return len(self.checklists)
        if recipe["base"] == SHEETS:
            return sheets.n
        if recipe["base"] == "texts":
            instrument = CHECKLISTS if recipe["instrument"] == "director" else recipe["instrument"]
            return len(self.sheets(instrument).texts[recipe["item"]])
        codes = sheets.columns[recipe["item"]]
        if recipe["base"] == MENTIONS:
            return sum(int(mask).bit_count() for mask in codes if mask != MISSING)
        return int((codes != MISSING).sum())

    def _count(self, recipe: Recipe) -> Value:
        wanted = {MISSING if code == "." else int(code) for code in recipe["codes"].split()}
        codes = self.sheets(recipe["instrument"]).columns[recipe["item"]]
        return sum(1 for code in codes if int(code) in wanted), self._base(recipe)

    def _share(self, recipe: Recipe) -> Value:
        count, base = self._count(recipe)
        assert base
        return 100 * count / base, base

    def _option_count(self, recipe: Recipe) -> Value:
        item = next(one for one in form(recipe["instrument"]).items if one.name == recipe["item"])
        assert item.kind is ItemKind.MULTI
        bit = [option.name for option in item.options].index(recipe["codes"])
        masks = self.sheets(recipe["instrument"]).columns[recipe["item"]]
        ticked = sum(1 for mask in masks if mask != MISSING and mask >> bit & 1)
        return ticked, self._base(recipe)

    def _option_share(self, recipe: Recipe) -> Value:
        count, base = self._option_count(recipe)
        assert base
        return 100 * count / base, base

    def _mean(self, recipe: Recipe) -> Value:
        n, total, _ = self._moments(recipe)
        if recipe["base"] == SHEETS:  # the report counted missing answers as zero
            n = self.sheets(recipe["instrument"]).n
        return total / n, n

    def _mean_scored(self, recipe: Recipe) -> Value:
        """As the product has it: "don't know" is no value."""
        n, total, _ = self._moments(recipe, is_scored=True)
        return total / n, n

    def _nps(self, recipe: Recipe) -> Value:
        n, total, _ = self._moments(recipe, kind=MeasureKind.NPS)
        return total / n, n

    def _sd(self, recipe: Recipe) -> Value:
        n, total, squares = self._moments(recipe)
        return sqrt((squares - total**2 / n) / (n - 1)), n

    def _mean_1_5(self, recipe: Recipe) -> Value:
        n, total, _ = self._moments(recipe)
        low, high = self._index(recipe["item"]).scale or (0.0, 0.0)
        return 1 + (total / n - low) * 4 / (high - low), n

    def _gap(self, recipe: Recipe) -> Value:
        sides = zip(recipe["instrument"].split(), recipe["item"].split(), strict=True)
        first, second = (
            self._mean({**recipe, "instrument": instrument, "item": item})[0]
            for instrument, item in sides
        )
        return first - second, None

    def _theme_share(self, recipe: Recipe) -> Value:
        texts = self.sheets(recipe["instrument"]).texts[recipe["item"]]
        count = sum(self.themes[row] == recipe["codes"] for row in texts)
        return 100 * count / len(texts), len(texts)

    # --- through the product's totals ---------------------------------------------------

    def _moments(
        self,
        recipe: Recipe,
        *,
        is_scored: bool = False,
        kind: MeasureKind = MeasureKind.ITEM_MEAN,
    ) -> tuple[int, float, float]:
        """n, sum and sum of squares of an index or a question, as the product tallies them."""
        name = recipe["item"]
        if name.startswith("index:"):
            spec = self._index(name)
        else:
            spec = measure(kind, items=(name,))
            if is_scored:
                spec = measure(kind, items=(name,), unscored_codes=self._unscored(recipe))
        sheets = self.sheets(CHECKLISTS if recipe["base"] == CHECKLISTS else recipe["instrument"])
        keep = np.ones(sheets.n, dtype=bool)
        if recipe["only"]:
            column, _, code = recipe["only"].partition("=")
            keep = sheets.columns[column] == int(code)
        sums = tally_all(project(_answers(sheets, keep), measures=[spec])).totals[spec.code, "W0"]
        cells = sums.schools.sums
        return int(cells.n), float(cells.total), float(cells.squares)

    def _index(self, name: str) -> MeasureSpec:
        code = name.removeprefix("index:")
        index = next(one for one in self.definition.indices if one.code == code)
        return measure(
            MeasureKind.INDEX_MEAN,
            items=index.items,
            scale=(index.scale_min, index.scale_max),
            reversed_items=index.reversed_items,
            min_share=index.min_answered_share,
        )

    def _unscored(self, recipe: Recipe) -> frozenset[int]:
        instrument = next(
            one for one in self.definition.instruments if one.code == recipe["instrument"]
        )
        item = next(one for one in instrument.items if one.name == recipe["item"])
        scale = next(one for one in self.definition.scales if one.code == item.scale)
        return frozenset(one.code for one in scale.options if not one.is_substantive)


def _answers(sheets: Sheets, keep: np.ndarray[Any, Any]) -> AnswerSet:
    codes = tuple(dict.fromkeys(sheets.schools))
    places = np.array([codes.index(school) for school in sheets.schools], dtype=np.int64)
    return AnswerSet(
        wave="W0",
        instrument="student",  # the builder's measures ask students
        selection=Selection.CENSUS,
        school_codes=codes,
        school_index=places[keep],
        load=lambda names: {
            name: sheets.columns[name][keep] for name in names if name in sheets.columns
        },
    )


def _joined(tables: list[SurveyTable]) -> Sheets:
    names = {name for table in tables for name in table.columns}
    columns = {
        name: np.concatenate(
            [table.columns.get(name, np.full(len(table.row_numbers), MISSING)) for table in tables]
        )
        for name in names
    }
    return Sheets(
        columns,
        tuple(table.school_codes[place] for table in tables for place in table.school_index),
        sum(table.funnel.opened for table in tables),
        {name: dict(_texts(tables[0], name)) for name in tables[0].texts},
    )


def _texts(table: SurveyTable, name: str) -> Iterator[tuple[int, str]]:
    for row, text in zip(table.row_numbers, table.texts[name], strict=True):
        if text:
            yield int(row), text


def _from_checklists(rows: list[ChecklistRow]) -> Sheets:
    kinds = {item.name: item.kind for item in form("director").items}
    scales = [name for name, kind in kinds.items() if kind is ItemKind.SCALE]
    open_questions = [name for name, kind in kinds.items() if kind is ItemKind.TEXT]
    return Sheets(
        {name: np.array([int(row.answers.get(name, MISSING)) for row in rows]) for name in scales},
        tuple(row.school_code for row in rows),
        len(rows),
        {
            name: {
                place: str(row.answers[name])
                for place, row in enumerate(rows)
                if row.answers.get(name)
            }
            for name in open_questions
        },
    )
