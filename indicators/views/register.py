"""The register of indicators: the tree, the reference sheets, and the whole as a workbook."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from indicators.access import open_indicator, open_project
from indicators.actions.register_export import register_workbook
from indicators.presenters.register import RegisterFilter, register_view
from indicators.presenters.register_readme import readme
from indicators.presenters.register_sheet import register_sheet_view
from indicators.presenters.versions import version_views
from indicators.queries.provenance import run_head
from indicators.queries.register import project_register, register_sheet
from indicators.queries.versions import versions_of
from indicators.queries.visible import visible_run
from indicators.roles import Permission
from indicators.views.signed_in import SignedInRequest

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
def register_list(request: SignedInRequest, project_code: str) -> HttpResponse:
    visit = open_project(request.user, project_code)
    found = visible_run(visit)
    register = project_register(
        project=visit.project, run=found.run if found else None, min_group=visit.min_group
    )
    context = {
        "visit": visit,
        "run": run_head(found) if found else None,
        "page": register_view(register, RegisterFilter.of(request.GET)),
        "may_set_up": visit.may(Permission.PROJECT_SETUP),
    }
    return render(request, "register/list.html", context)


@require_safe
def register_detail(
    request: SignedInRequest, project_code: str, indicator_code: str
) -> HttpResponse:
    visit, indicator = open_indicator(request.user, project_code, indicator_code)
    found = visible_run(visit)
    sees_history = visit.may(Permission.RESULT_VIEW_UNPUBLISHED)
    sheet = register_sheet(visit=visit, indicator=indicator, run=found.run if found else None)
    context = {
        "visit": visit,
        "run": run_head(found) if found else None,
        "page": register_sheet_view(sheet),
        "versions": version_views(versions_of(indicator)) if sees_history else None,
        "may_set_up": visit.may(Permission.PROJECT_SETUP),
    }
    return render(request, "register/detail.html", context)


@require_safe
def register_export(request: SignedInRequest, project_code: str) -> HttpResponse:
    """The whole register as the workbook that a load reads."""
    visit = open_project(request.user, project_code, Permission.PROJECT_SETUP)
    content = register_workbook(project=visit.project, readme=readme())
    response = HttpResponse(content, content_type=XLSX)
    name = f"framework-{visit.project.code}.xlsx"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
