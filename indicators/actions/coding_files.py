"""Codes of open answers as a file: looked at first, then stored; and handed out in one shape."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from indicators.actions.audit import record
from indicators.actions.codings import import_codes
from indicators.models import Item, School, Theme, User, Wave
from indicators.pipeline.coding_file import (
    CodingFile,
    CodingFrame,
    Place,
    folded,
    read_coding,
    write_coding,
)
from indicators.pipeline.read import read_table
from indicators.queries.coding_sheet import wave_answers
from indicators.queries.open_answers import OpenAnswer, codes_of, stored_codes


@dataclass(frozen=True, slots=True)
class CodingPreview:
    """What a file would do. `sha256` names the bytes that were looked at."""

    file_name: str
    sha256: str
    read: CodingFile
    n_answers: int


class FileGone(Exception):
    """The storage no longer holds what was looked at."""


def preview_codes(
    *, item: Item, wave: Wave, file_name: str, content: bytes, by: User
) -> CodingPreview:
    """Read and check a file; the bytes are kept until somebody says yes. No code is stored."""
    sha256 = hashlib.sha256(content).hexdigest()
    if not default_storage.exists(_name_of(sha256)):
        default_storage.save(_name_of(sha256), ContentFile(content))
    read, answers = _read(item, wave, file_name, content, by)
    return CodingPreview(file_name, sha256, read, len(answers))


@transaction.atomic
def accept_codes(
    *, item: Item, wave: Wave, file_name: str, sha256: str, by: User
) -> tuple[CodingFile, dict[str, int]]:
    """Store the codes of the file that was looked at, read anew. No counts when it is blocked.

    Raises FileGone.
    """
    name = _name_of(sha256)
    if not sha256.isalnum() or not default_storage.exists(name):
        raise FileGone
    with default_storage.open(name, "rb") as file:
        content = file.read()
    read, answers = _read(item, wave, file_name, content, by)
    if not read.is_acceptable:
        return read, {}
    given = {answers[place]: codes for place, codes in read.given.items()}
    return read, import_codes(item=item, given=given, file_name=file_name, by=by)


@transaction.atomic
def export_codes(*, item: Item, wave: Wave, by: User) -> bytes:
    """A workbook of all answers with this person's codes. It holds what people wrote: on record."""
    codes = stored_codes(item.instrument.project, item.pk, wave.pk)
    names = dict(Theme.objects.filter(item=item).values_list("pk", "code"))
    answers = _by_place(item, wave)

    def mine(answer: OpenAnswer) -> tuple[str, ...] | None:
        found = next((one for one in codes_of(answer, codes) if one.coder == by.pk), None)
        return tuple(sorted(names[pk] for pk in found.themes)) if found else None

    content = write_coding((place, answer.text, mine(answer)) for place, answer in answers.items())
    record(
        "answers.exported",
        item,
        by=by,
        project=item.instrument.project,
        after={
            "format": "xlsx",
            "wave": wave.code,
            "people": len(answers),
            "columns": [item.name],
            "sha256": hashlib.sha256(content).hexdigest(),
        },
    )
    return content


def _read(
    item: Item, wave: Wave, file_name: str, content: bytes, by: User
) -> tuple[CodingFile, dict[Place, OpenAnswer]]:
    answers = _by_place(item, wave)
    words = {place: one.text for place, one in answers.items()}
    frame = CodingFrame(_themes(item), words, _kept(item, wave, answers, by))
    return read_coding(read_table(file_name, content), frame), answers


def _kept(
    item: Item, wave: Wave, answers: Mapping[Place, OpenAnswer], by: User
) -> dict[Place, list[str]]:
    """Themes out of use that this person gave to answers while they were offered."""
    retired = dict(Theme.objects.filter(item=item, is_active=False).values_list("pk", "code"))
    if not retired:
        return {}
    codes = stored_codes(item.instrument.project, item.pk, wave.pk)
    return {
        place: [retired[pk] for pk in one.themes if pk in retired]
        for place, answer in answers.items()
        for one in codes_of(answer, codes)
        if one.coder == by.pk
    }


def _by_place(item: Item, wave: Wave) -> dict[Place, OpenAnswer]:
    found = wave_answers(item, wave)
    ids = {one.school for one in found if one.school}
    schools = dict(School.objects.filter(pk__in=ids).values_list("pk", "code")) if ids else {}
    return {
        ("", schools[one.school]) if one.school else (str(one.upload), str(one.row)): one
        for one in found
    }


def _themes(item: Item) -> dict[str, str]:
    """Codes and labels in every language of the themes in use; a code outranks a label."""
    themes = list(Theme.objects.filter(item=item, is_active=True))
    labels = {folded(text): one.code for one in themes for text in one.labels if text}
    return labels | {folded(one.code): one.code for one in themes}


def _name_of(sha256: str) -> str:
    return f"codes/{sha256[:2]}/{sha256}"
