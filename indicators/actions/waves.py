"""Waves made and changed, opened, locked and unlocked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any

from django.db import transaction

from indicators.actions.audit import record
from indicators.actions.projects import StaleRow
from indicators.actions.tables import plain
from indicators.actions.wave_lock import hold_waves
from indicators.models import (
    Checklist,
    InstrumentVersion,
    Project,
    Upload,
    User,
    Wave,
    WaveInstrument,
)
from indicators.vocabulary import Selection, UploadState, WaveState, WaveStep

FIELDS = ("kind", "name_ky", "name_ru", "name_en", "field_start", "field_end", "school_year")
Uses = Mapping[InstrumentVersion, Selection]
STEPS: Mapping[WaveStep, tuple[frozenset[WaveState], WaveState]] = {
    WaveStep.OPEN: (frozenset({WaveState.PLANNED}), WaveState.OPEN),
    WaveStep.LOCK: (frozenset({WaveState.OPEN}), WaveState.LOCKED),
    WaveStep.UNLOCK: (frozenset({WaveState.LOCKED, WaveState.PUBLISHED}), WaveState.OPEN),
}


class WaveRefusal(StrEnum):
    CODE_TAKEN = "code_taken"
    NO_NAME = "no_name"
    DATES = "dates"  # the end before the start
    VERSION_HAS_DATA = "version_has_data"  # answers to it were accepted in this wave
    NO_REASON = "no_reason"
    NOTHING_CHOSEN = "nothing_chosen"  # no chosen wave is in a state the step begins at


class WaveRefused(Exception):
    """Nothing was stored; `what` names what stands in the way."""

    def __init__(self, reason: WaveRefusal, what: str = "") -> None:
        super().__init__(reason.value)
        self.reason = reason
        self.what = what


@transaction.atomic
def create_wave(
    *, project: Project, code: str, values: Mapping[str, Any], uses: Uses, by: User
) -> Wave:
    """A planned wave after the others. `values` hold FIELDS. Raises WaveRefused."""
    _check(values)
    waves = list(Wave.objects.select_for_update().filter(project=project))
    if any(wave.code.casefold() == code.casefold() for wave in waves):
        raise WaveRefused(WaveRefusal.CODE_TAKEN)
    position = max((wave.position for wave in waves), default=-1) + 1
    wave = Wave.objects.create(
        project=project,
        code=code,
        position=position,
        state=WaveState.PLANNED,
        updated_by=by,
        **{name: values[name] for name in FIELDS},
    )
    after = {"code": code, **_plain(wave), "questionnaires": _set_uses(wave, uses)}
    record("wave.created", wave, by=by, project=project, after=after)
    return wave


@transaction.atomic
def change_wave(
    *, wave: Wave, values: Mapping[str, Any], uses: Uses, revision: int, by: User
) -> bool:
    """Change what a wave is and which questionnaires it uses; False when nothing changed.

    Raises WaveRefused, or StaleRow when the stored revision is not the one read.
    """
    _check(values)
    stored = Wave.objects.select_for_update(of=("self",)).select_related("project").get(pk=wave.pk)
    before = {**_plain(stored), "questionnaires": _used(stored)}
    for name in FIELDS:
        setattr(stored, name, values[name])
    wanted = {str(version): selection.value for version, selection in uses.items()}
    after = {**_plain(stored), "questionnaires": wanted}
    if before == after:
        return False
    if stored.revision != revision:
        raise StaleRow(Wave.objects.get(pk=wave.pk))
    _set_uses(stored, uses)
    stored.revision, stored.updated_by = stored.revision + 1, by
    stored.save()
    record("wave.changed", stored, by=by, project=stored.project, before=before, after=after)
    return True


@transaction.atomic
def move_waves(
    *, project: Project, codes: Iterable[str], step: WaveStep, reason: str, by: User
) -> list[Wave]:
    """Open, lock or unlock waves, one or many; those in another state are left as they are.

    Unlocking says why. Returns the waves that moved. Raises WaveRefused when there is none.
    """
    if step is WaveStep.UNLOCK and not reason.strip():
        raise WaveRefused(WaveRefusal.NO_REASON)
    hold_waves(project.pk)
    states, state = STEPS[step]
    rows = Wave.objects.filter(project=project, code__in=list(codes), state__in=states)
    moved = list(rows.select_related("project"))
    if not moved:
        raise WaveRefused(WaveRefusal.NOTHING_CHOSEN)
    for wave in moved:
        before, wave.state = wave.state, state
        wave.save(update_fields=["state"])
        record(
            f"wave.{step.value}ed",
            wave,
            by=by,
            project=project,
            before={"state": str(before)},
            after={"state": state.value},
            reason=reason.strip(),
        )
    return moved


def _check(values: Mapping[str, Any]) -> None:
    if not any(values[name] for name in ("name_ky", "name_ru", "name_en")):
        raise WaveRefused(WaveRefusal.NO_NAME)
    if values["field_end"] < values["field_start"]:
        raise WaveRefused(WaveRefusal.DATES)


def _set_uses(wave: Wave, uses: Uses) -> dict[str, str]:
    """Make the wave use exactly these versions; one with data in the wave cannot go."""
    stored = {
        one.version_id: one
        for one in WaveInstrument.objects.filter(wave=wave).select_related("version__instrument")
    }
    wanted = {version.pk: (version, selection) for version, selection in uses.items()}
    for pk, use in stored.items():
        if pk not in wanted:
            _demand_no_data(use)
            use.delete()
    for pk, (version, selection) in wanted.items():
        known = stored.get(pk)
        if known is None:
            WaveInstrument.objects.create(wave=wave, version=version, selection=selection)
        elif known.selection != selection:
            known.selection = selection
            known.save(update_fields=["selection"])
    return {str(version): selection.value for version, selection in uses.items()}


def _demand_no_data(use: WaveInstrument) -> None:
    where = {"wave": use.wave_id, "version": use.version_id}
    files = Upload.objects.filter(state=UploadState.ACCEPTED, **where)
    if files.exists() or Checklist.objects.filter(**where).exists():
        raise WaveRefused(WaveRefusal.VERSION_HAS_DATA, str(use.version))


def _used(wave: Wave) -> dict[str, str]:
    rows = WaveInstrument.objects.filter(wave=wave).select_related("version__instrument")
    return {str(use.version): use.selection for use in rows}


def _plain(wave: Wave) -> dict[str, Any]:
    return {name: plain(getattr(wave, name)) for name in FIELDS}
