"""A file that was read -> everything wrong in it, and what would be accepted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from indicators.pipeline.shapes import CheckedFile, ImportContext, ProblemSpec, RawFile
from indicators.pipeline.ticking import Tick, no_tick
from indicators.pipeline.validate_activity import validate_activity
from indicators.pipeline.validate_checklist import validate_checklist
from indicators.pipeline.validate_desk import validate_desk
from indicators.pipeline.validate_manual import validate_manual, validate_notes
from indicators.pipeline.validate_register import validate_register
from indicators.pipeline.validate_survey import validate_survey
from indicators.vocabulary import FileKind

VALIDATORS: Mapping[FileKind, Callable[[RawFile, ImportContext], CheckedFile]] = {
    FileKind.CHECKLIST: validate_checklist,
    FileKind.DESK: validate_desk,
    FileKind.ACTIVITY: validate_activity,
    FileKind.MANUAL: validate_manual,
    FileKind.REGISTER: validate_register,
    FileKind.NOTES: validate_notes,
}


def validate(raw: RawFile, context: ImportContext, tick: Tick = no_tick) -> CheckedFile:
    """Check a file of the kind the context names. Nothing is stored. Raises what `tick` raises.

    Only survey files are large enough to tell how far they are.
    """
    if context.kind is FileKind.SURVEY:
        checked = validate_survey(raw, context, tick)
    else:
        checked = VALIDATORS[context.kind](raw, context)
    return replace(checked, problems=_without_formulas_of_totals(checked.problems))


def _without_formulas_of_totals(problems: tuple[ProblemSpec, ...]) -> tuple[ProblemSpec, ...]:
    """A row of totals is ignored as one thing: that its cells are formulas is no news."""
    totals = {(one.sheet, one.row) for one in problems if one.kind == "total_row"}
    return tuple(
        one for one in problems if one.kind != "formula_cell" or (one.sheet, one.row) not in totals
    )
