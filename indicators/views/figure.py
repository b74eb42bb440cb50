"""Figures of a printed report against the stored ones."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from indicators.access import open_project
from indicators.actions.printed_figures import check_figures
from indicators.forms.figure import FiguresForm
from indicators.presenters.figure import columns_help, figures_view
from indicators.queries.provenance import run_head
from indicators.queries.visible import visible_run
from indicators.roles import Permission
from indicators.views.signed_in import SignedInRequest, posted


@require_http_methods(["GET", "HEAD", "POST"])
def figure_check(request: SignedInRequest, project_code: str) -> HttpResponse:
    visit = open_project(request.user, project_code, Permission.RUN_START)
    found = visible_run(visit)
    form = FiguresForm(posted(request))
    context = {"visit": visit, "form": form, "columns": columns_help(), "has_run": bool(found)}
    if found is None:
        return render(request, "figure/check.html", context)
    context["run"] = run_head(found)
    if request.method == "POST" and form.is_valid():
        check = check_figures(run=found.run, text=form.cleaned_data["table"], by=request.user)
        context["check"] = figures_view(check)
    return render(request, "figure/check.html", context)
