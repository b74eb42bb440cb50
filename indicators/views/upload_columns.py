"""Columns of a file: which question each holds, remembered for later files."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from indicators.access import open_upload
from indicators.actions.columns import ColumnNotAsked, map_columns
from indicators.actions.uploads import UploadClosed
from indicators.forms.columns import chosen_columns
from indicators.roles import Permission
from indicators.views.signed_in import SignedInRequest
from indicators.views.upload_preview import go_on


@require_POST
def upload_columns(request: SignedInRequest, project_code: str, pk: int) -> HttpResponse:
    _visit, upload = open_upload(request.user, project_code, pk, Permission.UPLOAD_ACCEPT)
    choices = chosen_columns(request.POST)
    try:
        if choices is None:
            raise ColumnNotAsked
        map_columns(upload=upload, choices=choices, by=request.user)
    except ColumnNotAsked:
        messages.error(request, _("Choose a question for one of the columns listed here."))
    except UploadClosed:
        messages.error(request, _("This is not possible in the present state of the file."))
    else:
        go_on(upload)
        messages.success(request, _("Remembered, and the file was checked anew."))
    return redirect("upload-detail", project_code, pk)
