"""The register of indicators as a table, with the columns of the framework's sheet."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.db.models import Max

from indicators.actions.table_rows import Tables
from indicators.models import Indicator
from indicators.queries.versions import codes_text, items_text
from indicators.resources.base import Cell, TableResource


def _yes(name: str) -> Cell:
    return lambda indicator: "yes" if getattr(indicator, name) else "no"


def _text(name: str) -> Cell:
    def cell(indicator: Indicator) -> object:
        value = getattr(indicator, name)
        return "" if value is None else value

    return cell


def _items(indicator: Indicator) -> str:
    """What the column `items` says of a measure; a manual value needs none."""
    return items_text(indicator.measure)


def _codes(indicator: Indicator) -> str:
    return codes_text(indicator.measure)


def _groups(indicator: Indicator) -> str:
    return ";".join(indicator.disaggregation)


def _measure_kind(indicator: Indicator) -> str:
    return indicator.measure.kind


LABELS = ("name", "definition", "responsible")
IN_LANGUAGES: dict[str, Callable[[Any], object]] = {
    f"{stem}_{language}": _text(f"{stem}_{language}")
    for stem in LABELS
    for language in ("ky", "ru", "en")
}


class IndicatorResource(TableResource):
    columns = {
        "code": _text("code"),
        **IN_LANGUAGES,
        "level": _text("level"),
        "instrument": _text("respondent"),
        "items": _items,
        "statistic": _measure_kind,
        "codes": _codes,
        "unit": _text("unit"),
        "direction": _text("direction"),
        "disaggregation": _groups,
        "frequency": _text("frequency"),
        "baseline_policy": _text("baseline_policy"),
        "decimals": _text("decimals"),
        "descriptive_only": _yes("is_descriptive"),
        "context_only": _yes("is_context"),
        "margin": _text("margin"),
        "note": _text("note"),
        "headline": _yes("is_headline"),
    }
    # The framework's own sheet names the person in charge by a code and has no Russian definition.
    optional = TableResource.optional | {
        "definition_ru", "responsible_ru", "responsible_en", "margin"
    }  # fmt: skip

    class Meta(TableResource.Meta):
        model = Indicator
        name = "indicators"

    def project_code(self, instance: Indicator) -> str:
        return instance.project.code

    def get_queryset(self) -> Any:
        rows = super().get_queryset()
        return rows.select_related(
            "project", "measure__index", "measure__item", "measure__second_item"
        )

    def clean(self, tables: Tables, row: Mapping[str, Any], number: int) -> dict[str, Any]:
        return tables.indicator(row, number)

    def key(self, values: Mapping[str, Any]) -> tuple[object, ...]:
        return (values["code"],)

    def find(self, tables: Tables, values: Mapping[str, Any]) -> Indicator | None:
        return tables.indicators.get(values["code"])

    def fixed(self, tables: Tables) -> dict[str, Any]:
        last = Indicator.objects.filter(project=tables.project).aggregate(last=Max("position"))
        return {"project": tables.project, "position": (last["last"] or 0) + 1}
