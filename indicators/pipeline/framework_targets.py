"""Sheet `targets`: what an indicator should reach, for the project or for one school.

In files, shares are percent; here and in the database they are 0-1.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from indicators.pipeline.framework_cells import Sheet, SheetRow, as_number, nearest
from indicators.pipeline.framework_shapes import (
    SELECTION,
    Catalogue,
    IndicatorDefinition,
    MeasureDefinition,
    TargetDefinition,
)
from indicators.vocabulary import (
    GAP_MEASURES,
    Direction,
    MeasureKind,
    Respondent,
    Selection,
    TargetType,
    is_percent_unit,
)

TARGET_COLUMNS = (
    "indicator", "scope", "school_code", "wave", "target_type", "target_value", "note",
)  # fmt: skip
# `absolute` and a change take their side from the indicator's direction; the two changes that name
# their side may go against it, as a target typed on the site may.
ABSOLUTE = "absolute"
CHANGES = CHANGE_AT_LEAST, CHANGE_AT_MOST = "change_at_least", "change_at_most"
TYPES: Mapping[str, str] = {
    ABSOLUTE: ABSOLUTE,
    CHANGE_AT_LEAST: CHANGE_AT_LEAST,
    CHANGE_AT_MOST: CHANGE_AT_MOST,
    "absolute_max": TargetType.AT_MOST,
    "absolute_min": TargetType.AT_LEAST,
    **{kind.value: kind.value for kind in TargetType},
}
SIDES: Mapping[Direction, TargetType] = {
    Direction.INCREASE: TargetType.AT_LEAST,
    Direction.DECREASE: TargetType.AT_MOST,
}
_RANGE = re.compile(r"\s*([+-]?[\d.,]+)\s*(?:\.\.|–|…)\s*([+-]?[\d.,]+)\s*")

Limits = tuple[float | None, float | None]


@dataclass(frozen=True, slots=True)
class TargetFacts:
    """What a target needs to know of its indicator; `low` and `high` are its possible values."""

    code: str
    direction: Direction
    is_descriptive: bool
    is_context: bool
    is_percent: bool
    is_self_selected: bool
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class TargetContext:
    indicators: Mapping[str, TargetFacts]
    schools: Collection[str]
    waves: Collection[str]


def facts_of(indicator: IndicatorDefinition, catalogue: Catalogue) -> TargetFacts:
    low, high = possible_values(indicator.measure, indicator.unit, catalogue)
    return TargetFacts(
        code=indicator.code,
        direction=indicator.direction,
        is_descriptive=indicator.is_descriptive,
        is_context=indicator.is_context,
        is_percent=is_percent_unit(indicator.unit),
        is_self_selected=is_self_selected(indicator.respondent),
        low=low,
        high=high,
    )


def possible_values(measure: MeasureDefinition, unit: str, catalogue: Catalogue) -> Limits:
    """The ends of the scale, where there is one."""
    if is_percent_unit(unit):
        return (-1.0 if measure.kind in GAP_MEASURES else 0.0), 1.0
    if measure.kind is MeasureKind.INDEX_MEAN and measure.index in catalogue.indices:
        index = catalogue.indices[measure.index]
        return index.scale_min, index.scale_max
    if measure.kind is MeasureKind.ITEM_MEAN and measure.item is not None:
        return catalogue.scale_of(catalogue.items[measure.item]).scored_range
    if measure.kind is MeasureKind.NPS:
        return -100.0, 100.0
    return (None, None) if measure.kind in GAP_MEASURES else (0.0, None)


def is_self_selected(respondent: str) -> bool:
    """Whether people behind the indicator ("student+teacher") chose themselves to answer."""
    return any(
        SELECTION.get(Respondent(part.strip())) is Selection.SELF_SELECTED
        for part in respondent.split("+")
        if part.strip() in set(Respondent)
    )


def read_targets(sheet: Sheet, context: TargetContext) -> tuple[TargetDefinition, ...]:
    found: list[TargetDefinition] = []
    seen: dict[tuple[str, str, str], int] = {}
    for row in sheet.rows:
        target = clean_target(row, context)
        if target is None:
            continue
        key = (target.indicator, target.school, target.wave)
        if key in seen:
            row.report("repeated", "indicator", first_row=str(seen[key]))
            continue
        seen[key] = row.number
        found.append(target)
    return tuple(found)


def clean_target(row: SheetRow, context: TargetContext) -> TargetDefinition | None:
    facts = _indicator(row, context)
    school = _school(row, context)
    wave = _known(row, "wave", context.waves, "wave_unknown")
    kind = row.one_of("target_type", TYPES)
    if facts is None or kind is None or not wave or school is None:
        return None
    allowed = _kind(row, kind, facts)
    if allowed is None:
        return None
    limits = _limits(row, allowed, facts)
    if limits is None:
        return None
    type = TargetType.CHANGE if allowed in CHANGES else TargetType(allowed)
    return TargetDefinition(facts.code, school, wave, type, limits[0], limits[1], row.text("note"))


def _known(row: SheetRow, column: str, known: Collection[str], kind: str) -> str:
    text = row.text(column, required=True)
    if text and text not in known:
        row.report(kind, column, suggestion=nearest(text, known))
        return ""
    return text


def _indicator(row: SheetRow, context: TargetContext) -> TargetFacts | None:
    """The indicator, if it may have a target at all."""
    code = _known(row, "indicator", context.indicators, "indicator_unknown")
    facts = context.indicators.get(code)
    if facts is None:
        return None
    kind = why_no_target(facts)
    if kind is not None:
        row.report(kind, "indicator")
        return None
    return facts


def why_no_target(facts: TargetFacts) -> str | None:
    """The kind of problem a target of this indicator would be; None where it may have one."""
    reasons = {
        "target_of_self_selected": facts.is_self_selected,
        "target_of_descriptive": facts.is_descriptive,
        "target_of_context": facts.is_context,
        "target_without_direction": facts.direction is Direction.NONE,
    }
    return next((kind for kind, applies in reasons.items() if applies), None)


def is_outside_scale(target: TargetDefinition, facts: TargetFacts) -> bool:
    """Whether a limit lies where no value can be. Such a target needs `confirmed` in its row."""
    low, high = facts.low, facts.high
    limits = [limit for limit in (target.low, target.high) if limit is not None]
    if target.type is TargetType.CHANGE:
        is_whole = low is not None and high is not None
        return is_whole and any(abs(limit) > high - low for limit in limits)  # type: ignore[operator]
    return any(
        (low is not None and limit < low) or (high is not None and limit > high) for limit in limits
    )


def _school(row: SheetRow, context: TargetContext) -> str | None:
    """The school's code, empty for the project, None when that cannot be told."""
    scope = row.one_of("scope", {"project": "project", "school": "school"})
    code = row.text("school_code")
    if scope == "project" and code:
        row.report("school_beside_project", "school_code")
        return None
    if scope == "school":
        return _known(row, "school_code", context.schools, "school_unknown") or None
    return "" if scope else None


def _kind(row: SheetRow, kind: str, facts: TargetFacts) -> str | None:
    """`absolute` and a change need a direction; other types say themselves what they mean."""
    if kind in (ABSOLUTE, TargetType.CHANGE) and facts.direction not in SIDES:
        row.report("target_needs_direction", "target_type", direction=str(facts.direction))
        return None
    return SIDES[facts.direction] if kind == ABSOLUTE else kind


def _limits(row: SheetRow, kind: str, facts: TargetFacts) -> Limits | None:
    if kind == TargetType.RANGE:
        return _range(row, facts)
    value = row.number_in("target_value", required=True)
    if value is None:
        return None
    value = _scaled(value, facts)
    if kind == TargetType.CHANGE:
        rises = facts.direction is Direction.INCREASE
        if value == 0 or (value > 0) is not rises:
            row.report("change_against_direction", "target_value", direction=str(facts.direction))
            return None
        kind = CHANGE_AT_LEAST if rises else CHANGE_AT_MOST
    is_change = kind in CHANGES
    if not (_fits_change if is_change else _fits)(row, value, facts):
        return None
    return (value, None) if kind in (TargetType.AT_LEAST, CHANGE_AT_LEAST) else (None, value)


def _range(row: SheetRow, facts: TargetFacts) -> Limits | None:
    """ "-0.10..0.10" """
    match = _RANGE.fullmatch(row.text("target_value", required=True))
    ends = [as_number(part) for part in match.groups()] if match else [None, None]
    if ends[0] is None or ends[1] is None:
        row.report("range_unreadable", "target_value", suggestion="-0.10..0.10")
        return None
    low, high = (_scaled(end, facts) for end in (ends[0], ends[1]))
    if low > high:
        row.report("range_not_ordered", "target_value", other=f"{ends[0]:g}")
        return None
    return (low, high) if _fits(row, low, facts) and _fits(row, high, facts) else None


def _scaled(value: float, facts: TargetFacts) -> float:
    """Percent to share; rounded, because 7 / 100 must be the same number on every way in."""
    return round(value / 100, 10) if facts.is_percent else value


def _is_confirmed(row: SheetRow) -> bool:
    """A person has said, with a reason in `note`, that a value outside the scale is meant."""
    return row.yes("confirmed") and bool(row.text("note", required=True))


def _fits_change(row: SheetRow, value: float, facts: TargetFacts) -> bool:
    low, high = facts.low, facts.high
    is_too_large = low is not None and high is not None and abs(value) > high - low
    if is_too_large and not _is_confirmed(row):
        row.report("change_too_large", "target_value")
        return False
    return True


def _fits(row: SheetRow, value: float, facts: TargetFacts) -> bool:
    low, high = facts.low, facts.high
    if _is_confirmed(row):
        return True
    if (low is not None and value < low) or (high is not None and value > high):
        factor = 100 if facts.is_percent else 1
        row.report(
            "target_outside_scale",
            "target_value",
            low="" if low is None else f"{low * factor:g}",
            high="" if high is None else f"{high * factor:g}",
        )
        return False
    return True
