"""The groups of an indicator: levels in both waves, their change, the gap between two of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext, gettext_lazy

from indicators.presenters.lines import Cell, base_text, level_cell
from indicators.presenters.numbers import DASH, Scale
from indicators.presenters.words import GROUP_WORDS, reason_text
from indicators.vocabulary import GapChange, Reason

if TYPE_CHECKING:
    from indicators.results import GroupGap, GroupRow, Move, Sheet


@dataclass(frozen=True, slots=True)
class GroupLine:
    """`change` with its range stands without a verdict: groups are looked at, not judged."""

    label: str
    baseline: Cell
    n_baseline: str
    endline: Cell
    n_endline: str
    change: Cell
    range: str


@dataclass(frozen=True, slots=True)
class GroupTable:
    key: str
    title: str
    lines: tuple[GroupLine, ...]
    gaps: tuple[str, ...]

    @property
    def has_changes(self) -> bool:
        return any(line.change.text != DASH for line in self.lines)

    @property
    def has_bare_changes(self) -> bool:
        """Whether a change stands without a range, which a reader may take for a sure one."""
        return any(line.change.text != DASH and not line.range for line in self.lines)


def group_tables(sheet: Sheet, scale: Scale, names: tuple[str, str]) -> tuple[GroupTable, ...]:
    """One table per breakdown. `names`: of the baseline and the later wave."""
    tables: dict[str, list[GroupRow]] = {}
    for row in sheet.groups:
        tables.setdefault(row.group_by, []).append(row)
    return tuple(
        GroupTable(
            key=group_by,
            title=str(GROUP_WORDS.get(group_by, group_by)),
            lines=tuple(_line(row, scale) for row in rows),
            gaps=tuple(
                text
                for gap in sheet.gaps
                if gap.group_by == group_by
                for text in _gap(gap, rows, sheet, scale.of_gap, names)
            ),
        )
        for group_by, rows in tables.items()
    )


def _line(row: GroupRow, scale: Scale) -> GroupLine:
    return GroupLine(
        row.label,
        level_cell(row.baseline, scale),
        base_text(row.baseline),
        level_cell(row.endline, scale),
        base_text(row.endline),
        *_change(row.change, scale),
    )


def _change(change: Move | None, scale: Scale) -> tuple[Cell, str]:
    if change is None or change.difference is None:
        return Cell(DASH, ""), ""
    known = change.reason in ("", Reason.EXPLORATORY)
    note = "" if known else reason_text(change.reason)
    text = scale.interval(change.ci_low, change.ci_high, is_change=True)
    return Cell(scale.difference(change.difference), note), text


def _gap(
    gap: GroupGap, rows: Sequence[GroupRow], sheet: Sheet, scale: Scale, names: tuple[str, str]
) -> list[str]:
    labels = {row.group: row.label for row in rows}
    is_first = sheet.waves.baseline is not None and gap.wave_id == sheet.waves.baseline.pk
    wave = names[0] if is_first else names[1]
    if gap.value is None:
        return [f"{wave}: {reason_text(gap.reason)}"]
    first, second = labels.get(gap.first_group), labels.get(gap.second_group)
    level = gettext("%(wave)s, %(first)s minus %(second)s: %(gap)s (95 %% range %(range)s).") % {
        "wave": wave,
        "first": first or gap.first_group,
        "second": second or gap.second_group,
        "gap": scale.difference(gap.value),
        "range": scale.interval(gap.ci_low, gap.ci_high, is_change=True) or DASH,
    }
    return [level] if gap.change is None else [level, _gap_change(gap, scale)]


# Whole sentences: the word of a gap is a verb in every language.
GAP_TEXTS = {
    GapChange.NARROWED: gettext_lazy(
        "The gap narrowed: it moved by %(size)s (95 %% range %(range)s)."
    ),
    GapChange.WIDENED: gettext_lazy(
        "The gap widened: it moved by %(size)s (95 %% range %(range)s)."
    ),
    GapChange.TURNED_ROUND: gettext_lazy(
        "The gap turned round: it moved by %(size)s (95 %% range %(range)s)."
    ),
    GapChange.NO_CLEAR_CHANGE: gettext_lazy(
        "No clear change of the gap: it moved by %(size)s (95 %% range %(range)s)."
    ),
    GapChange.NO_MEANINGFUL_CHANGE: gettext_lazy(
        "The gap stayed about the same: it moved by %(size)s (95 %% range %(range)s)."
    ),
}


def _gap_change(gap: GroupGap, scale: Scale) -> str:
    known = {
        "size": scale.difference(gap.change),
        "range": scale.interval(gap.change_low, gap.change_high, is_change=True) or DASH,
    }
    if gap.change_word:
        return str(GAP_TEXTS[GapChange(gap.change_word)]) % known
    moved = gettext("The gap moved by %(size)s (95 %% range %(range)s).") % known
    if gap.change_reason and gap.change_reason != Reason.EXPLORATORY:
        return f"{moved} {reason_text(gap.change_reason)}"
    return moved
