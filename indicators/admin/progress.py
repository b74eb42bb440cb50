"""School progress in the admin: the same query and presenter as the school's page on the site."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from indicators.access import Visit, my_memberships, open_project, open_school
from indicators.models import User
from indicators.presenters.school_progress import school_progress_view
from indicators.presenters.school_register import register_view
from indicators.queries.school_facts import school_facts
from indicators.queries.school_progress import school_progress
from indicators.queries.school_register import register_page
from indicators.queries.visible import visible_run
from indicators.results import Fact, SchoolFilter
from indicators.roles import ROLES, Permission


def school_list(request: HttpRequest) -> HttpResponse:
    """Schools by name with who answered, for one of the person's projects."""
    codes = _project_codes(request)
    code = request.GET.get("project") or (codes[0] if codes else "")
    if not code:
        raise Http404
    visit = open_project(_person(request), code, Permission.ADMIN_TABLES)
    found = visible_run(visit)
    number = request.GET.get("page", "1")
    wanted = SchoolFilter.of(request.GET)
    page = register_page(
        visit=visit,
        run=found.run if found else None,
        wanted=wanted,
        page=max(int(number), 1) if number.isdecimal() and len(number) < 6 else 1,
    )
    context = {"page": register_view(page, wanted), "project_codes": codes}
    return _shown(request, "list", visit, found, _("School progress"), context)


def school_detail(request: HttpRequest, project_code: str, school_code: str) -> HttpResponse:
    """Progress of one school, as on its page of the site; facts for those who may see them."""
    visit, school = open_school(
        _person(request), project_code, school_code, Permission.ADMIN_TABLES
    )
    found = visible_run(visit)
    page = None
    facts: tuple[Fact, ...] = ()
    if found is not None:
        progress = school_progress(
            project=visit.project, school=school, run=found.run, min_group=visit.min_group
        )
        page = school_progress_view(progress)
        if visit.may(Permission.FACT_VIEW_SCHOOL):
            facts = school_facts(school=school, waves=progress.waves)
    title = _("Progress of %(school)s") % {"school": f"{school.code} {school.name}"}
    return _shown(request, "detail", visit, found, title, {"page": page, "facts": facts})


def _person(request: HttpRequest) -> User:
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def _project_codes(request: HttpRequest) -> list[str]:
    return [
        membership.project.code
        for membership in my_memberships(_person(request))
        if Permission.ADMIN_TABLES in ROLES[membership.role].permissions  # type: ignore[index]
    ]


def _shown(
    request: HttpRequest,
    name: str,
    visit: Visit,
    found: Any,
    title: str,
    context: dict[str, Any],
) -> HttpResponse:
    return TemplateResponse(
        request,
        f"admin/school_progress/{name}.html",
        {
            **admin.site.each_context(request),
            "title": title,
            "visit": visit,
            "is_unpublished": found is not None and not found.is_published,
            "has_run": found is not None,
            **context,
        },
    )
