"""What a definition is of: an indicator or a composite index, there already or to be made.

Pages and background work treat both alike: try a change, save it, name it on a row.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from indicators.actions.definition_edit import (
    IndexTyped,
    IndicatorTyped,
    save_index,
    save_indicator,
)
from indicators.actions.definition_preview import Tried, Wants, always, try_index, try_indicator
from indicators.models import CompositeIndex, DefinitionEffect, Indicator, Instrument, Project, User


class Subject(Protocol):
    """`row` is None where it is to be made. Both steps raise RowRefused, DefinitionRefused or
    StaleRow."""

    @property
    def project(self) -> Project: ...
    @property
    def keys(self) -> dict[str, Any]:
        """Which rows of DefinitionEffect are about it."""

    def typed_from(self, stored: Mapping[str, Any]) -> Any:
        """What was typed, from its JSON."""

    def attempt(
        self, *, typed: Any, revision: int | None, by: User | None, wants: Wants = always
    ) -> Tried: ...
    def save(self, *, typed: Any, revision: int | None, by: User | None) -> Any: ...


@dataclass(frozen=True, slots=True)
class IndicatorSubject:
    project: Project
    row: Indicator | None

    @property
    def keys(self) -> dict[str, Any]:
        return {"project": self.project, "indicator": self.row, "instrument": None, "index": None}

    def typed_from(self, stored: Mapping[str, Any]) -> IndicatorTyped:
        return IndicatorTyped(**stored)

    def attempt(
        self, *, typed: IndicatorTyped, revision: int | None, by: User | None, wants: Wants = always
    ) -> Tried:
        changed: dict[str, Any] = {"typed": typed, "revision": revision, "by": by, "wants": wants}
        return try_indicator(project=self.project, indicator=self.row, **changed)

    def save(self, *, typed: IndicatorTyped, revision: int | None, by: User | None) -> Indicator:
        return save_indicator(
            project=self.project, indicator=self.row, typed=typed, revision=revision, by=by
        )


@dataclass(frozen=True, slots=True)
class IndexSubject:
    instrument: Instrument
    row: CompositeIndex | None

    @property
    def project(self) -> Project:
        return self.instrument.project

    @property
    def keys(self) -> dict[str, Any]:
        own = {"instrument": self.instrument, "index": self.row}
        return {"project": self.project, "indicator": None, **own}

    def typed_from(self, stored: Mapping[str, Any]) -> IndexTyped:
        low, high = stored["rescaled"]
        return IndexTyped(stored["cells"], (low, high), stored["reason"])

    def attempt(
        self, *, typed: IndexTyped, revision: int | None, by: User | None, wants: Wants = always
    ) -> Tried:
        changed: dict[str, Any] = {"typed": typed, "revision": revision, "by": by, "wants": wants}
        return try_index(instrument=self.instrument, index=self.row, **changed)

    def save(self, *, typed: IndexTyped, revision: int | None, by: User | None) -> CompositeIndex:
        return save_index(
            instrument=self.instrument, index=self.row, typed=typed, revision=revision, by=by
        )


def subject_of(row: DefinitionEffect) -> Subject:
    """What the row is about. The row with its parts."""
    if row.instrument is not None:
        return IndexSubject(row.instrument, row.index)
    return IndicatorSubject(row.project, row.indicator)
