"""Rows of an accepted file left out of the results, and put back."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from indicators.access import open_upload
from indicators.actions.exclusions import RowsUnknown, exclude_rows, include_row
from indicators.actions.uploads import UploadClosed, WaveClosed
from indicators.forms.exclusion import ExclusionForm
from indicators.roles import Permission
from indicators.views.run import ask_for_calculation
from indicators.views.signed_in import SignedInRequest
from indicators.views.upload import NOT_NOW, WAVE_CLOSED

ROWS_NAMED = 20


@require_POST
def upload_exclude(request: SignedInRequest, project_code: str, pk: int) -> HttpResponse:
    visit, upload = open_upload(request.user, project_code, pk, Permission.UPLOAD_ACCEPT)
    form = ExclusionForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Name the rows, like 3, 7-9, and say why they are left out."))
        return redirect("upload-detail", project_code, pk)
    try:
        new = exclude_rows(upload=upload, by=request.user, **form.cleaned_data)
    except RowsUnknown as unknown:
        rows = ", ".join(map(str, unknown.rows[:ROWS_NAMED]))
        text = _("Nothing was left out: these rows hold no used answers: %(rows)s.")
        messages.error(request, text % {"rows": rows})
    except WaveClosed as closed:
        messages.error(request, WAVE_CLOSED % {"waves": closed.names})
    except UploadClosed:
        messages.error(request, NOT_NOW)
    else:
        if new:
            ask_for_calculation(visit)
        text = ngettext("%(n)s row is left out.", "%(n)s rows are left out.", len(new))
        messages.success(request, text % {"n": len(new)})
    return redirect("upload-detail", project_code, pk)


@require_POST
def upload_include(request: SignedInRequest, project_code: str, pk: int, row: int) -> HttpResponse:
    visit, upload = open_upload(request.user, project_code, pk, Permission.UPLOAD_ACCEPT)
    try:
        is_back = include_row(upload=upload, row=row, by=request.user)
    except WaveClosed as closed:
        messages.error(request, WAVE_CLOSED % {"waves": closed.names})
        return redirect("upload-detail", project_code, pk)
    except UploadClosed:
        messages.error(request, NOT_NOW)
        return redirect("upload-detail", project_code, pk)
    if is_back:
        ask_for_calculation(visit)
        messages.success(request, _("Row %(n)s counts again.") % {"n": row})
    return redirect("upload-detail", project_code, pk)
