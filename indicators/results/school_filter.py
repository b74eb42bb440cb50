"""Which schools a reader asked to see."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

LONGEST = 80


@dataclass(frozen=True, slots=True)
class SchoolFilter:
    """`text`: part of a code or name; `region`, `language`: codes of the school's attributes."""

    text: str = ""
    region: str = ""
    language: str = ""

    @classmethod
    def of(cls, query: Mapping[str, str]) -> SchoolFilter:
        """From an address. Zero bytes go, for PostgreSQL refuses them."""
        names = ("text", "region", "language")
        return cls(*(query.get(name, "").replace("\x00", "").strip()[:LONGEST] for name in names))

    @property
    def is_active(self) -> bool:
        return self != SchoolFilter()


@dataclass(frozen=True, slots=True)
class SchoolChoices:
    """What schools of the project can be filtered by: (code, label), in the register's order."""

    regions: tuple[tuple[str, str], ...]
    languages: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class SchoolGroup:
    """Schools of one region or language, of which the run has results as a group."""

    field: str
    code: str
    label: str

    @property
    def key(self) -> str:
        return f"{self.field}:{self.code}"
