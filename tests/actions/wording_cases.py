"""A second version of a made-up questionnaire, with the questions changed that a test wants."""

from __future__ import annotations

from typing import Any

from indicators.models import (
    Instrument,
    InstrumentVersion,
    Item,
    ItemVersion,
    WaveInstrument,
)


def second_version(
    instrument: Instrument, wave: Any, changes: dict[str, dict[str, Any]] | None = None
) -> InstrumentVersion:
    """The version a wave moves to: every question of its present one, with other fields by name.

    A question whose change is {"gone": True} is left out.
    """
    used = WaveInstrument.objects.get(wave=wave, version__instrument=instrument)
    version = InstrumentVersion.objects.create(
        instrument=instrument, version=f"{used.version.version}+"
    )
    for question in ItemVersion.objects.filter(version=used.version_id):
        fields = dict((changes or {}).get(question.name_in_version, {}))
        if fields.pop("gone", False):
            continue
        question.pk = None
        question.version = version
        for name, value in fields.items():
            setattr(question, name, value)
        question.save()
    used.version = version
    used.save()
    return version


def new_question(version: InstrumentVersion, like: ItemVersion, name: str, text: str) -> Item:
    """A question of its own that a version asks on the scale of another one."""
    item = Item.objects.create(
        instrument=version.instrument,
        name=name,
        kind=like.item.kind,
        scale=like.item.scale,
        block=like.item.block,
    )
    ItemVersion.objects.create(item=item, version=version, name_in_version=name, label_en=text)
    return item
