"""Tallied: from one number per respondent to sufficient totals per school and group.

Totals of several files of a wave simply add up, and everything later is a function of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from indicators.pipeline.answer_counts import AnswerCounts, coded_names, count_answers
from indicators.pipeline.answer_counts import Key as QuestionKey
from indicators.pipeline.components import ComponentCells, component_cells
from indicators.pipeline.inputs import AnswerSet, CalculationInputs
from indicators.pipeline.score import score
from indicators.pipeline.shapes import MISSING, FloatArray, GroupSpec, IntArray, MeasureSpec
from indicators.pipeline.tally_items import MAX_CLASSES, ItemTotals, tally_items
from indicators.pipeline.totals import MIX, Totals, cells_of
from indicators.vocabulary import MeasureKind, Selection

COMMON = "|common"  # suffix of the totals on the items worded alike in all waves
Progress = Callable[[str, int, int], None]
Groups = Mapping[str, tuple[tuple[str, ...], IntArray]]


def group_index(group: GroupSpec, codes: IntArray) -> IntArray:
    """Position of every respondent's group in `group.codes`, -1 where unknown."""
    out = np.full(len(codes), -1, dtype=np.int64)
    for position, code in enumerate(group.codes):
        out[codes == code] = position
    return out


def tally(
    values: FloatArray,
    school: IntArray,
    school_codes: Sequence[str],
    *,
    groups: Groups | None = None,
    codes: IntArray | None = None,
    weight: FloatArray | None = None,
) -> Totals:
    """Totals of one measure over one dataset.

    `values` (n,) from `score`; `school` (n,) positions in `school_codes`; `groups[name]` = (keys,
    positions (n,), -1 = no group); `codes` (n,) when the distribution of answers is kept; `weight`
    (n,) above 0, None when everybody weighs the same.
    """
    size = len(school_codes)
    by_group, keys = {}, {}
    for name, (labels, position) in (groups or {}).items():
        cell = np.where(position >= 0, school * len(labels) + position, -1)
        flat = cells_of(values, cell, size * len(labels), weight)
        by_group[name] = flat.shaped(size, len(labels))
        keys[name] = labels
    return Totals(
        tuple(school_codes),
        cells_of(values, school, size, weight),
        by_group,
        keys,
        None if codes is None else _counts(codes, weight),
    )


def _counts(codes: IntArray, weight: FloatArray | None) -> dict[int, float]:
    answered = codes != MISSING
    found, place = np.unique(codes[answered], return_inverse=True)
    times = np.bincount(place, weights=None if weight is None else weight[answered])
    return dict(zip(found.tolist(), times.tolist(), strict=True))


@dataclass(slots=True)
class Tallied:
    """Totals of all measures: `totals[(measure, wave)]`, and how each instrument was sampled.

    `class_sizes[(instrument, wave)]` = (school codes, answers per school and class);
    `respondents[(instrument, wave)]`: answer sheets.
    """

    totals: dict[tuple[str, str], Totals] = field(default_factory=dict)
    selections: dict[tuple[str, str], Selection] = field(default_factory=dict)
    respondents: dict[tuple[str, str], int] = field(default_factory=dict)
    class_sizes: dict[tuple[str, str], tuple[tuple[str, ...], FloatArray]] = field(
        default_factory=dict
    )
    items: ItemTotals = field(default_factory=ItemTotals)
    questions: dict[QuestionKey, AnswerCounts] = field(default_factory=dict)
    # Of indices, by (measure, wave); with COMMON on the items worded alike.
    components: dict[tuple[str, str], ComponentCells] = field(default_factory=dict)


def tally_all(inputs: CalculationInputs, progress: Progress = lambda *_: None) -> Tallied:
    """Read every dataset once and add up the totals of every measure and wave."""
    tallied = Tallied()
    schools_of: dict[tuple[str, str], tuple[str, ...]] = {}
    for answers in inputs.answers:
        key = (answers.instrument, answers.wave)
        known = set(schools_of.get(key, ())) | set(answers.school_codes)
        schools_of[key] = tuple(sorted(known))
    for done, answers in enumerate(inputs.answers):
        progress("tally", done, len(inputs.answers))
        key = (answers.instrument, answers.wave)
        if tallied.selections.get(key) is not Selection.SELF_SELECTED:
            tallied.selections[key] = answers.selection
        _tally_dataset(answers, schools_of[key], inputs, tallied)
    return tallied


def _tally_dataset(
    answers: AnswerSet, school_codes: tuple[str, ...], inputs: CalculationInputs, tallied: Tallied
) -> None:
    specs = [spec for spec in inputs.measures if spec.instrument == answers.instrument]
    by_item = {group.item: group for spec in specs for group in spec.groups if group.item}
    kinds = next((spec.mix for spec in specs if spec.mix), ())
    class_item = inputs.class_items.get(answers.instrument, "")
    wanted = {name for spec in specs for name in spec.items} | set(by_item)
    wanted |= {group.item for group in kinds}
    wanted |= coded_names(inputs.questions, answers.instrument)
    columns = answers.load(sorted(wanted | ({class_item} - {""})))
    position = {code: i for i, code in enumerate(school_codes)}
    to_wave = np.array([position[code] for code in answers.school_codes], dtype=np.int64)
    school = to_wave[answers.school_index]
    groups = _group_positions(by_item.values(), columns, len(school))
    if kinds:
        groups[MIX] = _kinds(_group_positions(kinds, columns, len(school)))
    key = (answers.instrument, answers.wave)
    tallied.respondents[key] = tallied.respondents.get(key, 0) + len(school)
    for spec in specs:
        _tally_measure(spec, answers, columns, school, school_codes, groups, tallied)
    count_answers(inputs.questions, answers, columns, tallied.questions)
    named = class_item if answers.instrument in inputs.with_classes else ""
    tally_items(
        *(answers.wave, specs, columns, school, school_codes, tallied.items),
        weight=answers.weight,
        class_item=named,
    )
    if class_item in columns:
        _add_class_sizes(answers, columns[class_item], school, school_codes, tallied)


def _group_positions(
    groups: Iterable[GroupSpec], columns: Mapping[str, IntArray], n: int
) -> dict[str, tuple[tuple[str, ...], IntArray]]:
    """Where the question that tells the groups apart was not asked, everybody's is unknown."""
    unknown = np.full(n, MISSING, dtype=np.int64)
    return {
        group.name: (
            tuple(group.codes.values()),
            group_index(group, columns.get(group.item, unknown)),
        )
        for group in groups
    }


def _kinds(
    groups: Mapping[str, tuple[tuple[str, ...], IntArray]],
) -> tuple[tuple[str, ...], IntArray]:
    """Combinations of the groups of several items; unknown where one of them is."""
    keys, place = [""], np.zeros(1, dtype=np.int64)
    for names, positions in groups.values():
        keys = [f"{key} {name}".strip() for key in keys for name in names]
        known = (place >= 0) & (positions >= 0)
        place = np.where(known, place * len(names) + positions, -1)
    return tuple(keys), place


def _tally_measure(
    spec: MeasureSpec,
    answers: AnswerSet,
    columns: Mapping[str, IntArray],
    school: IntArray,
    school_codes: tuple[str, ...],
    groups: Groups,
    tallied: Tallied,
) -> None:
    mine = {group.name: groups[group.name] for group in spec.groups if group.name in groups}
    if spec.mix:
        mine[MIX] = groups[MIX]
    codes = columns.get(spec.items[0]) if spec.keeps_counts else None
    if not any(item in columns for item in spec.items):
        return
    weight = answers.weight
    one = tally(score(spec, columns), school, school_codes, groups=mine, codes=codes, weight=weight)
    _add(tallied, spec.code, answers.wave, one)
    if spec.kind is MeasureKind.INDEX_MEAN:
        _add_components(spec, answers, columns, school, school_codes, tallied)
    if spec.common_items and spec.common_items != spec.items:
        common = score(spec, columns, spec.common_items)
        again = tally(common, school, school_codes, groups=mine, weight=weight)
        _add(tallied, spec.code + COMMON, answers.wave, again)


def _add(tallied: Tallied, code: str, wave: str, one: Totals) -> None:
    before = tallied.totals.get((code, wave))
    tallied.totals[code, wave] = one if before is None else before + one


def _add_components(
    spec: MeasureSpec,
    answers: AnswerSet,
    columns: Mapping[str, IntArray],
    school: IntArray,
    school_codes: tuple[str, ...],
    tallied: Tallied,
) -> None:
    named = {spec.code: spec.items}
    if spec.common_items and spec.common_items != spec.items:
        named[spec.code + COMMON] = spec.common_items
    for code, items in named.items():
        one = component_cells(spec, columns, school, school_codes, answers.weight, items)
        before = tallied.components.get((code, answers.wave))
        tallied.components[code, answers.wave] = one if before is None else before + one


def _add_class_sizes(
    answers: AnswerSet,
    codes: IntArray,
    school: IntArray,
    school_codes: tuple[str, ...],
    tallied: Tallied,
) -> None:
    """Answers per school and class; without class lists the grade stands for the class."""
    key = (answers.instrument, answers.wave)
    width = MAX_CLASSES
    usable = (codes >= 0) & (codes < width)
    flat = np.bincount(school[usable] * width + codes[usable], minlength=len(school_codes) * width)
    sizes = flat.reshape(len(school_codes), width).astype(np.float64)
    if key in tallied.class_sizes:
        sizes = sizes + tallied.class_sizes[key][1]
    tallied.class_sizes[key] = (school_codes, sizes)
