"""Indicators and composite indices, written on a page.

What is typed is cleaned by the rules of the project's own files, so a page and a workbook take and
refuse the same. Every change needs a reason, is audited with old and new values, and leaves a
version.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from django.db import transaction
from django.db.models import Max

from indicators.actions import load_rows
from indicators.actions.audit import record
from indicators.actions.projects import StaleRow
from indicators.actions.table_rows import RowRefused, Tables
from indicators.actions.targets import why_no_target
from indicators.actions.versions import versioned
from indicators.models import (
    CompositeIndex,
    IndexItem,
    Indicator,
    Instrument,
    Item,
    Project,
    Target,
    User,
)
from indicators.pipeline.framework_cells import Problems, Sheet, SheetRow
from indicators.pipeline.framework_indices import INDEX_COLUMNS, read_indices
from indicators.pipeline.framework_shapes import IndexDefinition
from indicators.queries.versions import (
    Fields,
    codes_text,
    differing,
    index_fields,
    indicator_fields,
    items_text,
)
from indicators.vocabulary import DefinitionSource, Severity

MEASURE_PARTS = ("measure__index", "measure__item", "measure__second_item")
MEASURE_COLUMNS = ("statistic", "items", "codes")


class DefinitionRefusal(StrEnum):
    """Why a definition cannot be saved as it is typed."""

    NO_REASON = "no_reason"
    CODE_TAKEN = "code_taken"
    HAS_TARGETS = "has_targets"  # it would allow none, and has some
    RESCALED = "rescaled"  # one end of the second scale is missing, or they are not in order


class DefinitionRefused(Exception):
    def __init__(self, reason: DefinitionRefusal) -> None:
        super().__init__(reason.value)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class IndicatorTyped:
    """`cells` by the columns of the sheet `indicators`, apart from the code when it is fixed."""

    cells: Mapping[str, Any]
    has_response_shift: bool
    reason: str


@dataclass(frozen=True, slots=True)
class IndexTyped:
    """`cells` by the columns of the sheet `indices`; the second scale as its two ends."""

    cells: Mapping[str, Any]
    rescaled: tuple[float | None, float | None]
    reason: str


@transaction.atomic
def change_indicator(
    *, indicator: Indicator, typed: IndicatorTyped, revision: int, by: User | None
) -> bool:
    """Store what was typed over the revision that was read. False: nothing changed.

    Raises RowRefused (what is wrong, by column), DefinitionRefused, or StaleRow when somebody else
    changed the indicator meanwhile.
    """
    project = indicator.project
    stored = _locked(indicator)
    if stored.revision != revision:
        raise StaleRow(stored)
    before = indicator_fields(stored)
    values = _indicator_values(project, typed, code=stored.code, stored=stored)
    _demand_reason(typed.reason)
    with versioned(project=project, by=by, source=DefinitionSource.PAGE, reason=typed.reason):
        for name, value in values.items():
            setattr(stored, name, value)
        old, new = differing(before, indicator_fields(stored))
        if not new:
            return False
        _demand_no_targets(stored)
        stored.revision, stored.updated_by = stored.revision + 1, by
        stored.save()
        _record("indicator.changed", stored, project, by, old, new, typed.reason)
    return True


@transaction.atomic
def create_indicator(*, project: Project, typed: IndicatorTyped, by: User | None) -> Indicator:
    """A new indicator at the end of the register. Raises RowRefused or DefinitionRefused."""
    code = str(typed.cells.get("code") or "").strip()
    rows = Indicator.objects.filter(project=project)
    values = _indicator_values(project, typed, code=code)
    if rows.filter(code__iexact=code).exists():
        raise DefinitionRefused(DefinitionRefusal.CODE_TAKEN)
    _demand_reason(typed.reason)
    with versioned(project=project, by=by, source=DefinitionSource.PAGE, reason=typed.reason):
        last = rows.aggregate(last=Max("position"))["last"]
        made = Indicator.objects.create(
            **values, project=project, position=(last or 0) + 1, updated_by=by
        )
        after = indicator_fields(made)
        _record("indicator.created", made, project, by, {}, after, typed.reason)
    return made


@transaction.atomic
def change_index(
    *, index: CompositeIndex, typed: IndexTyped, revision: int, by: User | None
) -> bool:
    """The same for an index and its questions. False: nothing changed."""
    project = index.instrument.project
    CompositeIndex.objects.select_for_update().get(pk=index.pk)
    stored = stored_index(index.pk)
    if stored.revision != revision:
        raise StaleRow(stored)
    before = index_fields(stored)
    fixed = {"code": stored.code, "instrument": stored.instrument.code}
    found = _index_definition(project, {**typed.cells, **fixed}, typed.rescaled)
    _demand_reason(typed.reason)
    with versioned(project=project, by=by, source=DefinitionSource.PAGE, reason=typed.reason):
        _write_index(stored, found)
        old, new = differing(before, index_fields(stored_index(stored.pk)))
        if not new:
            return False
        stored.revision, stored.updated_by = stored.revision + 1, by
        stored.save()
        _record("compositeindex.changed", stored, project, by, old, new, typed.reason)
    return True


@transaction.atomic
def create_index(*, instrument: Instrument, typed: IndexTyped, by: User | None) -> CompositeIndex:
    """A new index of a questionnaire. Raises RowRefused or DefinitionRefused."""
    project = instrument.project
    found = _index_definition(
        project, {**typed.cells, "instrument": instrument.code}, typed.rescaled
    )
    if CompositeIndex.objects.filter(instrument__project=project, code__iexact=found.code).exists():
        raise DefinitionRefused(DefinitionRefusal.CODE_TAKEN)
    _demand_reason(typed.reason)
    with versioned(project=project, by=by, source=DefinitionSource.PAGE, reason=typed.reason):
        last = instrument.indices.aggregate(last=Max("position"))["last"]
        made = CompositeIndex(instrument=instrument, position=(last or 0) + 1, updated_by=by)
        _write_index(made, found)
        after = index_fields(stored_index(made.pk))
        _record("compositeindex.created", made, project, by, {}, after, typed.reason)
    return made


def save_indicator(
    *,
    project: Project,
    indicator: Indicator | None,
    typed: IndicatorTyped,
    revision: int | None,
    by: User | None,
) -> Indicator:
    """An indicator changed, or (None) made; as it is stored then."""
    if indicator is None:
        return create_indicator(project=project, typed=typed, by=by)
    change_indicator(indicator=indicator, typed=typed, revision=revision or 0, by=by)
    return Indicator.objects.select_related(*MEASURE_PARTS).get(pk=indicator.pk)


def save_index(
    *,
    instrument: Instrument,
    index: CompositeIndex | None,
    typed: IndexTyped,
    revision: int | None,
    by: User | None,
) -> CompositeIndex:
    """The same for an index of a questionnaire."""
    if index is None:
        return create_index(instrument=instrument, typed=typed, by=by)
    change_index(index=index, typed=typed, revision=revision or 0, by=by)
    return index


def _locked(indicator: Indicator) -> Indicator:
    Indicator.objects.select_for_update().get(pk=indicator.pk)
    return Indicator.objects.select_related("project", *MEASURE_PARTS).get(pk=indicator.pk)


def stored_index(pk: int) -> CompositeIndex:
    """An index with its questions, fresh from the database. Two queries."""
    rows = CompositeIndex.objects.select_related("instrument__project")
    return rows.prefetch_related("index_items__item").get(pk=pk)


def _indicator_values(
    project: Project, typed: IndicatorTyped, *, code: str, stored: Indicator | None = None
) -> dict[str, Any]:
    """Cleaned values. The measure stays the stored one where nothing of it was typed anew."""
    cells = {**typed.cells, "code": code}
    values = Tables(project).indicator(cells, 1)
    values["has_response_shift"] = typed.has_response_shift
    if stored is not None:
        is_same = _measure_cells(stored) == tuple(
            str(cells.get(name) or "").strip() for name in MEASURE_COLUMNS
        )
        if is_same:
            values["measure"] = stored.measure
    return values


def _measure_cells(row: Indicator) -> tuple[str, ...]:
    return row.measure.kind, items_text(row.measure), codes_text(row.measure)


def _demand_reason(reason: str) -> None:
    if not reason.strip():
        raise DefinitionRefused(DefinitionRefusal.NO_REASON)


def _demand_no_targets(row: Indicator) -> None:
    """An indicator that may have no target keeps none that would be judged all the same."""
    if why_no_target(row) and Target.objects.filter(indicator=row).exists():
        raise DefinitionRefused(DefinitionRefusal.HAS_TARGETS)


def _record(
    kind: str,
    row: Any,
    project: Project,
    by: User | None,
    before: Fields,
    after: Fields,
    reason: str,
) -> None:
    record(kind, row, by=by, project=project, before=before, after=after, reason=reason.strip())


def _index_definition(
    project: Project, cells: Mapping[str, Any], rescaled: tuple[float | None, float | None]
) -> IndexDefinition:
    """One row of the sheet `indices`, cleaned; RowRefused when something is wrong in it."""
    low, high = rescaled
    if (low is None) != (high is None) or (low is not None and high is not None and low >= high):
        raise DefinitionRefused(DefinitionRefusal.RESCALED)
    instruments = list(Instrument.objects.filter(project=project))
    limits = {
        row.code: (row.limits_ky, row.limits_ru, row.limits_en)
        for row in instruments
        if not row.allows_index
    }
    row = SheetRow("", 1, {**cells, "allowed": "yes"}, Problems(""))
    sheet = Sheet("", "", INDEX_COLUMNS, (row,))
    codes = [one.code for one in instruments]
    row.text("code", required=True)
    found = read_indices(sheet, Tables(project).catalogue, codes, limits)
    blocking = [one for one in row.problems.found if one.severity is Severity.BLOCK]
    if blocking or not found:
        raise RowRefused(blocking)
    pair = None if low is None or high is None else (low, high)
    return replace(found[0], rescaled=pair)


def _write_index(row: CompositeIndex, found: IndexDefinition) -> None:
    values = load_rows.index(found)
    del values["position"]  # the order is the register's own
    for name, value in values.items():
        setattr(row, name, value)
    row.save()
    _write_items(row, found.items, found.reversed_items)


def _write_items(row: CompositeIndex, names: Sequence[str], turned: frozenset[str]) -> None:
    """The questions of the index, in this order. What is taken out is only the link."""
    items = {
        item.name: item for item in Item.objects.filter(instrument=row.instrument, name__in=names)
    }
    stored = {one.item.name: one for one in row.index_items.select_related("item")}
    for name in stored.keys() - set(names):
        stored[name].delete()
    for position, name in enumerate(names):
        link = stored.get(name) or IndexItem(index=row, item=items[name])
        wanted = (name in turned, position)
        if link.pk and (link.is_reversed, link.position) == wanted:
            continue
        link.is_reversed, link.position = wanted
        link.save()
