"""One indicator."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from indicators.access import open_indicator
from indicators.presenters.reproduction import sheet_downloads
from indicators.presenters.sheet import sheet_view
from indicators.queries.indicator_sheet import indicator_sheet
from indicators.queries.provenance import run_head
from indicators.queries.visible import visible_run
from indicators.results import SchoolFilter
from indicators.roles import Permission
from indicators.views.signed_in import SignedInRequest, page_number


@require_safe
def indicator_detail(
    request: SignedInRequest, project_code: str, indicator_code: str
) -> HttpResponse:
    visit, indicator = open_indicator(request.user, project_code, indicator_code)
    found = visible_run(visit)
    if found is None:
        return render(request, "project/empty.html", {"visit": visit})
    wanted = SchoolFilter.of(request.GET)
    sheet = indicator_sheet(
        visit=visit, indicator=indicator, run=found.run, wanted=wanted, page=page_number(request)
    )
    run = run_head(found)
    may_download = visit.may(Permission.ANSWERS_DOWNLOAD)
    context = {
        "visit": visit,
        "run": run,
        "page": sheet_view(sheet, run, wanted),
        "may_edit": visit.may(Permission.PROJECT_SETUP),
        "downloads": sheet_downloads(sheet) if may_download else None,
    }
    return render(request, "indicator/detail.html", context)
