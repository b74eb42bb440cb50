"""Rows of a file that does not count yet: left out with a reason, and taken back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from indicators.access import Visit, open_upload
from indicators.actions.exclusions import RowsUnknown
from indicators.actions.left_out_rows import leave_out_rows, take_back_rows
from indicators.actions.uploads import UploadClosed
from indicators.forms.exclusion import LeftOutRowsForm, TakenBackForm
from indicators.models import Upload
from indicators.presenters.left_out_rows import as_ranges, left_out_views
from indicators.problem_texts import problem_parts
from indicators.queries.left_out_rows import (
    RowsInQuestion,
    left_out_rows,
    rows_in_question,
    sheets_with_rows,
)
from indicators.roles import Permission
from indicators.views.signed_in import SignedInRequest, posted
from indicators.views.upload_preview import go_on
from indicators.vocabulary import FileKind, UploadState

ROWS_NAMED = 20


def rows_context(visit: Visit, upload: Upload) -> dict[str, Any]:
    """What the page of a file takes to show rows left out, and to leave out more."""
    found: dict[str, Any] = {"left_out": left_out_views(left_out_rows(upload))}
    is_open = upload.state in (UploadState.RECEIVED, UploadState.CHECKED)
    # A template holds one checklist: its rows are questions.
    is_template = upload.kind == FileKind.CHECKLIST and upload.n_rows < 2
    if not is_open or is_template or not visit.may(Permission.UPLOAD_ACCEPT):
        return found
    sheets = sheets_with_rows(upload)
    form = LeftOutRowsForm(sheets=sheets) if sheets else None
    return {**found, "rows_form": form, "may_take_back": True}


@require_http_methods(["GET", "HEAD", "POST"])
def upload_rows(request: SignedInRequest, project_code: str, pk: int) -> HttpResponse:
    """Leave rows out: those that a problem names, or others."""
    visit, upload = open_upload(request.user, project_code, pk, Permission.UPLOAD_ACCEPT)
    asked = _asked(request, upload)
    initial = {"sheet": asked.sheet, "rows": as_ranges(asked.rows)} if asked else {}
    form = LeftOutRowsForm(posted(request), sheets=sheets_with_rows(upload), initial=initial)
    if request.method == "POST" and form.is_valid() and _are_left_out(request, upload, form):
        return redirect("upload-detail", project_code, pk)
    problem = problem_parts(asked.kind, asked.params)[0] if asked else ""
    context = {"visit": visit, "upload": upload, "form": form, "problem": problem}
    return render(request, "upload/rows.html", context)


def _asked(request: SignedInRequest, upload: Upload) -> RowsInQuestion | None:
    text = request.GET.get("problem", "")
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        return None
    return rows_in_question(upload, int(text), is_whole_kind="all" in request.GET)


def _are_left_out(request: SignedInRequest, upload: Upload, form: LeftOutRowsForm) -> bool:
    try:
        new = leave_out_rows(upload=upload, by=request.user, **form.cleaned_data)
    except RowsUnknown as unknown:
        rows = as_ranges(unknown.rows[:ROWS_NAMED])
        text = _("Nothing was left out: no answers stand in these rows: %(rows)s.")
        form.add_error("rows", text % {"rows": rows})
        return False
    except UploadClosed:
        messages.error(request, _("This is not possible in the present state of the file."))
        return True
    go_on(upload)
    text = ngettext("%(n)s row is left out.", "%(n)s rows are left out.", len(new))
    messages.success(request, text % {"n": len(new)})
    return True


@require_POST
def upload_rows_back(request: SignedInRequest, project_code: str, pk: int) -> HttpResponse:
    """Rows left out come back into the file."""
    _visit, upload = open_upload(request.user, project_code, pk, Permission.UPLOAD_ACCEPT)
    form = TakenBackForm(request.POST)
    try:
        if form.is_valid() and take_back_rows(upload=upload, by=request.user, **form.cleaned_data):
            go_on(upload)
            messages.success(request, _("The rows are back, and the file was checked anew."))
    except UploadClosed:
        messages.error(request, _("This is not possible in the present state of the file."))
    return redirect("upload-detail", project_code, pk)
