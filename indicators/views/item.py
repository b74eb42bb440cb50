"""Questions: the list, one question; indices side by side with strengths and weaknesses."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from indicators.access import open_item, open_project
from indicators.presenters.components import index_list_view
from indicators.presenters.items import item_list_view, item_view
from indicators.queries import components, items
from indicators.queries.provenance import run_head
from indicators.queries.visible import visible_run
from indicators.views.signed_in import SignedInRequest

MOST_LETTERS = 80  # of a word searched for


@require_safe
def item_list(request: SignedInRequest, project_code: str) -> HttpResponse:
    visit = open_project(request.user, project_code)
    found = visible_run(visit)
    if found is None:
        return render(request, "project/empty.html", {"visit": visit})
    page = item_list_view(
        items.item_list(visit=visit, run=found.run),
        instrument=request.GET.get("instrument", "")[:MOST_LETTERS],
        text=request.GET.get("text", "").strip()[:MOST_LETTERS],
    )
    context = {"visit": visit, "run": run_head(found), "page": page}
    return render(request, "item/list.html", context)


@require_safe
def item_detail(
    request: SignedInRequest, project_code: str, instrument: str, item_name: str
) -> HttpResponse:
    visit, item = open_item(request.user, project_code, instrument, item_name)
    found = visible_run(visit)
    if found is None:
        return render(request, "project/empty.html", {"visit": visit})
    page = item_view(items.item_sheet(visit=visit, item=item, run=found.run))
    context = {"visit": visit, "run": run_head(found), "page": page}
    return render(request, "item/detail.html", context)


@require_safe
def index_overview(request: SignedInRequest, project_code: str) -> HttpResponse:
    visit = open_project(request.user, project_code)
    found = visible_run(visit)
    if found is None:
        return render(request, "project/empty.html", {"visit": visit})
    page = index_list_view(components.index_list(visit=visit, run=found.run))
    context = {"visit": visit, "run": run_head(found), "page": page}
    return render(request, "index/overview.html", context)
