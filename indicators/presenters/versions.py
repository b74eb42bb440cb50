"""Definitions in words: names of their fields, values, and what a version changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from indicators.presenters.numbers import DASH
from indicators.presenters.words import GROUP_WORDS
from indicators.vocabulary import (
    BaselinePolicy,
    DefinitionSource,
    Direction,
    Level,
    MeasureKind,
    Respondent,
)
from indicators.words import word

FIELD_WORDS = {
    "code": _("Code"),
    "name_ky": _("Name in Kyrgyz"),
    "name_ru": _("Name in Russian"),
    "name_en": _("Name in English"),
    "definition_ky": _("Definition in Kyrgyz"),
    "definition_ru": _("Definition in Russian"),
    "definition_en": _("Definition in English"),
    "level": _("Level of the results framework"),
    "respondent": _("Who answers, or where the numbers come from"),
    "instrument": _("Questionnaire"),
    "unit": _("Unit"),
    "direction": _("Which way is better"),
    "disaggregation": _("Broken down by"),
    "responsible_ky": _("Responsible, in Kyrgyz"),
    "responsible_ru": _("Responsible, in Russian"),
    "responsible_en": _("Responsible, in English"),
    "frequency": _("How often"),
    "baseline_policy": _("Where the baseline comes from"),
    "decimals": _("Decimals shown"),
    "margin": _("Smallest change that matters"),
    "is_headline": _("Headline indicator"),
    "is_descriptive": _("Only described: no verdict, no target"),
    "is_context": _("Context only: no verdict, no target"),
    "has_response_shift": _("A fall may mean higher demands on oneself"),
    "note": _("Note"),
    "statistic": _("Computed as"),
    "items": _("From which question or index"),
    "codes": _("Answers that count"),
    "positive_codes": _("Answers that count as positive"),
    "scale_min": _("Lower end of the scale"),
    "scale_max": _("Upper end of the scale"),
    "min_answered_share": _("Least share of questions answered"),
    "rescaled_min": _("Second scale: lower end"),
    "rescaled_max": _("Second scale: upper end"),
    "reversed_items": _("Questions counted the other way round"),
}
# Only one of a measure's names is worth reading.
NOT_SHOWN = frozenset({"measure"})
STATISTIC_WORDS = {
    "mean": _("mean of the answers"),
    "percent_positive": _("percent of questions answered positively"),
}
ENUMS = {
    "level": Level,
    "direction": Direction,
    "baseline_policy": BaselinePolicy,
    "statistic": MeasureKind,
}


@dataclass(frozen=True, slots=True)
class FieldChange:
    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class VersionView:
    """One version; `index` names the index it belongs to, "" for the indicator itself."""

    number: int
    index: str
    at: datetime
    by: str
    source: str
    reason: str
    changes: tuple[FieldChange, ...]
    is_first: bool


def version_views(rows: Any) -> list[VersionView]:
    return [
        VersionView(
            number=row.number,
            index=row.index,
            at=row.at,
            by=row.by or pgettext("audit", "the program"),
            source=str(word(DefinitionSource(row.source))),
            reason=row.reason,
            changes=field_changes(row.before, row.after),
            is_first=row.is_first,
        )
        for row in rows
    ]


def field_changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[FieldChange, ...]:
    """Field, old and new value where two states differ, in the order of the form."""
    order = list(FIELD_WORDS)
    names = {*before, *after} - NOT_SHOWN
    return tuple(
        FieldChange(
            str(FIELD_WORDS.get(name, name)),
            value_text(name, before.get(name)),
            value_text(name, after.get(name)),
        )
        for name in sorted(names, key=lambda one: order.index(one) if one in order else 99)
        if before.get(name) != after.get(name)
    )


def value_text(name: str, value: Any) -> str:
    """A stored value as a person reads it."""
    if value is None or value == "" or value == []:
        return DASH
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, list):
        return ", ".join(str(GROUP_WORDS.get(one, one)) for one in value)
    if value in STATISTIC_WORDS:
        return str(STATISTIC_WORDS[value])
    if name in ENUMS and value in set(ENUMS[name]):
        return str(word(ENUMS[name](value)))
    if name == "respondent":
        return respondents_text(value)
    return f"{value:g}" if isinstance(value, float) else str(value)


def respondents_text(value: str) -> str:
    parts = [part.strip() for part in value.split("+")]
    known = set(Respondent)
    return " + ".join(str(word(Respondent(part))) if part in known else part for part in parts)
