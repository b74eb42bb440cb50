"""Which workbook of a definition a dropped file is: told by its sheets, never by its name."""

from __future__ import annotations

from dataclasses import dataclass

from indicators.pipeline.framework_cells import as_text
from indicators.pipeline.shapes import RawFile, RawTable
from indicators.vocabulary import DefinitionPart

TELLTALE_SHEETS = {
    "survey": DefinitionPart.FORM,
    "indicators": DefinitionPart.FRAMEWORK,
    "schools": DefinitionPart.REGISTER,
    "agenda": DefinitionPart.AGENDA,
}


@dataclass(frozen=True, slots=True)
class DefinitionPlace:
    """Where a workbook belongs; `instrument` and `version` are those of a form."""

    part: DefinitionPart
    instrument: str = ""
    version: str = ""

    @property
    def slot(self) -> str:
        """What a newer file of the same place takes over."""
        return " ".join(filter(None, (self.part.value, self.instrument, self.version)))


def recognise_definition(raw: RawFile) -> DefinitionPlace | None:
    """None for a file that is none of the four: it may hold answers, or lack its sheets."""
    tables = {table.sheet: table for table in raw.tables}
    part = next((part for sheet, part in TELLTALE_SHEETS.items() if sheet in tables), None)
    if part is DefinitionPart.FORM:
        return _form(tables.get("settings"))
    return DefinitionPlace(part) if part else None


def _form(settings: RawTable | None) -> DefinitionPlace:
    cells = {}
    if settings is not None and settings.rows:
        cells = dict(zip(settings.header, settings.rows[0], strict=False))
    instrument = as_text(cells.get("form_id")).rsplit("_", 1)[-1]
    return DefinitionPlace(DefinitionPart.FORM, instrument[:40], as_text(cells.get("version"))[:40])
