"""The whole project: overview, legend and method."""

from types import SimpleNamespace

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from indicators.access import Visit, open_project
from indicators.presenters.indicator_filter import Filter
from indicators.presenters.legend import legend_view
from indicators.presenters.method.view import method_view
from indicators.presenters.overview import overview_view
from indicators.queries.project_overview import project_overview as read_overview
from indicators.queries.provenance import run_head
from indicators.queries.rules import rules_of
from indicators.queries.visible import visible_run
from indicators.roles import Permission
from indicators.views.signed_in import SignedInRequest


@require_safe
def project_overview(request: SignedInRequest, project_code: str) -> HttpResponse:
    visit = open_project(request.user, project_code)
    found = visible_run(visit)
    if found is None:
        return render(request, "project/empty.html", {"visit": visit})
    wanted = Filter.of(request.GET)
    overview = read_overview(
        project=visit.project,
        run=found.run,
        min_group=visit.min_group,
        min_schools=visit.min_schools,
        group=wanted.group,
    )
    context = {
        "visit": visit,
        "run": run_head(found),
        "page": overview_view(overview, wanted),
        "may_name_schools": visit.may(Permission.SCHOOL_VIEW_ALL),
    }
    return render(request, "project/overview.html", context)


@require_safe
def legend(request: SignedInRequest, project_code: str) -> HttpResponse:
    visit = open_project(request.user, project_code)
    context = {"visit": visit, "page": legend_view(_rules(visit))}
    return render(request, "project/legend.html", context)


@require_safe
def method(request: SignedInRequest, project_code: str) -> HttpResponse:
    visit = open_project(request.user, project_code)
    context = {"visit": visit, "page": method_view(_rules(visit))}
    return render(request, "project/method.html", context)


def _rules(visit: Visit) -> SimpleNamespace:
    found = visible_run(visit)
    return rules_of(visit.project, found.run if found else None)
