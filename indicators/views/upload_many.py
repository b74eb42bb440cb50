"""Several files accepted at once."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from indicators.access import open_project
from indicators.actions.accept_many import accept_many
from indicators.presenters.accept_many import sums, told
from indicators.presenters.upload import upload_lines
from indicators.queries.uploads import ready_rows
from indicators.roles import Permission
from indicators.views.run import ask_for_calculation
from indicators.views.signed_in import SignedInRequest


@require_http_methods(["GET", "HEAD", "POST"])
def upload_many(request: SignedInRequest, project_code: str) -> HttpResponse:
    """The files nothing blocks, and what they bring together; a POST accepts the ticked ones."""
    visit = open_project(request.user, project_code, Permission.UPLOAD_ACCEPT)
    if request.method == "POST":
        pks = {int(pk) for pk in request.POST.getlist("file") if pk.isdecimal() and len(pk) < 10}
        report = accept_many(project=visit.project, pks=pks, by=request.user)
        for is_well, text in told(report):
            (messages.success if is_well else messages.warning)(request, text)
        if report.accepted:
            ask_for_calculation(visit)
        elif not pks:
            messages.error(request, _("Tick the files to accept."))
        return redirect("upload-list", project_code)
    rows = ready_rows(project=visit.project)
    context = {"visit": visit, "lines": upload_lines(rows), "sums": sums(rows)}
    return render(request, "upload/many.html", context)
