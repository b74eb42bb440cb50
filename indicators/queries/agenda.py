"""The endline agenda with its evidence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from django.db.models import Max

from indicators.models import AgendaQuestion, AuditEvent
from indicators.queries.citations import cited_figures
from indicators.queries.notes import visible_notes
from indicators.results import Agenda, AgendaRow, Figures, Line
from indicators.roles import Permission
from indicators.vocabulary import AgendaStatus, Evidence

if TYPE_CHECKING:
    from indicators.access import Visit
    from indicators.models import Project, Run

STATUSES = tuple(AgendaStatus)
# Kinds of audit events: what people did to the agenda outranks its file.
CREATED, REMOVED, MOVED = "agenda.created", "agenda.removed", "agenda.moved"


def agenda(visit: Visit, run: Run | None, *, status: str = "") -> Agenda:
    """The questions in their order, narrowed to a status. Three queries, and the figures'."""
    rows = list(AgendaQuestion.objects.filter(project=visit.project))
    counts = Counter(one.status for one in rows)
    shown = [one for one in rows if status not in STATUSES or one.status == status]
    return replace(_agenda(visit, run, shown), counts=counts)


def agenda_question(visit: Visit, run: Run | None, question: AgendaQuestion) -> Agenda:
    """One question, in the same form. Two queries and those of the figures."""
    return _agenda(visit, run, [question])


def _agenda(visit: Visit, run: Run | None, questions: list[AgendaQuestion]) -> Agenda:
    linked = _linked(questions)
    quotes = _quotes(visit)
    may_edit = visit.may(Permission.AGENDA_EDIT)
    seen = {one.pk: one.conclusion if may_edit or one.is_public else "" for one in questions}
    codes = {code for found in linked.values() for code in found}
    figures = cited_figures(visit, run, seen.values(), also=codes)
    rows = tuple(
        AgendaRow(
            code=one.code,
            section=one.section,
            question=one.question,
            status=one.status,
            evidence=evidence_of(linked[one.pk], figures),
            indicators=tuple(linked[one.pk]),
            conclusion=seen[one.pk],
            no_figure_reason=one.no_figure_reason if may_edit or one.is_public else "",
            is_public=one.is_public,
            quotes=tuple((code, quotes[code]) for code in linked[one.pk] if quotes[code]),
        )
        for one in questions
    )
    return Agenda(rows, figures)


def _linked(questions: Iterable[AgendaQuestion]) -> dict[int, list[str]]:
    """Codes of the indicators of each question in the order of the register. One query."""
    found: dict[int, list[str]] = {one.pk: [] for one in questions}
    pairs = (
        AgendaQuestion.indicators.through.objects.filter(agendaquestion__in=found)
        .order_by("indicator__position", "indicator__code")
        .values_list("agendaquestion_id", "indicator__code")
    )
    for pk, code in pairs:
        found[pk].append(code)
    return found


def _quotes(visit: Visit) -> Counter[str]:
    """Notes that the visit may read, by the code of their indicator. One query."""
    rows = visible_notes(visit).filter(indicator__isnull=False)
    return Counter(rows.order_by().values_list("indicator__code", flat=True))


def evidence_of(codes: Iterable[str], figures: Figures) -> Evidence:
    """Seen from the results alone: whether every indicator has a value at the last wave and a
    baseline to compare it with.
    """
    lines = [figures.lines.get(code) for code in codes]
    if not lines:
        return Evidence.NOT_LINKED
    if all(line is not None and _has_both(line) for line in lines):
        return Evidence.THERE
    has_any = any(line is not None and _has_end(line) for line in lines)
    return Evidence.PARTLY if has_any else Evidence.NONE


def _has_end(line: Line) -> bool:
    return line.endline is not None and line.endline.value is not None


def _has_both(line: Line) -> bool:
    """A baseline that is zero by definition stands in the change only."""
    has_baseline = (line.baseline is not None and line.baseline.value is not None) or (
        line.change is not None and line.change.baseline is not None
    )
    return has_baseline and _has_end(line)


def next_code(project: Project) -> str:
    """A code for a new question: one after the last "E25". One query."""
    numbers = [
        int(code[1:])
        for code in AgendaQuestion.objects.filter(project=project).values_list("code", flat=True)
        if code[:1] == "E" and code[1:].isascii() and code[1:].isdigit()
    ]
    return f"E{max(numbers, default=0) + 1:02d}"


def next_position(project: Project) -> int:
    last = AgendaQuestion.objects.filter(project=project).aggregate(last=Max("position"))["last"]
    return 0 if last is None else last + 1


def removed_codes(project: Project) -> frozenset[str]:
    """Questions that people took out and nobody added again. One query."""
    rows = AuditEvent.objects.filter(project=project, kind__in=(CREATED, REMOVED))
    last = dict(rows.order_by("pk").values_list("object_label", "kind"))
    return frozenset(code for code, kind in last.items() if kind == REMOVED)


def is_ordered_here(project: Project) -> bool:
    """Whether people changed the order of the questions. One query."""
    return AuditEvent.objects.filter(project=project, kind=MOVED).exists()
