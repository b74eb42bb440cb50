"""The schools of a project and the progress of one."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from indicators.access import open_project, open_school
from indicators.presenters.reproduction import school_downloads
from indicators.presenters.school_progress import school_progress_view
from indicators.presenters.schools import school_list_view
from indicators.queries.notes import school_quotes
from indicators.queries.provenance import run_head
from indicators.queries.school_facts import school_facts
from indicators.queries.school_progress import school_progress
from indicators.queries.schools import school_page
from indicators.queries.visible import visible_run
from indicators.results import SchoolFilter
from indicators.roles import Permission
from indicators.views.signed_in import SignedInRequest, page_number


@require_safe
def school_list(request: SignedInRequest, project_code: str) -> HttpResponse:
    visit = open_project(request.user, project_code)
    found = visible_run(visit)
    run = found.run if found else None
    wanted = SchoolFilter.of(request.GET)
    page = school_page(visit=visit, run=run, wanted=wanted, page=page_number(request))
    context = {
        "visit": visit,
        "run": run_head(found) if found else None,
        "page": school_list_view(page, wanted),
    }
    return render(request, "school/list.html", context)


@require_safe
def school_detail(request: SignedInRequest, project_code: str, school_code: str) -> HttpResponse:
    visit, school = open_school(request.user, project_code, school_code)
    found = visible_run(visit)
    if found is None:
        return render(request, "project/empty.html", {"visit": visit})
    progress = school_progress(
        project=visit.project, school=school, run=found.run, min_group=visit.min_group
    )
    may_see_facts = visit.may(Permission.FACT_VIEW_SCHOOL)
    may_download = visit.may(Permission.ANSWERS_DOWNLOAD)
    context = {
        "visit": visit,
        "run": run_head(found),
        "page": school_progress_view(progress),
        "facts": school_facts(school=school, waves=progress.waves) if may_see_facts else (),
        "quotes": school_quotes(visit, school),
        "downloads": school_downloads(progress) if may_download else None,
    }
    return render(request, "school/detail.html", context)
