"""Names of schools in a file: which school is meant, remembered for later files."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from indicators.access import open_upload
from indicators.actions.school_names import (
    NameTaken,
    NotAsked,
    leave_out_school,
    remember_school_names,
    remember_suggested_names,
)
from indicators.actions.uploads import UploadClosed
from indicators.forms.school_name import LeaveOutForm, SchoolNameForm
from indicators.roles import Permission
from indicators.views.signed_in import SignedInRequest
from indicators.views.upload_preview import go_on


@require_POST
def upload_schools(request: SignedInRequest, project_code: str, pk: int) -> HttpResponse:
    """One name and its school, or (without a name) every name that is read as one school."""
    visit, upload = open_upload(request.user, project_code, pk, Permission.UPLOAD_ACCEPT)
    form = SchoolNameForm(request.POST, project=visit.project)
    try:
        if "text" not in request.POST:
            remember_suggested_names(upload=upload, by=request.user)
        elif form.is_valid():
            names = {form.cleaned_data["text"]: form.cleaned_data["school"]}
            remember_school_names(upload=upload, names=names, by=request.user)
        else:
            raise NotAsked
    except NotAsked:
        messages.error(request, _("Choose a school for one of the names listed here."))
    except NameTaken as taken:
        text = _("Not saved: %(school)s is called so already. Correct the file instead.")
        messages.error(request, text % {"school": taken.school})
    except UploadClosed:
        messages.error(request, _("This is not possible in the present state of the file."))
    else:
        go_on(upload)
        messages.success(request, _("Remembered, and the file was checked anew."))
    return redirect("upload-detail", project_code, pk)


@require_POST
def upload_leave_out(request: SignedInRequest, project_code: str, pk: int) -> HttpResponse:
    """Rows with a name that is no school of the project do not count in this file."""
    _visit, upload = open_upload(request.user, project_code, pk, Permission.UPLOAD_ACCEPT)
    form = LeaveOutForm(request.POST)
    try:
        if not form.is_valid():
            raise NotAsked
        leave_out_school(upload=upload, by=request.user, **form.cleaned_data)
    except NotAsked:
        messages.error(request, _("Say why the rows are left out."))
    except UploadClosed:
        messages.error(request, _("This is not possible in the present state of the file."))
    else:
        go_on(upload)
        messages.success(request, _("The rows are left out, and the file was checked anew."))
    return redirect("upload-detail", project_code, pk)
