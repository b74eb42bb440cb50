"""Gaps: the list, and one gap with both its sides."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from indicators.access import open_indicator, open_project
from indicators.presenters.gap import gap_view
from indicators.presenters.gap_filter import GapFilter, kind_of
from indicators.presenters.gaps import gap_list_view
from indicators.queries import gaps
from indicators.queries.provenance import run_head
from indicators.queries.visible import visible_run
from indicators.views.signed_in import SignedInRequest


@require_safe
def gap_list(request: SignedInRequest, project_code: str) -> HttpResponse:
    visit = open_project(request.user, project_code)
    found = visible_run(visit)
    if found is None:
        return render(request, "project/empty.html", {"visit": visit})
    page = gap_list_view(gaps.gap_list(visit=visit, run=found.run), GapFilter.of(request.GET))
    return render(request, "gap/list.html", {"visit": visit, "run": run_head(found), "page": page})


@require_safe
def gap_detail(
    request: SignedInRequest, project_code: str, indicator_code: str, kind: str
) -> HttpResponse:
    visit, indicator = open_indicator(request.user, project_code, indicator_code)
    found = visible_run(visit)
    if found is None:
        return render(request, "project/empty.html", {"visit": visit})
    listed = gaps.gap_list(visit=visit, run=found.run, indicator=indicator)
    line = next((line for line in listed.lines if kind_of(line) == kind), None)
    if line is None:
        raise Http404
    context = {"visit": visit, "run": run_head(found), "page": gap_view(line, listed.waves)}
    return render(request, "gap/detail.html", context)
