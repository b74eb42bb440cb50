"""Odd answers in a file: what each means, remembered for later files."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from indicators.access import open_upload
from indicators.actions.uploads import UploadClosed
from indicators.actions.values import ValueNotAsked, map_suggested_values, map_values
from indicators.forms.values import chosen_values
from indicators.roles import Permission
from indicators.views.signed_in import SignedInRequest
from indicators.views.upload_preview import go_on


@require_POST
def upload_values(request: SignedInRequest, project_code: str, pk: int) -> HttpResponse:
    """Answers and their meanings, or (without any) every suggestion of the reader."""
    _visit, upload = open_upload(request.user, project_code, pk, Permission.UPLOAD_ACCEPT)
    try:
        if "value" not in request.POST:
            map_suggested_values(upload=upload, by=request.user)
        elif choices := chosen_values(request.POST):
            map_values(upload=upload, choices=choices, by=request.user)
        else:
            raise ValueNotAsked
    except ValueNotAsked:
        text = _("Nothing was changed: choose an answer for one of the values listed here.")
        messages.error(request, text)
    except UploadClosed:
        messages.error(request, _("This is not possible in the present state of the file."))
    else:
        go_on(upload)
        messages.success(request, _("Remembered, and the file was checked anew."))
    return redirect("upload-detail", project_code, pk)
