"""The quality log of a wave, and what of it is printed beside the results."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Q

from indicators.models import FieldLogEntry, Wave
from indicators.queries.results import wave_head
from indicators.results import FieldworkChecks, WaveHead
from indicators.vocabulary import FieldLogKind, WaveState

if TYPE_CHECKING:
    from indicators.models import Project

LEAST_CHECKED = 0.20  # of the sheets of each interviewer


@dataclass(frozen=True, slots=True)
class FieldLogRow:
    """`share_checked` is 0-1, None where nothing was counted."""

    pk: int
    kind: str
    happened_on: date
    instrument: str
    who: str
    what: str
    result: str
    n_collected: int | None
    n_checked: int | None
    n_agreed: int | None
    share_checked: float | None
    is_short: bool  # fewer sheets checked than the rule asks for


@dataclass(frozen=True, slots=True)
class FieldLogPage:
    waves: tuple[WaveHead, ...]
    wave: WaveHead | None
    rows: tuple[FieldLogRow, ...]
    checks: FieldworkChecks | None


def field_log_page(project: Project, *, wave_code: str) -> FieldLogPage:
    """All entries of a wave, oldest first. Two queries."""
    waves = list(Wave.objects.filter(project=project).order_by("position"))
    in_field = [wave for wave in waves if wave.state == WaveState.OPEN]
    wave = next((wave for wave in waves if wave.code == wave_code), None)
    wave = wave or ((in_field or waves)[-1] if waves else None)
    entries = list(
        FieldLogEntry.objects.filter(wave=wave).select_related("instrument") if wave else ()
    )
    return FieldLogPage(
        waves=tuple(map(wave_head, waves)),
        wave=wave_head(wave) if wave else None,
        rows=tuple(map(_row, entries)),
        checks=_checks(wave.name, entries) if wave else None,
    )


def fieldwork_checks(
    waves: Iterable[WaveHead], respondents: Collection[str]
) -> tuple[FieldworkChecks, ...]:
    """What is on record for these respondents, wave by wave; waves without a record are absent.

    Names of people stay in the log. One query.
    """
    heads = list(waves)
    of_these = Q(instrument=None) | Q(instrument__respondent__in=respondents)
    entries = list(FieldLogEntry.objects.filter(of_these, wave__in=[one.pk for one in heads]))
    found = (_checks(one.name, [e for e in entries if e.wave_id == one.pk]) for one in heads)
    return tuple(one for one in found if one is not None)


def _checks(wave: str, entries: list[FieldLogEntry]) -> FieldworkChecks | None:
    if not entries:
        return None
    pilots = [e.happened_on for e in entries if e.kind == FieldLogKind.PILOT]
    checked = [e for e in entries if e.kind == FieldLogKind.BACK_CHECK and e.n_checked is not None]
    return FieldworkChecks(
        wave=wave,
        pilot_on=min(pilots, default=None),
        n_interviewers=len({e.who.casefold() for e in checked}),
        n_collected=sum(e.n_collected or 0 for e in checked),
        n_checked=sum(e.n_checked or 0 for e in checked),
        n_agreed=None
        if any(e.n_agreed is None for e in checked)
        else sum(e.n_agreed or 0 for e in checked),
        n_short=sum(_is_short(e) for e in checked),
    )


def _share(entry: FieldLogEntry) -> float | None:
    if entry.n_checked is None or not entry.n_collected:
        return None
    return entry.n_checked / entry.n_collected


def _is_short(entry: FieldLogEntry) -> bool:
    share = _share(entry)
    return entry.kind == FieldLogKind.BACK_CHECK and share is not None and share < LEAST_CHECKED


def _row(entry: FieldLogEntry) -> FieldLogRow:
    return FieldLogRow(
        pk=entry.pk,
        kind=entry.kind,
        happened_on=entry.happened_on,
        instrument=entry.instrument.name if entry.instrument else "",
        who=entry.who,
        what=entry.what,
        result=entry.result,
        n_collected=entry.n_collected,
        n_checked=entry.n_checked,
        n_agreed=entry.n_agreed,
        share_checked=_share(entry),
        is_short=_is_short(entry),
    )


def wave_of(project: Project, code: str) -> Wave | None:
    return Wave.objects.filter(project=project, code=code).select_related("project").first()
