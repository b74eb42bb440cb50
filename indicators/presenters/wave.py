"""The waves of a project in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from indicators.vocabulary import Selection, WaveKind, WaveState
from indicators.words import word


@dataclass(frozen=True, slots=True)
class WaveLine:
    code: str
    name: str
    kind: str
    state: str
    state_word: str
    field_start: date
    field_end: date
    uses: tuple[tuple[str, str], ...]
    n_files: int
    n_checklists: int


def wave_lines(rows: Iterable[Any]) -> list[WaveLine]:
    return [
        WaveLine(
            code=row.code,
            name=row.name,
            kind=str(word(WaveKind(row.kind))),
            state=row.state,
            state_word=str(word(WaveState(row.state))),
            field_start=row.field_start,
            field_end=row.field_end,
            uses=tuple((name, str(word(Selection(how)))) for name, how in row.uses),
            n_files=row.n_files,
            n_checklists=row.n_checklists,
        )
        for row in rows
    ]
