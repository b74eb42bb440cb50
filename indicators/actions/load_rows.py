"""Definitions as the columns of the models, one function per model. No database here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from indicators.pipeline.framework_shapes import (
    FormDefinition,
    IndexDefinition,
    IndicatorDefinition,
    InstrumentDefinition,
    ItemDefinition,
    ItemVersionDefinition,
    SchoolDefinition,
    TargetDefinition,
    WaveDefinition,
)
from indicators.pipeline.shapes import Labels, OptionSpec
from indicators.pipeline.wording import QuestionAsked

Row = dict[str, Any]


def places(wanted: Sequence[str], stored: Mapping[str, int]) -> dict[str, int]:
    """A place for every code. Rows that stand in this order already keep theirs and new ones come
    after all others; another order is numbered anew. `stored`: places of the stored rows, in order.
    """
    known = [code for code in wanted if code in stored]
    in_order = [code for code in stored if code in set(known)]
    new = wanted[len(known) :]
    if known != in_order or any(code in stored for code in new):
        return {code: place for place, code in enumerate(wanted)}
    first = max(stored.values(), default=-1) + 1
    return {code: stored[code] for code in known} | {
        code: first + place for place, code in enumerate(new)
    }


def labelled(stem: str, labels: Labels) -> Row:
    return dict(zip((f"{stem}_ky", f"{stem}_ru", f"{stem}_en"), labels, strict=True))


def school(one: SchoolDefinition) -> Row:
    return {
        "code": one.code,
        **labelled("name", one.names),
        "role": one.role.value,
        "oblast": one.oblast,
        "district_ky": one.district_ky,
        "district_ru": one.district_ru,
        "settlement": one.settlement,
        "remoteness": one.remoteness,
        "distance_km": one.distance_km,
        "languages": one.languages,
        "stratum": one.stratum,
        **one.counts,
    }


def option(one: OptionSpec, position: int, note: str) -> Row:
    return {
        "name": one.name,
        "code": one.code,
        **labelled("label", one.labels),
        "is_substantive": one.is_substantive,
        "position": position,
        "note": note,
    }


def instrument(one: InstrumentDefinition) -> Row:
    return {
        "code": one.code,
        **labelled("name", one.names),
        "respondent": one.respondent.value,
        "is_anonymous": one.is_anonymous,
        "allows_index": one.allows_index,
        **labelled("limits", one.limits),
        "position": one.position,
    }


def version(one: FormDefinition) -> Row:
    return {
        "version": one.version,
        "title": one.title[:300],
        "source_name": one.file,
        "source_sha256": one.sha256,
    }


def item(one: ItemDefinition) -> Row:
    return {
        "name": one.name,
        "kind": one.kind.value,
        **labelled("label", one.labels),
        "horizon": one.horizon,
        "is_opinion": one.is_opinion,
        "max_selected": one.max_selected,
        "exclusive_option": one.exclusive_option,
        "position": one.position,
    }


def item_version(one: ItemVersionDefinition) -> Row:
    return {
        "name_in_version": one.name_in_version,
        **labelled("label", one.asked.labels),
        "is_required": one.is_required,
        "position": one.position,
        "note": one.note,
        "relevant": one.asked.rule,
        "asked": asked_values(one.asked),
    }


def asked_values(one: QuestionAsked) -> Row:
    """How the form asks it, apart from the wording and the rule; `queries.wording` reads it."""
    return {
        "kind": one.kind,
        "block": one.block,
        "limits": one.limits,
        "max_selected": one.max_selected,
        "exclusive_option": one.exclusive_option,
        "options": [
            {"name": option.name, "code": option.code, "labels": list(option.labels)}
            for option in one.options or ()
        ],
    }


def wave(one: WaveDefinition) -> Row:
    """Without the state: that belongs to the officers, not to the files."""
    return {
        "code": one.code,
        "kind": one.kind.value,
        **labelled("name", one.names),
        "field_start": one.field_start,
        "field_end": one.field_end,
        "school_year": one.school_year,
        "note": one.note,
        "position": one.position,
    }


def index(one: IndexDefinition) -> Row:
    low, high = one.rescaled or (None, None)
    return {
        "code": one.code,
        **labelled("name", one.names),
        "statistic": one.statistic,
        "positive_codes": list(one.positive_codes),
        "scale_min": one.scale_min,
        "scale_max": one.scale_max,
        "min_answered_share": one.min_answered_share,
        "rescaled_min": low,
        "rescaled_max": high,
        "note": one.note,
        "position": one.position,
    }


def indicator(one: IndicatorDefinition) -> Row:
    return {
        "code": one.code,
        **labelled("name", one.names),
        "position": one.position,
        "is_headline": one.is_headline,
        "is_descriptive": one.is_descriptive,
        "is_context": one.is_context,
        **labelled("definition", one.definitions),
        "level": one.level.value,
        "respondent": one.respondent,
        "unit": one.unit,
        "direction": one.direction.value,
        "disaggregation": list(one.disaggregation),
        **labelled("responsible", one.responsible),
        "frequency": one.frequency,
        "baseline_policy": one.baseline_policy.value,
        "decimals": one.decimals,
        "has_response_shift": one.has_response_shift,
        "margin": one.margin,
        "note": one.note,
    }


def target(one: TargetDefinition) -> Row:
    return {
        "type": one.type.value,
        "low": one.low,
        "high": one.high,
        "rationale": one.rationale,
    }
