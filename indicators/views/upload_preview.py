"""What a decision about a file would change: asked for, waited for, looked at."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from indicators.access import Visit, open_upload
from indicators.actions.previews import preview_of_checked, request_preview
from indicators.actions.replace import replace_upload
from indicators.actions.uploads import (
    AlreadyAccepted,
    NotWithdrawn,
    UploadClosed,
    UploadRefused,
    WaveClosed,
)
from indicators.forms.target import ReasonForm
from indicators.models import Upload
from indicators.presenters.preview import preview_views
from indicators.presenters.upload import upload_view
from indicators.queries.previews import earlier_file, preview_sheets
from indicators.queries.upload_jobs import waiting_job
from indicators.roles import Permission
from indicators.tasks import enqueue_load, enqueue_preview
from indicators.views.run import STOP_POLLING, ask_for_calculation
from indicators.views.signed_in import SignedInRequest
from indicators.vocabulary import PreviewStep


def go_on(upload: Upload) -> None:
    """After a check: its preview. A large file that waits for its check is handed out instead."""
    job = waiting_job(upload)
    if job is not None:
        enqueue_load(job.pk)
    elif (preview := preview_of_checked(upload=upload)) is not None:
        enqueue_preview(preview.pk)


def preview_context(visit: Visit, upload: Upload) -> dict[str, Any]:
    """What the part of the page about decisions takes; nothing for those who decide nothing."""
    if not visit.may(Permission.UPLOAD_ACCEPT):
        return {"previews": [], "is_waiting": False}
    previews = preview_views(preview_sheets(upload), upload_view(upload))
    return {
        "previews": previews,
        "is_waiting": any(preview.state == "waiting" for preview in previews),
    }


@require_safe
def upload_previews(request: SignedInRequest, project_code: str, pk: int) -> HttpResponse:
    """The part of the page that changes while a preview is worked out."""
    visit, upload = open_upload(request.user, project_code, pk, Permission.UPLOAD_ACCEPT)
    context = {"visit": visit, "sheet": upload, **preview_context(visit, upload)}
    status = 200 if context["is_waiting"] else STOP_POLLING
    return render(request, "upload/_previews.html", context, status=status)


@require_POST
def upload_preview(request: SignedInRequest, project_code: str, pk: int) -> HttpResponse:
    _own, upload = open_upload(request.user, project_code, pk, Permission.UPLOAD_ACCEPT)
    step = request.POST.get("step", "")
    if step not in (PreviewStep.ACCEPT, PreviewStep.WITHDRAW):
        raise Http404
    enqueue_preview(request_preview(upload=upload, step=PreviewStep(step)).pk)
    return redirect("upload-detail", project_code, pk)


@require_POST
def upload_replace(request: SignedInRequest, project_code: str, pk: int) -> HttpResponse:
    """Put the file in the place of the earlier version that its preview found."""
    visit, upload = open_upload(request.user, project_code, pk, Permission.UPLOAD_ACCEPT)
    form = ReasonForm(request.POST)
    earlier = earlier_file(upload)
    try:
        if earlier is None:
            raise UploadClosed
        if not form.is_valid():
            messages.error(request, _("Say what was corrected."))
            return redirect("upload-detail", project_code, pk)
        reason = form.cleaned_data["reason"]
        replace_upload(upload=upload, earlier=earlier, by=request.user, reason=reason)
    except (UploadRefused, AlreadyAccepted, NotWithdrawn, UploadClosed, WaveClosed):
        messages.error(request, _("Not replaced: nothing was changed. Check the file again."))
    else:
        ask_for_calculation(visit)
        messages.success(
            request, _("Replaced: the corrected file counts, the earlier one no more.")
        )
    return redirect("upload-detail", project_code, pk)
