"""The small project of the cast with answers: enough for a calculation of milliseconds."""

from __future__ import annotations

import hashlib

import numpy as np
from django.utils import timezone

from indicators.actions.storage import pack
from indicators.models import (
    AnswerColumn,
    Dataset,
    InstrumentVersion,
    Item,
    ItemVersion,
    Target,
    Upload,
    Wave,
    WaveInstrument,
)
from indicators.vocabulary import FileKind, Selection, TargetType, UploadState
from tests.actions.cast import World

PER_SCHOOL = 40


def add_answers(world: World) -> World:
    """Two waves of students in two schools, and a target."""
    version = InstrumentVersion.objects.create(instrument=world.student, version="1")
    item = Item.objects.get(instrument=world.student)
    ItemVersion.objects.create(item=item, version=version, name_in_version=item.name)
    for wave in (world.baseline, world.endline):
        WaveInstrument.objects.create(wave=wave, version=version, selection=Selection.RANDOM_PEOPLE)
        add_file(world, wave, seed=wave.position)
    type(world.share).objects.filter(pk=world.share.pk).update(disaggregation=["school"])
    Target.objects.create(
        indicator=world.share, wave=world.endline, type=TargetType.AT_MOST, low=None, high=0.3
    )
    return world


def add_file(world: World, wave: Wave, seed: int) -> Dataset:
    """One accepted file of answers, as if it had been read."""
    version = InstrumentVersion.objects.get(instrument=world.student)
    item = Item.objects.get(instrument=world.student)
    codes = [school.code for school in world.schools]
    n = PER_SCHOOL * len(codes)
    name = hashlib.sha256(f"{wave.code} {seed}".encode()).hexdigest()
    upload = Upload.objects.create(
        project=world.project,
        wave=wave,
        version=version,
        kind=FileKind.SURVEY,
        state=UploadState.ACCEPTED,
        file_name=f"{wave.code}-{seed}.csv",
        sha256=name,
        size=1,
        accepted_at=timezone.now(),
    )
    dataset = Dataset.objects.create(
        upload=upload,
        wave=wave,
        version=version,
        school_codes=codes,
        n_opened=n,
        n_consented=n,
        n_answered=n,
        n_used=n,
        sha256=name,
    )
    chance = np.random.default_rng(seed)
    columns = {
        item.name: (item, chance.integers(1, 6, n)),
        "_school": (None, np.repeat(np.arange(len(codes)), PER_SCHOOL)),
        "_row": (None, np.arange(2, n + 2)),
    }
    for column, (asked, values) in columns.items():
        packed = pack(values)
        AnswerColumn.objects.create(
            dataset=dataset,
            item=asked,
            name=column,
            dtype=packed.dtype,
            length=packed.length,
            data=packed.data,
            sha256=packed.sha256,
        )
    return dataset
