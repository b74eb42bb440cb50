"""Calculations: list, progress, start, cancel, publish, withdraw."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from indicators.access import Visit, open_project, open_run
from indicators.actions.runs import cancel_run, request_run
from indicators.models import Run
from indicators.presenters.run import run_view
from indicators.queries.runs import run_page, run_row
from indicators.roles import Permission
from indicators.tasks import enqueue_calculation
from indicators.views.signed_in import SignedInRequest, page_number

# htmx stops asking when it gets this status.
STOP_POLLING = 286


def ask_for_calculation(visit: Visit) -> Run:
    """A new calculation in the background, or the one that waits already."""
    run = request_run(project=visit.project, by=visit.user)
    enqueue_calculation(run.pk)
    return run


@require_safe
def run_list(request: SignedInRequest, project_code: str) -> HttpResponse:
    visit = open_project(request.user, project_code, Permission.RUN_START)
    page = run_page(project=visit.project, number=page_number(request))
    context = {"visit": visit, "page": page, "runs": [run_view(row) for row in page.rows]}
    return render(request, "run/list.html", context)


@require_safe
def run_detail(request: SignedInRequest, project_code: str, pk: int) -> HttpResponse:
    visit, run = open_run(request.user, project_code, pk)
    return render(request, "run/detail.html", {"visit": visit, "calc": run_view(run_row(run))})


@require_safe
def run_progress(request: SignedInRequest, project_code: str, pk: int) -> HttpResponse:
    """The part of the page that changes while a calculation runs."""
    visit, run = open_run(request.user, project_code, pk)
    row = run_row(run)
    status = STOP_POLLING if row.is_final else 200
    context = {"visit": visit, "calc": run_view(row)}
    return render(request, "run/_progress.html", context, status=status)


@require_POST
def run_start(request: SignedInRequest, project_code: str) -> HttpResponse:
    visit = open_project(request.user, project_code, Permission.RUN_START)
    return redirect("run-detail", project_code, ask_for_calculation(visit).pk)


@require_POST
def run_cancel(request: SignedInRequest, project_code: str, pk: int) -> HttpResponse:
    _visit, run = open_run(request.user, project_code, pk, Permission.RUN_START)
    cancel_run(run=run, by=request.user)
    messages.info(request, _("The calculation stops at its next step."))
    return redirect("run-detail", project_code, pk)
