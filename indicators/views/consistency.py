"""Whether the figures of a calculation agree with each other."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from indicators.access import open_run
from indicators.presenters.cited_help import lost_views
from indicators.presenters.consistency import consistency_view
from indicators.queries.consistency import consistency_page
from indicators.queries.lost_citations import lost_citations
from indicators.views.signed_in import SignedInRequest, page_number


@require_safe
def consistency_list(request: SignedInRequest, project_code: str, pk: int) -> HttpResponse:
    visit, run = open_run(request.user, project_code, pk)
    page = consistency_page(run, number=page_number(request))
    context = {
        "visit": visit,
        "run": run,
        "page": page,
        "checks": consistency_view(page.found),
        "lost": lost_views(lost_citations(visit.project), project_code),
    }
    return render(request, "consistency/list.html", context)
