"""The questions behind an indicator, and those its groups come from."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils import translation

from indicators.models import Item
from indicators.models.base import LANGUAGES
from indicators.queries.versions import HeldQuestions, held_questions
from indicators.results import Option

if TYPE_CHECKING:
    from indicators.models import Indicator

BY_SCHOOL = frozenset({"oblast", "settlement", "remoteness", "language"})
_STEMS = ("label", "instrument__name", "instrument__limits", "scale__options__label")


class Question:
    """One question behind a measure, with its options in the order of the form."""

    def __init__(self, name: str, label: str, is_reversed: bool) -> None:
        self.name, self.label, self.is_reversed = name, label, is_reversed
        self.options: list[Option] = []


class Questions:
    """The questions behind a measure with their options, and those its groups come from.

    One query: items, instrument, options and reversal in flat rows.
    """

    def __init__(self, indicator: Indicator) -> None:
        measure = indicator.measure
        single = {pk for pk in (measure.item_id, measure.second_item_id) if pk}
        self.asked: dict[int, Question] = {}
        self.group_labels: dict[tuple[str, str], str] = {}
        self.instruments: dict[str, str] = {}  # names by code
        limits = {}
        groups = [name for name in indicator.disaggregation if name not in BY_SCHOOL | {"school"}]
        for row in self._rows(indicator, single, groups):
            part = row["name"].partition("_")[2]
            is_asked = row["pk"] in single or row["in_index"]
            if is_asked:
                code = row["instrument__code"]
                self.instruments[code] = _text(row, "instrument__name") or code
                limits[code] = _text(row, "instrument__limits")
                self._add_option(row)
            elif part in groups and row["scale__options__name"]:
                key = (part, row["scale__options__name"])
                self.group_labels[key] = _text(row, "scale__options__label")
        self.ids = list(self.asked)
        self.limits = tuple(text for text in limits.values() if text)

    def _rows(
        self, indicator: Indicator, single: set[int], groups: list[str]
    ) -> Iterable[dict[str, Any]]:
        index, held = indicator.measure.index, held_questions(indicator.measure.index)
        if index is None:
            in_index = Q(pk__in=[])
        elif held is None:
            in_index = Q(index_items__index=index)
        else:
            in_index = Q(name__in=held.names, instrument=index.instrument_id)
        background = Q(pk__in=[])
        for name in groups:
            background |= Q(name__endswith=f"_{name}")
        background &= Q(instrument__respondent__in=indicator.respondent.split("+"))
        rows = (
            Item.objects.filter(instrument__project=indicator.project_id)
            .filter(in_index | Q(pk__in=single) | background)
            .order_by("index_items__position", "position", "scale__options__position")
            .values(
                "pk",
                "name",
                "instrument_id",
                "instrument__code",
                "index_items__index_id",
                "index_items__is_reversed",
                "scale__options__name",
                "scale__options__code",
                "scale__options__is_substantive",
                *(f"{stem}_{code}" for stem in _STEMS for code in LANGUAGES),
            )
        )
        if index is not None and held is not None:
            return _as_held(rows, index.instrument_id, held)
        return [{**row, **_member(row, index.pk if index else None)} for row in rows]

    def _add_option(self, row: dict[str, Any]) -> None:
        question = self.asked.setdefault(
            row["pk"],
            Question(
                row["name"],
                _text(row, "label"),
                row["is_turned"],
            ),
        )
        option = row["scale__options__code"]
        if option is not None and all(known.code != option for known in question.options):
            question.options.append(
                Option(
                    option,
                    _text(row, "scale__options__label"),
                    row["scale__options__is_substantive"],
                    row["scale__options__name"],
                )
            )


def _member(row: dict[str, Any], index: int | None) -> dict[str, bool]:
    """Whether the question is in the index, and turned round there."""
    is_in = index is not None and row["index_items__index_id"] == index
    return {"in_index": is_in, "is_turned": bool(is_in and row["index_items__is_reversed"])}


def _as_held(
    rows: Iterable[dict[str, Any]], instrument: int, held: HeldQuestions
) -> list[dict[str, Any]]:
    """The rows in the order in which the questions stood in the index at an earlier moment."""
    place = {name: number for number, name in enumerate(held.names)}
    found = []
    for row in rows:
        is_in = row["instrument_id"] == instrument and row["name"] in place
        found.append({**row, "in_index": is_in, "is_turned": is_in and row["name"] in held.turned})
    return sorted(found, key=lambda row: place.get(row["name"], -1) if row["in_index"] else -1)


def _text(row: dict[str, Any], stem: str) -> str:
    wanted = (translation.get_language() or "ky")[:2]
    texts = (row.get(f"{stem}_{code}") for code in (wanted, *LANGUAGES))
    return next((text for text in texts if text), "")
