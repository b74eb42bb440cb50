"""Rows of accepted files that an officer left out, by the school they belong to."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from indicators.models import AnswerColumn, Exclusion
from indicators.queries.answers import unpack

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from indicators.models import Dataset


def excluded_by_school(datasets: QuerySet[Dataset]) -> Counter[tuple[str, str]]:
    """How many rows by questionnaire and school code. Two queries, one when there are none."""
    rows = Exclusion.objects.filter(dataset__in=datasets).select_related(
        "dataset__version__instrument"
    )
    wanted: dict[int, set[int]] = defaultdict(set)
    sets = {}
    for row in rows:
        wanted[row.dataset_id].add(row.row)
        sets[row.dataset_id] = row.dataset
    counts: Counter[tuple[str, str]] = Counter()
    if not wanted:
        return counts
    columns: dict[int, dict[str, AnswerColumn]] = defaultdict(dict)
    for column in AnswerColumn.objects.filter(dataset__in=sets, name__in=("_row", "_school")):
        columns[column.dataset_id][column.name] = column
    for pk, dataset in sets.items():
        numbers, places = unpack(columns[pk]["_row"]), unpack(columns[pk]["_school"])
        for number, place in zip(numbers.tolist(), places.tolist(), strict=True):
            if number in wanted[pk]:
                school = dataset.school_codes[place]
                counts[dataset.version.instrument.code, school] += 1
    return counts
