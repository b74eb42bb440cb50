"""The audit log."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from indicators.access import open_project
from indicators.presenters.audit import event_views, kind_choices
from indicators.queries.audit import event_kinds, event_page
from indicators.roles import Permission
from indicators.views.signed_in import SignedInRequest, page_number, plain


@require_safe
def audit_list(request: SignedInRequest, project_code: str) -> HttpResponse:
    visit = open_project(request.user, project_code, Permission.AUDIT_VIEW)
    kind = plain(request.GET.get("kind", ""))
    page = event_page(
        project=visit.project,
        kind=kind,
        number=page_number(request),
        with_answers=visit.may(Permission.FACT_VIEW_SCHOOL),
    )
    context = {
        "visit": visit,
        "page": page,
        "events": event_views(page.rows),
        "kinds": kind_choices(event_kinds(visit.project)),
        "kind": kind,
    }
    return render(request, "audit/list.html", context)
