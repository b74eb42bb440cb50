"""The form of a sheet of targets: a text per cell, one rationale, and what had been read."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from indicators.actions.target_grid import CellEdit, CellPlace, GridNotSaved, Limits
from indicators.forms.target import CONFIRMATION, CONFIRMED, REFUSALS
from indicators.forms.target_cell import SideMissing, Unreadable, parse_cell, write_cell
from indicators.vocabulary import is_percent_unit

_NAME = re.compile(r"c-(\d{1,12})-(\d{1,12})-(\d{1,12})")
UNREADABLE = _("Not readable. Type for example 3,5 or ≤ 10 or 60–70 or Δ ≥ +5.")
SIDE_MISSING = _("Say which side: ≥ or ≤, or a range such as 60–70.")
CHOOSE = _("Somebody else changed this target meanwhile: choose which one stands.")

Read = tuple[int, int, str]  # primary key and revision of the target read (0, 0: none), its text


def name_of(place: CellPlace) -> str:
    """The name of a cell's field: "c-12-0-3"; 0 stands for the project."""
    return f"c-{place[0]}-{place[1] or 0}-{place[2]}"


def places_of(names: Any) -> set[CellPlace]:
    """The cells that a form sent."""
    found = (_NAME.fullmatch(name) for name in names)
    parts = (tuple(map(int, match.groups())) for match in found if match)
    return {(indicator, school or None, wave) for indicator, school, wave in parts}


@dataclass(frozen=True, slots=True)
class TypedCell:
    """One cell of the form. `text` stands in the box, `stored` in the database.

    `stale`: somebody else changed the target after it was read, and this cell too was changed.
    """

    name: str
    place: CellPlace
    text: str
    stored: str
    read: Read
    limits: Limits | None = None
    problem: str = ""
    is_stale: bool = False
    choice: str = ""  # name of the field that says which of two values stands

    @property
    def is_edited(self) -> bool:
        return self.text != self.stored


class GridForm(forms.Form):
    """`page` has the rows; `closed` are indicators that get no target."""

    rationale = forms.CharField(
        label=_("Why these targets"),
        required=False,
        max_length=2000,
    )
    is_confirmed = forms.BooleanField(label=CONFIRMATION, required=False)
    read = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, page: Any, closed: Mapping[int, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.needs_confirmation = bool(self.is_bound and self["is_confirmed"].value())
        read = _read(self["read"].value()) if self.is_bound else {}
        self.cells = {
            cell.place: self._cell(row, cell, read)
            for row in page.rows
            if row.indicator.pk not in closed
            for cell in row.cells
        }

    def _cell(self, row: Any, cell: Any, read: Mapping[str, Read]) -> TypedCell:
        in_percent = is_percent_unit(row.indicator.unit)
        stored = write_cell(cell.type, cell.low, cell.high, in_percent=in_percent)
        name = name_of(cell.place)
        now = (cell.pk or 0, cell.revision or 0, stored)
        plain = TypedCell(name, cell.place, stored, stored, now)
        if not self.is_bound or name not in self.data:
            return plain
        typed = replace(plain, text=str(self.data[name]).strip(), read=read.get(name, (0, 0, "")))
        return self._judged(typed, plain, row.indicator.direction, in_percent=in_percent)

    def _judged(
        self, typed: TypedCell, plain: TypedCell, direction: str, *, in_percent: bool
    ) -> TypedCell:
        """The cell with its limits or its problem. A cell left as it was read follows the store."""

        def limits(text: str) -> Limits | None:
            return parse_cell(text, direction=direction, in_percent=in_percent)

        choice = f"k{typed.name}"
        chosen = str(self.data.get(choice, ""))
        if typed.text == typed.read[2] or chosen == "theirs":
            return plain
        if match := re.fullmatch(r"mine-(\d{1,12})-(\d{1,12})", chosen):
            pk, revision = map(int, match.groups())
            typed = replace(typed, read=(pk, revision, typed.read[2]))
        try:
            wanted = limits(typed.text)
        except (Unreadable, SideMissing) as problem:
            is_side = isinstance(problem, SideMissing)
            return replace(typed, problem=str(SIDE_MISSING if is_side else UNREADABLE))
        if wanted == limits(plain.stored):
            return plain
        return replace(typed, limits=wanted)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if any(cell.problem for cell in self.cells.values()):
            self.add_error(None, _("Some cells cannot be read; they are marked. Nothing is saved."))
        return cleaned

    def edits(self) -> list[CellEdit]:
        """What the cells ask for. Needs a valid form."""
        return [
            CellEdit(cell.place, cell.limits, cell.read[:2] if cell.read[0] else None)
            for cell in self.cells.values()
            if cell.is_edited
        ]

    def refuse(self, refused: GridNotSaved) -> None:
        """Mark the cells that were not stored."""
        for place, reason in refused.refused.items():
            text = str(REFUSALS[reason])
            self.needs_confirmation |= reason in CONFIRMED
            self.cells[place] = replace(self.cells[place], problem=text)
        for place in refused.stale:
            cell = self.cells[place]
            self.cells[place] = replace(
                cell, problem=str(CHOOSE), is_stale=True, choice=f"k{cell.name}"
            )
        self.add_error(None, _("Nothing is saved yet: look at the marked cells."))

    def reading(self) -> str:
        """What this page shows, for the next time it is sent."""
        return json.dumps({cell.name: cell.read for cell in self.cells.values()})


def imported_data(page: Any, texts: Mapping[CellPlace, tuple[str, str | None]]) -> dict[str, str]:
    """What a form would send that had been filled in from a file: text and base of every cell.

    A cell whose base is not what is stored was changed by somebody after the file went out.
    """
    data, read = {}, {}
    for row in page.rows:
        in_percent = is_percent_unit(row.indicator.unit)
        for cell in row.cells:
            if cell.place not in texts:
                continue
            text, base = texts[cell.place]
            name = name_of(cell.place)
            stored = write_cell(cell.type, cell.low, cell.high, in_percent=in_percent)
            same = base is None or _is_same(base, stored, row.indicator.direction, in_percent)
            data[name] = stored if same and base == text else text
            read[name] = (cell.pk or 0, cell.revision or 0, stored) if same else (-1, 0, base)
    return {**data, "read": json.dumps(read)}


def _is_same(one: str, other: str, direction: str, in_percent: bool) -> bool:
    """Whether two texts name the same target."""
    try:
        first, second = (
            parse_cell(text, direction=direction, in_percent=in_percent) for text in (one, other)
        )
    except (Unreadable, SideMissing):
        return False
    return first == second


def _read(text: Any) -> dict[str, Read]:
    """What an earlier page showed; nothing where that cannot be told, so that no cell is lost."""
    try:
        found = json.loads(text or "{}")
        return {str(name): (int(pk), int(n), str(t)) for name, (pk, n, t) in found.items()}
    except (ValueError, TypeError, AttributeError, RecursionError):
        return {}
