"""Publish a calculation, or take it back."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from indicators.access import open_run
from indicators.actions.releases import (
    ReleaseRefusal,
    ReleaseRefused,
    publish_run,
    unpublish_run,
)
from indicators.roles import Permission
from indicators.views.signed_in import SignedInRequest, plain

REFUSALS = {
    ReleaseRefusal.NOT_DONE: gettext_lazy("Only a finished calculation can be published."),
    ReleaseRefusal.ALREADY_PUBLISHED: gettext_lazy("It is published already."),
    ReleaseRefusal.NOT_PUBLISHED: gettext_lazy("It is not published."),
}


@require_POST
def release_publish(request: SignedInRequest, project_code: str, pk: int) -> HttpResponse:
    _visit, run = open_run(request.user, project_code, pk, Permission.RUN_PUBLISH)
    try:
        publish_run(run=run, by=request.user, note=plain(request.POST.get("note", ""))[:2000])
    except ReleaseRefused as refused:
        messages.error(request, REFUSALS[refused.reason])
    else:
        messages.success(request, _("Published: donors and directors see these results now."))
    return redirect("run-detail", project_code, pk)


@require_POST
def release_withdraw(request: SignedInRequest, project_code: str, pk: int) -> HttpResponse:
    _visit, run = open_run(request.user, project_code, pk, Permission.RUN_PUBLISH)
    try:
        unpublish_run(run=run, by=request.user)
    except ReleaseRefused as refused:
        messages.error(request, REFUSALS[refused.reason])
    else:
        messages.success(
            request, _("Withdrawn: donors see the release before it, or none if there is none.")
        )
    return redirect("run-detail", project_code, pk)
