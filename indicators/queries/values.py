"""Odd answers of a questionnaire's file that a person decides on, and what was decided before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from indicators.models import DoubtfulValue, InstrumentVersion, ItemVersion, Upload, ValueMapping
from indicators.vocabulary import ItemKind

MAPPED = "value_mapped"  # kind of an answer that a decision reads
NO_ANSWER_MEANT = "undeclared_missing_code"  # kind of a number such as 99
MOST_VALUES = 50  # open ones shown at once, and as many decided ones


@dataclass(frozen=True, slots=True)
class AskedValue:
    """`meaning`: option, number or empty for no answer; None while nothing is decided.

    `suggestion` names the option it is read as, or may mean; empty: no answer; None: there is none.
    """

    value: str
    kind: str
    suggestion: str | None
    meaning: str | None
    n_rows: int


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """One question with its odd answers. `options`: name and wording; none for a number."""

    item: str
    file_name: str
    label: str
    options: tuple[tuple[str, str], ...]
    values: tuple[AskedValue, ...]


@dataclass(frozen=True, slots=True)
class AskedValues:
    questions: tuple[AskedQuestion, ...]
    n_open: int
    n_suggested: int  # open ones with a suggestion, also those not shown
    n_more: int


def saved_values(version: InstrumentVersion | None) -> dict[str, dict[str, str]]:
    """Item -> key of the answer -> option, number, or empty for no answer. One query."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    if version is not None:
        rows = ValueMapping.objects.filter(item__instrument_id=version.instrument_id)
        for row in rows.select_related("item", "option"):
            found[row.item.name][row.key] = row.meaning
    return dict(found)


def values_to_decide(upload: Upload) -> AskedValues:
    """Open answers by question, the most frequent first, then decided ones. Three queries."""
    rows = list(upload.doubtful_values.order_by("-n_rows", "id"))
    is_open = [row for row in rows if row.kind != MAPPED]
    shown = [*is_open[:MOST_VALUES], *[row for row in rows if row.kind == MAPPED][:MOST_VALUES]]
    return AskedValues(
        questions=tuple(_questions(upload, shown)),
        n_open=len(is_open),
        n_suggested=sum(suggestion_of(row) is not None for row in is_open),
        n_more=max(len(is_open) - MOST_VALUES, 0),
    )


def _questions(upload: Upload, shown: list[DoubtfulValue]) -> Iterable[AskedQuestion]:
    """In the order of their first answer."""
    by_item: dict[int, list[DoubtfulValue]] = defaultdict(list)
    for row in shown:
        by_item[row.item_id].append(row)
    if not by_item:
        return
    versions = ItemVersion.objects.filter(version_id=upload.version_id, item__in=by_item)
    rows = versions.select_related("item__scale").prefetch_related("item__scale__options")
    asked = {row.item_id: row for row in rows}
    for pk, values in by_item.items():
        scale = asked[pk].item.scale
        is_number = asked[pk].item.kind == ItemKind.NUMBER
        options = scale.options.all() if scale is not None and not is_number else ()
        yield AskedQuestion(
            item=asked[pk].item.name,
            file_name=asked[pk].name_in_version,
            label=asked[pk].label,
            options=tuple((option.name, option.label) for option in options),
            values=tuple(map(_value, values)),
        )


def suggestion_of(row: DoubtfulValue) -> str | None:
    """What the reader thinks an open answer means; empty: no answer; None when it does not know."""
    return "" if row.kind == NO_ANSWER_MEANT else row.suggestion or None


def _value(row: DoubtfulValue) -> AskedValue:
    is_decided = row.kind == MAPPED
    return AskedValue(
        value=row.value,
        kind=row.kind,
        suggestion=None if is_decided else suggestion_of(row),
        meaning=row.suggestion if is_decided else None,
        n_rows=row.n_rows,
    )
