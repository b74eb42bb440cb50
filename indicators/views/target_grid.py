"""Targets as a sheet: looked at, typed, checked and saved many at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from indicators.access import Visit, open_project
from indicators.actions.target_grid import GridNotSaved, closed_indicators, save_targets
from indicators.actions.target_realism import Realism
from indicators.actions.targets import TargetRefusal, TargetRefused
from indicators.forms.target import REFUSALS
from indicators.forms.target_grid import GridForm, places_of
from indicators.presenters import target_grid as show
from indicators.presenters.run import run_view
from indicators.presenters.status_moves import status_move_lines
from indicators.queries.runs import newest_run_row
from indicators.queries.status_moves import n_stale_targets, status_moves
from indicators.queries.target_grid import (
    GridPage,
    GridWanted,
    first_codes,
    grid_of,
    grid_page,
    indicator_choices,
)
from indicators.queries.targets import school_choices
from indicators.roles import Permission
from indicators.views.run import STOP_POLLING, ask_for_calculation
from indicators.views.signed_in import SignedInRequest, page_number, plain

CHECK = "check"  # the button that only looks at what was typed


@require_http_methods(["GET", "HEAD", "POST"])
def target_grid(request: SignedInRequest, project_code: str) -> HttpResponse:
    wanted = wanted_of(request)
    if request.method == "POST":
        visit = open_project(request.user, project_code, Permission.TARGET_EDIT)
        return _posted(request, visit, wanted)
    visit = open_project(request.user, project_code, Permission.TARGET_VIEW)
    page = grid_page(visit, wanted)
    if page is None:
        raise Http404
    return render_sheet(request, visit, Sheet(visit, page, None))


@require_http_methods(["GET", "HEAD", "POST"])
def target_calculation(request: SignedInRequest, project_code: str) -> HttpResponse:
    """The part of the sheet about the calculation; a POST asks for a new one."""
    visit = open_project(request.user, project_code, Permission.RUN_START)
    if request.method == "POST":
        run = ask_for_calculation(visit)
        return redirect(f"{grid_address(visit, wanted_of(request))}&run={run.pk}#calculation")
    context = {"visit": visit, **calculation_context(request, visit)}
    status = 200 if context["calc"] and not context["calc"].is_final else STOP_POLLING
    return render(request, "target/_calculation.html", context, status=status)


class Sheet:
    """The form, the doubts and the lines of one page. Readers get no form and no doubts."""

    def __init__(self, visit: Visit, page: GridPage, data: Mapping[str, Any] | None) -> None:
        self.page, self.n_left_out = page, 0
        self.form: GridForm | None = None
        self.closed: Mapping[int, TargetRefusal] = {}  # indicators that get no target
        self._realism: Realism | None = None
        if page.is_editor:
            indicators = {row.indicator.pk for row in page.rows}
            self._realism = Realism(visit.project, indicators, page.evidence)
            self.closed = closed_indicators(visit.project, self._realism.indicators.values())
            self.form = GridForm(data, page=page, closed=self.closed)

    @property
    def parts(self) -> list[show.GridPart]:
        boxes = self.form.cells if self.form else {}
        return show.grid_parts(self.page, boxes, self._doubted(boxes))

    def keep_edited(self, most: int) -> bool:
        """Leave only rows in which something is to change, `most` of them; whether there is any."""
        cells = self.form.cells.values() if self.form else ()
        edited = {cell.place for cell in cells if cell.is_edited}
        rows = [row for row in self.page.rows if any(cell.place in edited for cell in row.cells)]
        self.page = replace(self.page, rows=tuple(rows[:most]), has_next=False)
        self.n_left_out = max(len(rows) - most, 0)
        return bool(rows)

    def _doubted(self, boxes: Mapping[Any, Any]) -> dict[Any, Any]:
        """What is said against the targets of the page, as they are typed or else as they stand."""
        if self._realism is None:
            return {}
        found = {}
        for row in self.page.rows:
            for cell in row.cells:
                box = boxes.get(cell.place)
                limits = box.limits if box and box.limits else cell
                found[cell.place] = self._realism.of(
                    row.place, limits.type, limits.low, limits.high
                )
        return found


def _posted(request: SignedInRequest, visit: Visit, wanted: GridWanted) -> HttpResponse:
    """Save and go back to the sheet, or show it again with everything that was typed."""
    sheet = Sheet(visit, grid_of(visit, wanted, places_of(request.POST)), request.POST)
    form = sheet.form
    assert form is not None  # noqa: S101  # the door let only editors in
    if request.POST.get("step") == CHECK or not form.is_valid():
        return render_sheet(request, visit, sheet, is_check=True)
    try:
        n = save_targets(
            project=visit.project,
            edits=form.edits(),
            rationale=form.cleaned_data["rationale"],
            is_confirmed=form.cleaned_data["is_confirmed"],
            by=request.user,
        )
    except TargetRefused as refused:
        form.add_error("rationale", REFUSALS[refused.reason])
    except GridNotSaved as refused:
        form.refuse(refused)
        return render_sheet(request, visit, sheet, status=409 if refused.stale else 200)
    else:
        messages.success(request, _saved(n))
        return redirect(grid_address(visit, wanted))
    return render_sheet(request, visit, sheet)


def _saved(n: int) -> str:
    if not n:
        return _("Nothing was changed, so nothing is saved.")
    text = ngettext("%(n)s target is saved.", "%(n)s targets are saved.", n) % {"n": n}
    return text + " " + _("Their status follows with the next calculation.")


def render_sheet(
    request: SignedInRequest, visit: Visit, sheet: Sheet, *, status: int = 200, **more: Any
) -> HttpResponse:
    wanted = sheet.page.wanted
    parts = sheet.parts
    context = {
        "visit": visit,
        "page": sheet.page,
        "form": sheet.form,
        "parts": parts,
        "wrong": [
            cell for part in parts for line in part.lines for cell in line.cells if cell.is_wrong
        ],
        "doubted": [line for part in parts for line in part.lines if line.doubted],
        "wanted": wanted,
        "n_left_out": sheet.n_left_out,
        "address": grid_address(visit, wanted),
        "may_edit": sheet.page.is_editor,
        "indicators": indicator_choices(visit) if wanted.indicator else [],
        "schools": school_choices(visit) if wanted.school else [],
        "block_options": show.part_options(wanted.block),
        "level_options": show.level_options(wanted.level),
        "first_codes": first_codes(visit),
        **(calculation_context(request, visit) if visit.may(Permission.RUN_START) else {}),
        "query": _query(wanted),
        **more,
    }
    return render(request, "target/grid.html", context, status=status)


def calculation_context(request: SignedInRequest, visit: Visit) -> dict[str, Any]:
    """The newest calculation and, when this page asked for it, which statuses it changed."""
    newest = newest_run_row(visit.project)
    asked = plain(request.GET.get("run", ""))
    moves = None
    if newest is not None and str(newest.pk) == asked and newest.is_done:
        moves = status_moves(visit.project, newest.pk)
    return {
        "calc": run_view(newest) if newest else None,
        "n_stale": n_stale_targets(visit.project),
        "query": _query(wanted_of(request)),
        "moves": moves,
        "move_lines": status_move_lines(moves.rows) if moves else [],
    }


def wanted_of(request: SignedInRequest) -> GridWanted:
    """The part of the sheet that the address names."""
    texts = {
        name: plain(request.GET.get(name, ""))[:120]
        for name in ("indicator", "school", "block", "level", "text")
    }
    is_headline = request.GET.get("headline") == "1"
    return GridWanted(**texts, is_headline=is_headline, number=page_number(request))


def grid_address(visit: Visit, wanted: GridWanted) -> str:
    return f"{reverse('target-grid', args=[visit.project.code])}?{_query(wanted)}"


def _query(wanted: GridWanted) -> str:
    values = {
        "indicator": wanted.indicator,
        "school": wanted.school,
        "block": wanted.block,
        "level": wanted.level,
        "text": wanted.text,
        "headline": "1" if wanted.is_headline else "",
        "page": str(wanted.number) if wanted.number > 1 else "",
    }
    return urlencode({name: value for name, value in values.items() if value})
