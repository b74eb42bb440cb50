"""The answers and definitions behind one stored result, exactly as its run used them.

Nothing is computed: whoever reads this repeats the number elsewhere. The answers carry no row
number, date or text, and their order says nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from indicators.models import Change, Gap, Indicator, Item, SchoolCategory
from indicators.pipeline.inputs import CalculationInputs
from indicators.pipeline.shapes import GapSpec, GroupSpec, MeasureSpec, StratumSpec
from indicators.queries.answer_tables import (
    ITEM,
    AnswerTable,
    NotReproducible,
    Stored,
    answer_sets,
    answer_table,
)
from indicators.queries.calculation import calculation_inputs
from indicators.vocabulary import (
    ANSWER_MEASURES,
    GAP_MEASURES,
    Family,
    Irreproducible,
    Respondent,
    Scope,
    Selection,
)

MUST_BE_THE_SAME = ("definitions", "schools", "waves")


@dataclass(frozen=True, slots=True)
class Question:
    """A question of the table in the reader's language; `options` by code."""

    column: str
    label: str
    options: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class Reproduction:
    """`measures`, `items` and `tables` have one entry, or two for a gap of two questionnaires.

    `items` are those that the number rests on (an index with a reworded item: for its change those
    worded alike). `rules` are the run's. `other_p`: the other tests of the same family. `strata` of
    a sample of schools, None of all schools; `is_weighted`: answers count by weight or stratum.
    """

    row: Stored
    measures: tuple[MeasureSpec, ...]
    items: tuple[tuple[str, ...], ...]
    tables: tuple[AnswerTable, ...]
    questions: tuple[Question, ...]
    indicators: tuple[Indicator, ...]
    rules: Mapping[str, Any]
    gap: GapSpec | None = None
    group: GroupSpec | None = None
    class_item: str = ""
    group_labels: Mapping[str, str] = field(default_factory=dict)
    other_p: tuple[float, ...] = ()
    strata: tuple[StratumSpec, ...] | None = None
    is_weighted: bool = False

    @property
    def n_rows(self) -> int:
        return sum(map(len, self.tables))


def reproduction_of(row: Stored) -> Reproduction:
    """`row` with its run, measure, waves and school selected. Queries grow with files, not schools.

    Raises NotReproducible for facts, and when the definitions or the data are no longer those that
    the run names.
    """
    if row.measure.kind not in ANSWER_MEASURES:
        raise NotReproducible(Irreproducible.NO_ANSWERS)
    try:
        inputs, now = calculation_inputs(row.run.project)
    except ValueError as error:  # the run could read the definitions, so they have changed
        raise NotReproducible(Irreproducible.DEFINITIONS_CHANGED) from error
    if any(now[name] != row.run.inputs.get(name) for name in MUST_BE_THE_SAME):
        raise NotReproducible(Irreproducible.DEFINITIONS_CHANGED)
    gap, measures = _specs(row, inputs)
    items = tuple(_items(row, spec) for spec in measures)
    group = _group(row, gap, measures[0])
    class_item = _class_item(row, measures[0], inputs)
    extra = [name for name in (group.item if group else "", class_item) if name]
    sets = answer_sets(row, measures, inputs, now)
    used = [one for found in sets.values() for one in found]
    is_counted = gap is None and measures[0].respondent is Respondent.DIRECTOR
    is_sample = not is_counted and any(one.selection is Selection.SAMPLE for one in used)
    is_weighted = any(one.weight is not None for one in used)
    names = {*extra, *(name for names in items for name in names)}
    questions = _questions(row, measures, names)
    return Reproduction(
        row=row,
        measures=measures,
        items=items,
        tables=tuple(
            answer_table(
                *(row, spec, [*names, *extra], group, sets[spec.instrument], inputs),
                is_weighted=is_weighted,
                is_sample=is_sample,
            )
            for spec, names in zip(measures, items, strict=True)
        ),
        questions=questions,
        indicators=tuple(Indicator.objects.filter(measure=row.measure_id)),
        rules=row.run.inputs["rules"],
        gap=gap,
        group=group,
        class_item=class_item,
        group_labels=_group_labels(row, group, questions),
        other_p=_other_p(row, inputs),
        strata=tuple(inputs.strata.values()) if is_sample else None,
        is_weighted=is_weighted or is_sample,
    )


# --- definitions ----------------------------------------------------------------------


def _specs(
    row: Stored, inputs: CalculationInputs
) -> tuple[GapSpec | None, tuple[MeasureSpec, ...]]:
    measures = {spec.code: spec for spec in inputs.measures}
    code = row.measure.code
    if isinstance(row, Gap):
        names = (row.group_by, row.first_group, row.second_group)
        gap = next(
            spec
            for spec in inputs.group_gaps
            if spec.first == code and (spec.group_by, spec.first_group, spec.second_group) == names
        )
    elif row.measure.kind in GAP_MEASURES:
        gap = next(spec for spec in inputs.gaps if spec.code == code)
    else:
        return None, (measures[code],)
    sides = dict.fromkeys((gap.first, gap.second))
    return gap, tuple(measures[side] for side in sides)


def _items(row: Stored, spec: MeasureSpec) -> tuple[str, ...]:
    is_on_common = isinstance(row, Change) and row.is_on_common_items
    return spec.common_items if is_on_common else spec.items


def _group(row: Stored, gap: GapSpec | None, spec: MeasureSpec) -> GroupSpec | None:
    name = gap.group_by if gap else getattr(row, "group_by", "")
    return next((group for group in spec.groups if group.name == name), None)


def _class_item(row: Stored, spec: MeasureSpec, inputs: CalculationInputs) -> str:
    """The question that stands for the class, where classes widen the error."""
    is_school = getattr(row, "scope", "") == Scope.SCHOOL
    return inputs.class_items.get(spec.instrument, "") if is_school else ""


def _other_p(row: Stored, inputs: CalculationInputs) -> tuple[float, ...]:
    if isinstance(row, Gap):
        return _other_gap_p(row)
    if not isinstance(row, Change) or not row.family:
        return ()
    rows = Change.objects.filter(
        run=row.run_id, family=row.family, wave_from=row.wave_from_id, wave_to=row.wave_to_id
    ).exclude(pk=row.pk)
    if row.family == Family.SCHOOLS:
        rows = rows.filter(measure=row.measure_id)
    found = [
        (code, p if p_rank is None else p_rank)
        for code, p, p_rank in rows.values_list("measure__code", "p", "p_rank")
    ]
    if row.family == Family.QUESTIONNAIRE:
        own = inputs.questionnaires[row.measure.code]
        found = [pair for pair in found if inputs.questionnaires[pair[0]] == own]
    return tuple(sorted(p for _code, p in found if p is not None))


def _other_gap_p(row: Gap) -> tuple[float, ...]:
    """The changes of the same grouping between the same waves."""
    if row.change_p_adjusted is None:
        return ()
    rows = Gap.objects.filter(
        run=row.run_id,
        group_by=row.group_by,
        wave_from=row.wave_from_id,
        wave=row.wave_id,
        change_p_adjusted__isnull=False,
    ).exclude(pk=row.pk)
    return tuple(sorted(p for p in rows.values_list("change_p", flat=True) if p is not None))


def _questions(
    row: Stored, measures: Iterable[MeasureSpec], names: Collection[str]
) -> tuple[Question, ...]:
    """Labels of the items used. Two queries."""
    items = (
        Item.objects.filter(
            instrument__project=row.run.project_id,
            instrument__code__in={spec.instrument for spec in measures},
            name__in=names,
        )
        .select_related("scale")
        .prefetch_related("scale__options")
    )
    return tuple(
        Question(
            f"{ITEM}{item.name}",
            item.label,
            {option.code: option.label for option in item.scale.options.all()}
            if item.scale is not None
            else {},
        )
        for item in items
    )


def _group_labels(
    row: Stored, group: GroupSpec | None, questions: Iterable[Question]
) -> dict[str, str]:
    """Words for the keys of the breakdown in the reader's language. One query or none."""
    if group is None:
        return {}
    if not group.item:
        found = SchoolCategory.objects.filter(project=row.run.project_id, field=group.name)
        return {category.code: category.label for category in found}
    asked = next((q.options for q in questions if q.column == ITEM + group.item), {})
    return {key: asked.get(code, "") for code, key in group.codes.items()}
