"""Definitions as plain values, and the versions kept of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import OuterRef, Q, QuerySet, Subquery

from indicators.models import CompositeIndex, DefinitionVersion, Indicator, Measure
from indicators.vocabulary import DefinitionSource

if TYPE_CHECKING:
    from datetime import datetime

    from indicators.models import Project

INDICATOR_FIELDS = (
    "code", "name_ky", "name_ru", "name_en", "definition_ky", "definition_ru", "definition_en",
    "level", "respondent", "unit", "direction", "disaggregation", "responsible_ky",
    "responsible_ru", "responsible_en", "frequency", "baseline_policy", "decimals", "margin",
    "is_headline", "is_descriptive", "is_context", "has_response_shift", "note",
)  # fmt: skip
INDEX_FIELDS = (
    "code", "name_ky", "name_ru", "name_en", "statistic", "positive_codes", "scale_min",
    "scale_max", "min_answered_share", "rescaled_min", "rescaled_max", "note",
)  # fmt: skip

Fields = dict[str, Any]


def items_text(measure: Measure) -> str:
    """The index, question, pair of questions or record that a measure reads."""
    if measure.index is not None:
        return measure.index.code
    if measure.item is not None:
        other = f" - {measure.second_item.name}" if measure.second_item else ""
        return measure.item.name + other
    return measure.source


def codes_text(measure: Measure) -> str:
    return measure.option or ",".join(str(code) for code in measure.codes)


def indicator_fields(row: Indicator) -> Fields:
    """Everything the definition of an indicator says. Its measure and the measure's parts are
    there already or cost a query each."""
    return {
        **{name: getattr(row, name) for name in INDICATOR_FIELDS},
        "measure": row.measure.code,
        "statistic": row.measure.kind,
        "items": items_text(row.measure),
        "codes": codes_text(row.measure),
    }


def index_fields(row: CompositeIndex) -> Fields:
    """Everything the definition of an index says; its items in their order."""
    members = list(row.index_items.all())
    return {
        **{name: getattr(row, name) for name in INDEX_FIELDS},
        "instrument": row.instrument.code,
        "items": [member.item.name for member in members],
        "reversed_items": [member.item.name for member in members if member.is_reversed],
    }


def indicator_states(project: int) -> dict[int, Fields]:
    """The definitions as they stand now. One query."""
    rows = Indicator.objects.filter(project=project).order_by("pk")
    rows = rows.select_related("measure__index", "measure__item", "measure__second_item")
    return {row.pk: indicator_fields(row) for row in rows}


def index_states(project: int) -> dict[int, Fields]:
    """The same of the indices. Two queries."""
    rows = CompositeIndex.objects.filter(instrument__project=project).order_by("pk")
    rows = rows.select_related("instrument").prefetch_related("index_items__item")
    return {row.pk: index_fields(row) for row in rows}


@dataclass(frozen=True, slots=True)
class VersionRow:
    """One version; `before` and `after` hold the fields that differ from the one before it.

    `index` is the code of the index whose definition it is, "" for the indicator itself.
    """

    number: int
    index: str
    at: datetime
    by: str
    source: str
    reason: str
    before: Fields
    after: Fields
    is_first: bool


@dataclass(frozen=True, slots=True)
class HeldQuestions:
    """The questions of an index at an earlier moment, in their order."""

    names: tuple[str, ...]
    turned: frozenset[str]


def versions_of(indicator: Indicator) -> tuple[VersionRow, ...]:
    """Versions of an indicator and of the index it is computed from, newest first. One query."""
    wanted = Q(indicator=indicator)
    if indicator.measure.index_id is not None:
        wanted |= Q(index=indicator.measure.index_id)
    return _rows(wanted)


def versions_of_index(index: CompositeIndex) -> tuple[VersionRow, ...]:
    return _rows(Q(index=index))


def _rows(wanted: Q) -> tuple[VersionRow, ...]:
    found = DefinitionVersion.objects.filter(wanted).select_related("created_by", "index")
    by_definition: dict[int, list[DefinitionVersion]] = defaultdict(list)
    for row in found.order_by("number"):
        by_definition[row.index_id or 0].append(row)
    shown = [
        (row.created_at, row.pk, _row(row, rows[place - 1] if place else None))
        for rows in by_definition.values()
        for place, row in enumerate(rows)
    ]
    return tuple(one for _at, _pk, one in sorted(shown, key=lambda each: each[:2], reverse=True))


def _row(row: DefinitionVersion, earlier: DefinitionVersion | None) -> VersionRow:
    before, after = differing(earlier.fields, row.fields) if earlier else ({}, {})
    return VersionRow(
        number=row.number,
        index=row.index.code if row.index else "",
        at=row.created_at,
        by=str(row.created_by) if row.created_by else "",
        source=row.source,
        reason=row.reason,
        before=before,
        after=after,
        is_first=earlier is None,
    )


def differing(before: Fields, after: Fields) -> tuple[Fields, Fields]:
    """The fields in which two states of a definition differ, old and new."""
    names = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    return {name: before.get(name) for name in names}, {name: after.get(name) for name in names}


def with_versions(rows: QuerySet[Indicator], moment: datetime | None) -> QuerySet[Indicator]:
    """Indicators with `held_number` and `held_fields`: the version that held at a moment.

    What was there before the first change held always. Both are None where no version was kept.
    """
    held = DefinitionVersion.objects.filter(_held_at(moment), indicator=OuterRef("pk"))
    held = held.order_by("-number")
    return rows.annotate(
        held_number=Subquery(held.values("number")[:1]),
        held_fields=Subquery(held.values("fields")[:1]),
    )


def as_defined_then(rows: list[Indicator]) -> None:
    """Put indicators from `with_versions` back, in memory, to how they were defined at the moment.

    A calculation is read with the definitions it was made by: what is published stays as it is when
    a definition changes. One query when a measure is another one now, else none.
    """
    held: dict[int, Fields] = {row.pk: _held(row) for row in rows if _held(row)}
    codes = {
        held[row.pk]["measure"]
        for row in rows
        if row.pk in held and held[row.pk]["measure"] != row.measure.code
    }
    measures: dict[str, Measure] = {}
    if codes:
        found = Measure.objects.filter(project=rows[0].project_id, code__in=codes)
        parts = ("index__instrument", "item__instrument", "second_item__instrument")
        measures = {one.code: one for one in found.select_related(*parts)}
    for row in rows:
        fields = held.get(row.pk, {})
        for name in INDICATOR_FIELDS:
            if name in fields:
                setattr(row, name, fields[name])
        row.measure = measures.get(fields.get("measure", ""), row.measure)


def defined_at(rows: QuerySet[Indicator], moment: datetime | None) -> list[Indicator]:
    """Indicators as they were defined at a moment, in the order given. Two queries at most."""
    found = list(with_versions(rows, moment))
    as_defined_then(found)
    return found


def _held(row: Indicator) -> Fields:
    fields: Fields | None = getattr(row, "held_fields", None)
    return fields or {}


def as_defined_at(indicator: Indicator, moment: datetime | None) -> int:
    """The same for one indicator and the index it shows; the number of its version, 1 where none
    was kept. One query, three when it shows another index now."""
    index = indicator.measure.index
    wanted = Q(indicator=indicator)
    if index is not None:
        wanted |= Q(index=index)
    rows = list(DefinitionVersion.objects.filter(wanted, _held_at(moment)).order_by("number"))
    own = [row for row in rows if row.indicator_id is not None]
    indicator.held_fields = own[-1].fields if own else None  # type: ignore[attr-defined]
    as_defined_then([indicator])
    shown = indicator.measure.index
    if shown is not None and index is not None and shown.pk == index.pk:
        _put_back(shown, [row for row in rows if row.index_id is not None])
    elif shown is not None:
        indices_as_defined_then([shown], moment)
    return own[-1].number if own else 1


def indices_as_defined_then(indices: Sequence[CompositeIndex], moment: datetime | None) -> None:
    """Put indices back, in memory, to how they were defined at a moment. One query."""
    rows = DefinitionVersion.objects.filter(_held_at(moment), index__in=indices)
    found: dict[int | None, list[DefinitionVersion]] = defaultdict(list)
    for row in rows.order_by("number"):
        found[row.index_id].append(row)
    for index in indices:
        _put_back(index, found[index.pk])


def held_questions(index: CompositeIndex | None) -> HeldQuestions | None:
    """The questions of an index that was put back; None where they are those it has now."""
    fields: Fields | None = getattr(index, "held_fields", None)
    if fields is None or "items" not in fields:
        return None
    return HeldQuestions(tuple(fields["items"]), frozenset(fields["reversed_items"]))


def _put_back(index: CompositeIndex, versions: Sequence[DefinitionVersion]) -> None:
    """`versions`: those that held until the moment, oldest first."""
    if not versions:
        return
    fields = versions[-1].fields
    for name in INDEX_FIELDS:
        if name in fields:
            setattr(index, name, fields[name])
    index.held_fields = fields  # type: ignore[attr-defined]  # read by held_questions


def _held_at(moment: datetime | None) -> Q:
    """Versions up to a moment. What was there before the first change held always."""
    if moment is None:
        return Q()
    return Q(created_at__lte=moment) | Q(source=DefinitionSource.BEFORE)


def newest_numbers(project: Project) -> dict[tuple[str, int], int]:
    """The newest number of every definition that has versions, by its kind and key. One query."""
    rows = DefinitionVersion.objects.filter(project=project).order_by("number")
    return {
        ("indicator" if row[0] else "index", row[0] or row[1]): row[2]
        for row in rows.values_list("indicator", "index", "number")
    }
