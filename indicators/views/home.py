"""The way in: one's projects, and whether the site is alive."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from indicators.access import may_create_project, my_memberships


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """One project: its overview. Several: a list."""
    memberships = list(my_memberships(request.user))  # type: ignore[arg-type]
    if len(memberships) == 1:
        return redirect("project-overview", memberships[0].project.code)
    may_create = may_create_project(request.user)  # type: ignore[arg-type]
    context = {"memberships": memberships, "may_create": may_create}
    return render(request, "project/list.html", context)


@login_not_required
@require_safe
def health(request: HttpRequest) -> JsonResponse:
    """For a monitor: 200 while the database answers, else 503. Tells nothing else."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        is_alive = True
    except DatabaseError:
        is_alive = False
    return JsonResponse(
        {"database": "ok" if is_alive else "down", "version": settings.APP_VERSION},
        status=200 if is_alive else 503,
    )
