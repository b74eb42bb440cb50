"""Large files: how far a step is, cancel it, begin it again."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from indicators.access import open_upload
from indicators.actions.upload_check import UploadClosed
from indicators.actions.upload_jobs import cancel_job, request_job
from indicators.models import Upload
from indicators.presenters.upload_job import job_view
from indicators.queries.upload_jobs import job_row, newest_job
from indicators.roles import Permission
from indicators.tasks import enqueue_load
from indicators.views.run import STOP_POLLING
from indicators.views.signed_in import SignedInRequest
from indicators.vocabulary import UploadStep


def job_context(upload: Upload) -> dict[str, Any]:
    """`is_busy`: a step goes on, and everything else waits for it."""
    job = job_view(job_row(upload))
    return {"job": job, "is_busy": job is not None and not job.is_final}


@require_safe
def upload_progress(request: SignedInRequest, project_code: str, pk: int) -> HttpResponse:
    """The part of the page that changes while a step goes on; the whole page when it is over."""
    visit, upload = open_upload(request.user, project_code, pk, Permission.UPLOAD_ACCEPT)
    context = {"visit": visit, "sheet": upload, **job_context(upload)}
    job = context["job"]
    if job is not None and not job.is_final:
        return render(request, "upload/_job.html", context)
    response = HttpResponse(status=STOP_POLLING)
    response["HX-Refresh"] = "true"
    return response


@require_POST
def upload_step(request: SignedInRequest, project_code: str, pk: int) -> HttpResponse:
    """Begin a step of the file again."""
    _visit, upload = open_upload(request.user, project_code, pk, Permission.UPLOAD_ACCEPT)
    try:
        step = UploadStep(request.POST.get("step", ""))
    except ValueError as error:
        raise Http404 from error
    begin_step(request, upload, step)
    return redirect("upload-detail", project_code, pk)


def begin_step(request: SignedInRequest, upload: Upload, step: UploadStep) -> None:
    """In the background; says so when another step stands in the way."""
    try:
        enqueue_load(request_job(upload=upload, step=step, by=request.user).pk)
    except UploadClosed:
        messages.error(request, _("This is not possible in the present state of the file."))


@require_POST
def upload_cancel(request: SignedInRequest, project_code: str, pk: int) -> HttpResponse:
    _visit, upload = open_upload(request.user, project_code, pk, Permission.UPLOAD_ACCEPT)
    job = newest_job(upload)
    if job is not None:
        cancel_job(job=job, by=request.user)
        messages.info(request, _("It stops within a second. Nothing is stored."))
    return redirect("upload-detail", project_code, pk)
