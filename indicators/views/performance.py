"""Targets against actuals, on screen and as a file."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from indicators.access import Visit, open_project
from indicators.models import Run
from indicators.presenters.indicator_filter import Filter
from indicators.presenters.legend import legend_view
from indicators.presenters.performance import PerformanceView, performance_view
from indicators.queries.performance import performance
from indicators.queries.provenance import run_head
from indicators.queries.rules import rules_of
from indicators.queries.visible import visible_run
from indicators.reports.performance_files import performance_csv, performance_workbook
from indicators.views.signed_in import SignedInRequest
from indicators.vocabulary import ExportFormat

TYPES = {
    ExportFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ExportFormat.CSV: "text/csv; charset=utf-8",
}


@require_safe
def performance_table(request: SignedInRequest, project_code: str) -> HttpResponse:
    visit = open_project(request.user, project_code)
    found = visible_run(visit)
    if found is None:
        return render(request, "project/empty.html", {"visit": visit})
    page = _page(request, visit, found.run)
    context = {"visit": visit, "run": run_head(found), "page": page}
    return render(request, "performance/table.html", context)


@require_safe
def performance_file(request: SignedInRequest, project_code: str) -> HttpResponse:
    """The table with the same filters; `format` is xlsx (the default) or csv."""
    visit = open_project(request.user, project_code)
    found = visible_run(visit)
    format = request.GET.get("format", ExportFormat.XLSX)
    if found is None or format not in TYPES:
        raise Http404
    page = _page(request, visit, found.run)
    if format == ExportFormat.CSV:
        content = performance_csv(page)
    else:
        rules = legend_view(rules_of(visit.project, found.run))
        content = performance_workbook(
            page, title=visit.project.name, run=run_head(found), rules=rules
        )
    response = HttpResponse(content, content_type=TYPES[ExportFormat(format)])
    name = f"performance-{visit.project.code}-{found.run.pk}.{format}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _page(request: SignedInRequest, visit: Visit, run: Run) -> PerformanceView:
    """The table as the address asks for it."""
    wanted = Filter.of(request.GET)
    table = performance(
        project=visit.project,
        run=run,
        min_group=visit.min_group,
        min_schools=visit.min_schools,
        group=wanted.group,
    )
    return performance_view(table, wanted)
