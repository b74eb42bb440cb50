"""What was counted in one wave, written short for the tables of assessment.

`A:3` is school A with 3, `?` unknown; after `|` the schools that have a plan. A value typed by hand
is the text of a file and goes through the reader of files.
"""

from __future__ import annotations

from indicators.pipeline.inputs import (
    ActivityRecord,
    DeskRecord,
    ManualRecord,
    PlanRecord,
    WaveFacts,
)
from indicators.vocabulary import MeasureKind
from tests.pipeline.import_cases import check_text


def facts_of(kind: str, text: str) -> WaveFacts:
    if kind == MeasureKind.MANUAL:
        return WaveFacts(manual=_typed(text))
    words, _, plans = text.partition("|")
    pairs = [(one.partition(":")[0], one.partition(":")[2]) for one in words.split()]
    if kind in (MeasureKind.LOG_COUNT, MeasureKind.LOG_SUM_TEACHERS):
        return WaveFacts(
            activities=tuple(ActivityRecord(s, "visit", _whole(value)) for s, value in pairs),
            plans=tuple(PlanRecord(school, None, None) for school in plans.split()),
        )
    if kind == MeasureKind.LOG_SUM:
        return WaveFacts(plans=tuple(PlanRecord(s, _whole(value), None) for s, value in pairs))
    if kind == MeasureKind.LOG_SHARE:
        signed = {"yes": True, "no": False, "?": None}
        return WaveFacts(plans=tuple(PlanRecord(s, None, signed[value]) for s, value in pairs))
    return _desk(kind, pairs)


def _desk(kind: str, pairs: list[tuple[str, str]]) -> WaveFacts:
    records, enrolment = [], {}
    for school, value in pairs:
        if kind == MeasureKind.DESK_RATE:
            takers, _, students = value.partition("/")
            records.append(_desk_record(school, "takers", takers))
            if students != "?":
                enrolment[school] = int(students)
        else:
            mean, _, takers = value.partition("x")
            records += [
                _desk_record(school, "mean", mean),
                _desk_record(school, "takers", takers),
            ]
    return WaveFacts(desk=tuple(records), enrolment=enrolment)


def _desk_record(school: str, name: str, value: str) -> DeskRecord:
    known = None if value == "?" else float(value)
    return DeskRecord(school, "desk", "2027", "", name, known)


def _whole(text: str) -> int | None:
    return int(text) if text not in ("", "?") else None


def _typed(text: str) -> tuple[ManualRecord, ...]:
    """The value as the reader of files finds it in the text of a file."""
    file = f'indicator;value;document\nD02;"{text}";act\n'
    rows = check_text(file, "manual", "W1").records
    return tuple(
        ManualRecord("D02", row.values["value"], row.values["numerator"], row.values["denominator"])
        for row in rows
    )
