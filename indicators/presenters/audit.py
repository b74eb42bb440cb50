"""The audit log in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext, pgettext

from indicators.presenters.numbers import DASH

LONGEST = 300
FEW = 3  # changes shown at once


@dataclass(frozen=True, slots=True)
class EventView:
    at: datetime
    by: str
    kind: str
    what: str
    label: str
    changes: tuple[tuple[str, str, str], ...]  # field, before, after
    reason: str
    has_before: bool  # something was there already: an empty field is said to have been empty

    @property
    def is_long(self) -> bool:
        return len(self.changes) > FEW


def kind_text(kind: str) -> str:
    """What happened; a kind without words is shown as it is stored."""
    words = {
        "target.created": gettext("target set"),
        "target.changed": gettext("target changed"),
        "target.removed": gettext("target removed"),
        "checklist.started": gettext("checklist started"),
        "checklist.saved": gettext("checklist saved"),
        "checklist.sent": gettext("checklist sent"),
        "checklist.sent_incomplete": gettext("incomplete checklist sent"),
        "checklist.started_for": gettext("checklist started for the school"),
        "checklist.saved_for": gettext("checklist saved for the school"),
        "checklist.sent_for": gettext("checklist sent for the school"),
        "checklist.sent_incomplete_for": gettext("incomplete checklist sent for the school"),
        "checklist.returned": gettext("checklist returned"),
        "checklist.approved": gettext("checklist approved"),
        "checklist.reopened": gettext("checklist reopened"),
        "theme.created": gettext("theme of an open question written"),
        "theme.changed": gettext("theme of an open question changed"),
        "coding.changed": gettext("open answer coded"),
        "coding.imported": gettext("codes of open answers loaded"),
        "note.created": gettext("note written"),
        "note.changed": gettext("note changed"),
        "note.removed": gettext("note removed"),
        "upload.received": gettext("file received"),
        "upload.recognised": gettext("file recognised by its content"),
        "upload.load_cancelled": gettext("work on a file cancelled"),
        "upload.described": gettext("said what a file is"),
        "school.alias_added": gettext("name of a school remembered"),
        "column.mapped": gettext("columns of a file assigned"),
        "value.mapped": gettext("meaning of answers in a file decided"),
        "upload.rows_left_out": gettext("rows of a file left out"),
        "upload.rows_taken_back": gettext("rows left out of a file taken back"),
        "upload.checked": gettext("file checked"),
        "upload.accepted": gettext("file accepted"),
        "upload.rows_excluded": gettext("rows of a file left out"),
        "upload.row_included": gettext("row of a file put back"),
        "upload.withdrawn": gettext("file withdrawn"),
        "upload.replaced": gettext("file replaced by a corrected version"),
        "answers.downloaded": gettext("answers of people downloaded"),
        "answers.exported": gettext("accepted answers downloaded"),
        "run.requested": gettext("calculation asked for"),
        "run.finished": gettext("calculation finished"),
        "run.restarted": gettext("calculation started again"),
        "run.cancel_asked": gettext("calculation cancelled"),
        "figure.checked": gettext("figures of a printed report checked"),
        "comparison.asked": gettext("comparison asked for"),
        "comparison.computed": gettext("comparison computed"),
        "run.published": gettext("results published"),
        "run.unpublished": gettext("results withdrawn"),
        "member.invited": gettext("person invited"),
        "member.joined": gettext("person joined"),
        "checklist.loaded": gettext("checklist loaded from a file"),
        "checklist.removed": gettext("checklist removed with its file"),
        "project.loaded": gettext("project loaded"),
        "register.copied": gettext("indicators copied from another project"),
        "project.settings_changed": gettext("settings changed"),
        "definition.received": gettext("workbook of the definition received"),
        "definition.taken_back": gettext("workbook of the definition taken back"),
        "wave.opened": gettext("wave opened"),
        "wave.locked": gettext("wave locked"),
        "wave.unlocked": gettext("wave unlocked"),
        "instrument.limits_changed": gettext("limits of a questionnaire changed"),
        "project.link_removed": gettext("link of the project removed"),
        "member.added": gettext("person added"),
        "membership.schools_changed": gettext("schools of a person changed"),
        "user.password_changed": gettext("password changed"),
        "agenda.created": gettext("question of the agenda added"),
        "agenda.changed": gettext("question of the agenda changed"),
        "agenda.removed": gettext("question of the agenda removed"),
        "agenda.moved": gettext("question of the agenda moved"),
        "agendaquestion.changed": gettext("question of the agenda changed by a file"),
        "paragraph.created": gettext("paragraph of the report added"),
        "paragraph.changed": gettext("paragraph of the report changed"),
        "paragraph.removed": gettext("paragraph of the report removed"),
        "paragraph.moved": gettext("paragraph of the report moved"),
        "field_log.added": gettext("entry of the quality log added"),
        "field_log.changed": gettext("entry of the quality log changed"),
        "field_plan.changed": gettext("expected numbers changed"),
        "wording.decided": gettext("decided whether a reworded question compares"),
        "question.linked": gettext("question linked to an earlier one"),
        "question.unlinked": gettext("link of a question taken back"),
        "school.removed": gettext("school removed with its file"),
    }
    return words.get(kind) or _row_text(kind)


def _row_text(kind: str) -> str:
    """Rows of the reference tables: "school created"; anything else as it is stored."""
    thing, _dot, step = kind.partition(".")
    steps = {
        "created": gettext("%(thing)s created"),
        "changed": gettext("%(thing)s changed"),
        "deleted": gettext("%(thing)s deleted"),
    }
    things = {
        "school": gettext("school"),
        "indicator": gettext("indicator"),
        "compositeindex": gettext("composite index"),
        "target": gettext("target"),
        "checklist": gettext("checklist"),
        "wave": gettext("wave"),
        "project": gettext("project"),
        "user": gettext("account"),
        "membership": gettext("role of a person"),
    }
    return steps[step] % {"thing": things.get(thing, thing)} if step in steps else kind


def kind_choices(kinds: list[str]) -> list[tuple[str, str]]:
    return sorted(((kind, kind_text(kind)) for kind in kinds), key=lambda pair: pair[1])


def event_views(rows: Any) -> list[EventView]:
    return [
        EventView(
            at=row.at,
            by=row.by or pgettext("audit", "the program"),
            kind=row.kind,
            what=kind_text(row.kind),
            label=row.label,
            changes=changed_fields(row.before, row.after),
            reason=row.reason,
            has_before=bool(row.before),
        )
        for row in rows
    ]


def changed_fields(
    before: Mapping[str, Any], after: Mapping[str, Any]
) -> tuple[tuple[str, str, str], ...]:
    """Field, before and after where they differ, flat: answers of a checklist are one line each."""
    old, new = _flat(before), _flat(after)
    fields = [*old, *(field for field in new if field not in old)]
    return tuple(
        (field, *_texts(old.get(field), new.get(field)))
        for field in fields
        if old.get(field) != new.get(field)
    )


def _texts(old: Any, new: Any) -> tuple[str, str]:
    """Both as text. Of long lists only what one has and the other has not: the rest is cut off."""
    if isinstance(old, list) and isinstance(new, list) and _is_cut(old, new):
        gone = [one for one in old if one not in new]
        come = [one for one in new if one not in old]
        if gone or come:
            return f"… {_text(gone)}", f"… {_text(come)}"
    return _text(old), _text(new)


def _is_cut(*lists: list[Any]) -> bool:
    return any(len(", ".join(map(str, one))) > LONGEST for one in lists)


def _flat(values: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for name, value in values.items():
        if isinstance(value, Mapping):
            flat |= _flat(value, f"{prefix}{name}.")
        else:
            flat[f"{prefix}{name}"] = value
    return flat


def _text(value: Any) -> str:
    if value is None or value in ("", []):
        return DASH
    text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return text if len(text) <= LONGEST else text[:LONGEST] + "…"
