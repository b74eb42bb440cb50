"""A counted definition as JSON holds it, and back. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from indicators.pipeline.effect import (
    ChangeEffect,
    IndexEffect,
    LevelEffect,
    Side,
    Stand,
    WordMove,
)
from indicators.vocabulary import Reason, Status, Verdict


def as_content(side: Side) -> dict[str, Any]:
    return {**asdict(side), "assessments": [[k, *_stand(s)] for k, s in side.assessments.items()]}


def from_content(content: Mapping[str, Any]) -> Side:
    return Side(
        levels={wave: LevelEffect(**_reason(row)) for wave, row in content["levels"].items()},
        changes={
            wave: ChangeEffect(**_reason(row) | {"verdict": _verdict(row["verdict"])})
            for wave, row in content["changes"].items()
        },
        indices={wave: IndexEffect(**_reason(row)) for wave, row in content["indices"].items()},
        assessments={
            key: Stand(Status(word), value) for key, word, value in content["assessments"]
        },
        words=tuple(
            WordMove(**row | {name: Verdict(row[name]) for name in ("before", "after")})
            for row in content["words"]
        ),
    )


def _stand(stand: Stand) -> tuple[str, float | None]:
    return stand.status.value, stand.value


def _reason(row: Mapping[str, Any]) -> dict[str, Any]:
    reason = row["reason"]
    return {**row, "reason": Reason(reason) if reason else None}


def _verdict(word: str | None) -> Verdict | None:
    return Verdict(word) if word else None
