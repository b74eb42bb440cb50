"""What a file is: the officer's word where the content does not decide."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from indicators.access import open_upload
from indicators.actions.receive import describe_upload
from indicators.actions.uploads import UploadClosed
from indicators.forms.upload import UploadContentForm
from indicators.roles import Permission
from indicators.views.signed_in import SignedInRequest
from indicators.views.upload_preview import go_on


@require_POST
def upload_describe(request: SignedInRequest, project_code: str, pk: int) -> HttpResponse:
    visit, upload = open_upload(request.user, project_code, pk, Permission.UPLOAD_ACCEPT)
    form = UploadContentForm(request.POST, project=visit.project)
    if not form.is_valid():
        messages.error(request, _("Survey answers and checklists need a wave and a questionnaire."))
        return redirect("upload-detail", project_code, pk)
    try:
        describe_upload(upload=upload, by=request.user, **form.cleaned_data)
    except UploadClosed:
        messages.error(request, _("This is not possible in the present state of the file."))
    else:
        go_on(upload)
        messages.success(request, _("Saved, and the file was checked anew."))
    return redirect("upload-detail", project_code, pk)
