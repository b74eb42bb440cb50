"""Schools that a wave lacks: without any answers, or without the director's checklist."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from indicators.models import School
from indicators.results import Absence, Missing, SchoolRef, WaveHead, WavePair
from indicators.vocabulary import Respondent, SchoolEventKind, SchoolRole

if TYPE_CHECKING:
    from indicators.models import Project, Run, SchoolEvent

MOST_NAMED = 20


def absences(
    *, project: Project, run: Run, waves: WavePair, events: Sequence[SchoolEvent]
) -> tuple[Absence, ...]:
    """Per wave, by code. Two queries; empty where the run did not count respondents.

    A merged school and the one that goes on are one: either of them may have answered. Schools
    that were closed before, or that the register calls absent, are not missing.
    """
    counted: Mapping[str, Mapping[str, Mapping[str, int]]] = run.inputs.get("respondents", {})
    if not counted:
        return ()
    register = _Register(project, events)
    found = []
    for wave in (waves.baseline, waves.endline):
        if wave is None or wave.code not in counted:
            continue
        answered = counted[wave.code]
        people = {code for who, codes in answered.items() if who != Respondent.DIRECTOR
                  for code, n in codes.items() if n}  # fmt: skip
        sent = {code for code, n in answered.get(Respondent.DIRECTOR, {}).items() if n}
        asks_directors = any(Respondent.DIRECTOR in one for one in counted.values())
        found.append((
            wave,
            register.without(people | sent, wave),
            register.without_checklist(people, sent) if asks_directors else [],
        ))  # fmt: skip
    named = _named(project, (codes[:MOST_NAMED] for _wave, *lists in found for codes in lists))
    return tuple(
        Absence(wave, *(_missing(codes, named) for codes in lists)) for wave, *lists in found
    )


class _Register:
    """Which schools are awaited. One query, names left out."""

    def __init__(self, project: Project, events: Sequence[SchoolEvent]) -> None:
        fields = ("pk", "code", "role", "continues__code", "continued_by__code")
        self.rows = list(
            School.objects.filter(project=project).order_by("code").values_list(*fields)
        )
        self.events = events

    def without(self, seen: set[str], wave: WaveHead) -> list[str]:
        excused = {
            event.school_id
            for event in self.events
            if event.kind == SchoolEventKind.ABSENT
            or (event.kind == SchoolEventKind.CLOSED and _is_before(event, wave))
        }
        return [
            code
            for pk, code, role, earlier, later in self.rows
            if role == SchoolRole.INNOVATIVE
            and later is None
            and pk not in excused
            and not {code, earlier} & seen
        ]

    def without_checklist(self, people: set[str], sent: set[str]) -> list[str]:
        """Schools whose people answered while their checklist, or that of their line, is not in."""
        return [
            code
            for _pk, code, _role, earlier, later in self.rows
            if code in people and not {code, earlier, later} & sent
        ]


def _is_before(event: SchoolEvent, wave: WaveHead) -> bool:
    return event.happened_on is not None and event.happened_on < wave.field_start


def _named(project: Project, lists: Iterable[list[str]]) -> dict[str, SchoolRef]:
    codes = {code for codes in lists for code in codes}
    schools = School.objects.filter(project=project, code__in=codes)
    return {school.code: SchoolRef(school.code, school.name) for school in schools}


def _missing(codes: list[str], named: Mapping[str, SchoolRef]) -> Missing:
    return Missing(len(codes), tuple(named[code] for code in codes[:MOST_NAMED]))
