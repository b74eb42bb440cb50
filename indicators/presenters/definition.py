"""The workbooks of a project and what the waiting ones would do, in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from indicators.presenters.audit import changed_fields
from indicators.vocabulary import DefinitionPart, Severity
from indicators.words import word

MOST_SHOWN = 500  # lines of problems; further ones are counted
ROWS_NAMED = 8  # of the rows with one and the same problem
# Rows of the definition by the name of their table.
THINGS = {
    "Project": _("the project itself"),
    "School": _("schools"),
    "SchoolCategory": _("words for attributes of schools"),
    "Stratum": _("strata of the frame"),
    "Scale": _("answer scales"),
    "ScaleOption": _("answer options"),
    "Instrument": _("questionnaires"),
    "InstrumentVersion": _("versions of questionnaires"),
    "Block": _("blocks of questions"),
    "Item": _("questions"),
    "ItemVersion": _("wordings of questions"),
    "Wave": _("waves"),
    "WaveInstrument": _("questionnaires used in waves"),
    "CompositeIndex": _("indices"),
    "IndexItem": _("questions in indices"),
    "Measure": _("measures"),
    "Indicator": _("indicators"),
    "Target": _("targets"),
    "AgendaQuestion": _("questions of the endline agenda"),
}

Sentence = Callable[[Mapping[str, Any]], str]


@dataclass(frozen=True, slots=True)
class FileLine:
    """`replaces`: the workbook in use whose place it takes."""

    pk: int
    file_name: str
    what: str
    replaces: str
    created: datetime
    created_by: str


@dataclass(frozen=True, slots=True)
class ProblemLine:
    """One problem; where a column has it in several rows with one value, `row` names them all."""

    file: str
    sheet: str
    row: str
    column: str
    value: str
    text: str


@dataclass(frozen=True, slots=True)
class ProblemList:
    key: str
    title: str
    n: int
    lines: tuple[ProblemLine, ...]
    n_more: int


@dataclass(frozen=True, slots=True)
class ThingLine:
    """How many rows of one sort the files add, change, leave, and name no more (`kept`)."""

    thing: str
    added: int
    changed: int
    unchanged: int
    kept: int
    names: str
    kept_names: str


@dataclass(frozen=True, slots=True)
class ChangeLine:
    thing: str
    label: str
    fields: tuple[tuple[str, str, str], ...]  # field, before, after


@dataclass(frozen=True, slots=True)
class DefinitionView:
    waiting: tuple[FileLine, ...]
    in_use: tuple[FileLine, ...]
    missing: str
    problems: tuple[ProblemList, ...]
    things: tuple[ThingLine, ...]  # with something added, changed or kept
    same: str  # the others in one line
    changes: tuple[ChangeLine, ...]
    n_more_changes: int
    removed: tuple[str, ...]
    mark: str
    needs_reason: bool
    is_acceptable: bool


def definition_view(page: Any, sentence: Sentence) -> DefinitionView:
    """`sentence` tells a stored problem in the reader's language."""
    used = {row.slot: row.file_name for row in page.in_use}
    preview = page.preview
    things = _things(preview)
    changed = preview.get("changed", [])
    blocks = any(one["severity"] == Severity.BLOCK for one in page.problems)
    return DefinitionView(
        waiting=tuple(_file(row, used.get(row.slot, "")) for row in page.waiting),
        in_use=tuple(_file(row, "") for row in page.in_use),
        missing=", ".join(str(word(part)) for part in page.missing),
        problems=_problems(page.problems, sentence),
        things=tuple(one for one in things if one.added or one.changed or one.kept),
        same=", ".join(f"{one.thing} {one.unchanged}" for one in things if _is_same(one)),
        changes=tuple(
            ChangeLine(
                thing_word(one["model"]),
                one["label"],
                changed_fields(one["before"], one["after"]),
            )
            for one in changed
        ),
        n_more_changes=preview.get("n_changed", 0) - len(changed),
        removed=tuple(
            f"{thing_word(one['model'])}: {one['label']}" for one in preview.get("removed", [])
        ),
        mark=page.mark,
        needs_reason=page.needs_reason,
        is_acceptable=bool(page.waiting and preview and not blocks),
    )


def thing_word(model: str) -> str:
    return str(THINGS.get(model, model))


def slot_words(part: DefinitionPart, slot: str) -> str:
    """ "form student 2025100101" -> "questionnaire: student 2025100101"."""
    rest = slot.partition(" ")[2]
    return f"{word(part)}: {rest}" if rest else str(word(part))


def _file(row: Any, replaces: str) -> FileLine:
    return FileLine(
        pk=row.pk,
        file_name=row.file_name,
        what=slot_words(row.part, row.slot),
        replaces=replaces,
        created=row.created_at,
        created_by=row.created_by,
    )


def _problems(problems: Any, sentence: Sentence) -> tuple[ProblemList, ...]:
    found = []
    for severity in Severity:
        same = [one for one in problems if one["severity"] == severity]
        if same:
            lines = _lines(same, sentence)
            shown = lines[:MOST_SHOWN]
            more = len(lines) - len(shown)
            found.append(ProblemList(severity.value, _title(severity), len(same), shown, more))
    return tuple(found)


def _title(severity: Severity) -> str:
    if severity is Severity.BLOCK:
        return str(_("To mend before anything can be accepted"))
    return str(_("To look at; nothing stands in the way"))


def _lines(problems: Any, sentence: Sentence) -> tuple[ProblemLine, ...]:
    """In the order found; the same thing in several rows is one line."""
    rows: dict[tuple[str, str, str, str, str], list[int]] = {}
    for one in problems:
        file = one["params"].get("file", "")
        place = (file, one["sheet"], one["column"], one["value"], sentence(one))
        rows.setdefault(place, []).extend(() if one["row"] is None else (one["row"],))
    return tuple(
        ProblemLine(file, sheet, _rows(found), column, value, text)
        for (file, sheet, column, value, text), found in rows.items()
    )


def _rows(rows: list[int]) -> str:
    named = ", ".join(map(str, rows[:ROWS_NAMED]))
    more = len(rows) - ROWS_NAMED
    return named if more <= 0 else _("%(rows)s and %(n)s more") % {"rows": named, "n": more}


def _things(preview: Mapping[str, Any]) -> tuple[ThingLine, ...]:
    created, updated, unchanged = (preview.get(n, {}) for n in ("created", "updated", "unchanged"))
    names, kept = preview.get("names", {}), preview.get("kept", {})
    return tuple(
        ThingLine(
            thing=thing_word(model),
            added=created.get(model, 0),
            changed=updated.get(model, 0),
            unchanged=unchanged.get(model, 0),
            kept=len(kept.get(model, ())),
            names=", ".join(names.get(model, ())),
            kept_names=", ".join(kept.get(model, ())),
        )
        for model in THINGS
    )


def _is_same(one: ThingLine) -> bool:
    return bool(one.unchanged) and not (one.added or one.changed or one.kept)


def accepted_words(created: Mapping[str, int]) -> str:
    """What an acceptance brought, as one line."""
    n_schools, n_indicators = created.get("School", 0), created.get("Indicator", 0)
    n_asked = created.get("AgendaQuestion", 0)
    asked = ngettext(
        "%(n)s question of the endline agenda", "%(n)s questions of the endline agenda", n_asked
    )
    parts = [
        ngettext("%(n)s school", "%(n)s schools", n_schools) % {"n": n_schools},
        ngettext("%(n)s indicator", "%(n)s indicators", n_indicators) % {"n": n_indicators},
        *([asked % {"n": n_asked}] if n_asked else []),
    ]
    return ", ".join(parts)
