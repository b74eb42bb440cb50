"""Files: list, load, look at the problems, accept, withdraw, download."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from indicators.access import open_project, open_upload
from indicators.actions.receive import receive_files
from indicators.actions.received import received_tables
from indicators.actions.upload_check import is_large
from indicators.actions.upload_jobs import check_soon
from indicators.actions.uploads import (
    AlreadyAccepted,
    NotWithdrawn,
    UploadClosed,
    UploadRefused,
    WaveClosed,
    accept_upload,
    check_upload,
    withdraw_upload,
)
from indicators.forms.target import ReasonForm
from indicators.forms.upload import FilesForm, UploadContentForm
from indicators.models import Upload
from indicators.presenters import upload as show
from indicators.presenters.columns import columns_view
from indicators.presenters.school_names import school_names_view
from indicators.presenters.upload_content import content_view
from indicators.presenters.values import values_view
from indicators.presenters.wording import wording_note_view
from indicators.problem_texts import problem_text
from indicators.queries.columns import columns_to_decide
from indicators.queries.exclusions import exclusion_rows
from indicators.queries.school_names import school_names
from indicators.queries.upload_content import upload_content
from indicators.queries.uploads import n_ready, problem_rows, upload_page, upload_sheet
from indicators.queries.values import values_to_decide
from indicators.queries.wording_page import version_note
from indicators.reports.marked_workbook import marked_workbook
from indicators.roles import Permission
from indicators.views.run import ask_for_calculation
from indicators.views.signed_in import SignedInRequest, page_number, posted
from indicators.views.upload_job import begin_step, job_context
from indicators.views.upload_preview import go_on, preview_context
from indicators.views.upload_rows import rows_context
from indicators.vocabulary import UploadState, UploadStep

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
NOT_NOW = gettext_lazy("This is not possible in the present state of the file.")

WAVE_CLOSED = gettext_lazy(
    "Not done: the wave “%(waves)s” is not open, so its data stay as they are. It is opened and "
    "unlocked on the page Waves."
)


@require_safe
def upload_list(request: SignedInRequest, project_code: str) -> HttpResponse:
    visit = open_project(request.user, project_code, Permission.UPLOAD_VIEW)
    page = upload_page(project=visit.project, number=page_number(request))
    context = {
        "visit": visit,
        "page": page,
        "lines": show.upload_lines(page.rows),
        "may_load": visit.may(Permission.UPLOAD_ACCEPT),
        "n_ready": n_ready(visit.project),
    }
    return render(request, "upload/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def upload_new(request: SignedInRequest, project_code: str) -> HttpResponse:
    visit = open_project(request.user, project_code, Permission.UPLOAD_ACCEPT)
    form = FilesForm(posted(request), request.FILES or None)
    if request.method == "POST" and form.is_valid():
        files = [(file.name or "", file) for file in form.cleaned_data["file"]]
        uploads = receive_files(project=visit.project, files=files, by=request.user)
        for upload in uploads:
            go_on(upload)
        if len(uploads) == 1:
            return redirect("upload-detail", project_code, uploads[0].pk)
        text = _("%(n)s files were received and checked. See what each was recognised as.")
        messages.success(request, text % {"n": len(uploads)})
        return redirect("upload-list", project_code)
    return render(request, "upload/new.html", {"visit": visit, "form": form})


@require_safe
def upload_detail(request: SignedInRequest, project_code: str, pk: int) -> HttpResponse:
    visit, upload = open_upload(request.user, project_code, pk)
    sheet = upload_sheet(upload)
    working = job_context(upload)
    context = {
        "visit": visit,
        "sheet": sheet,
        "upload": show.upload_view(sheet),
        **working,
        "funnel": show.funnel_steps(sheet.funnel),
        "sections": show.problem_sections(sheet.groups, problem_text),
        "may_accept": visit.may(Permission.UPLOAD_ACCEPT),
        **preview_context(visit, upload),
        **({} if working["is_busy"] else _to_decide(upload)),
        "wording": wording_note_view(version_note(visit.project, upload.version_id)),
        **rows_context(visit, upload),
        "exclusions": exclusion_rows(upload) if sheet.funnel else None,
        "may_export": sheet.funnel and visit.may(Permission.ANSWERS_DOWNLOAD),
    }
    return render(request, "upload/detail.html", context)


def _to_decide(upload: Upload) -> dict[str, Any]:
    """What an officer may still say about a file that does not count yet."""
    if upload.state not in (UploadState.RECEIVED, UploadState.CHECKED):
        return {}
    content = content_view(upload_content(upload))
    return {
        "content": content,
        "content_form": UploadContentForm.of(upload),
        "columns": columns_view(columns_to_decide(upload)),
        "values": values_view(values_to_decide(upload)),
        "school_names": school_names_view(school_names(upload)),
    }


class _Echo:
    """A file for the csv writer that hands every line on."""

    def write(self, line: str) -> str:
        return line


@require_safe
def upload_problems(request: SignedInRequest, project_code: str, pk: int) -> StreamingHttpResponse:
    """Every problem as a table. UTF-8 with a mark, so that Excel reads Cyrillic."""
    _visit, upload = open_upload(request.user, project_code, pk)
    writer = csv.writer(_Echo())

    def lines() -> Iterator[str]:
        yield "\ufeff" + writer.writerow(show.csv_header())
        for problem in problem_rows(upload):
            yield writer.writerow(show.csv_cells(problem, problem_text))

    response = StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="problems-{upload.pk}.csv"'
    return response


@require_safe
def upload_download(request: SignedInRequest, project_code: str, pk: int) -> FileResponse:
    """The file as received, always as an attachment: nothing in it runs in the browser."""
    _visit, upload = open_upload(request.user, project_code, pk, Permission.UPLOAD_ACCEPT)
    try:
        content = default_storage.open(upload.stored_as, "rb")
    except FileNotFoundError as error:
        raise Http404 from error
    return FileResponse(
        content,
        as_attachment=True,
        filename=upload.file_name,
        content_type="application/octet-stream",
    )


@require_safe
def upload_marked(request: SignedInRequest, project_code: str, pk: int) -> HttpResponse:
    """The table received as a workbook, its bad cells coloured and commented."""
    _visit, upload = open_upload(request.user, project_code, pk, Permission.UPLOAD_ACCEPT)
    try:
        raw = received_tables(upload)
    except FileNotFoundError as error:
        raise Http404 from error
    content = marked_workbook(raw, list(problem_rows(upload)))
    response = HttpResponse(content, content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="problems-{upload.pk}.xlsx"'
    response["Cache-Control"] = "no-store"  # answers of people stay in no cache
    return response


@require_POST
def upload_check(request: SignedInRequest, project_code: str, pk: int) -> HttpResponse:
    """Check again, as after a school got a new name."""
    _visit, upload = open_upload(request.user, project_code, pk, Permission.UPLOAD_ACCEPT)
    try:
        go_on(check_soon(upload=upload, by=request.user))
    except UploadClosed:
        messages.error(request, NOT_NOW)
    return redirect("upload-detail", project_code, pk)


@require_POST
def upload_accept(request: SignedInRequest, project_code: str, pk: int) -> HttpResponse:
    visit, upload = open_upload(request.user, project_code, pk, Permission.UPLOAD_ACCEPT)
    if is_large(upload):
        begin_step(request, upload, UploadStep.ACCEPT)
        return redirect("upload-detail", project_code, pk)
    try:
        accept_upload(upload=upload, by=request.user)
    except UploadRefused:
        check_upload(upload=upload, by=request.user)
        messages.error(request, _("Not accepted: problems block the file. They are listed here."))
    except AlreadyAccepted as already:
        text = _("Not accepted: the same file counts already, loaded as %(name)s.")
        messages.error(request, text % {"name": already.upload.file_name})
    except UploadClosed:
        messages.error(request, NOT_NOW)
    else:
        ask_for_calculation(visit)
        messages.success(request, _("Accepted: the data count. A new calculation has started."))
    return redirect("upload-detail", project_code, pk)


@require_POST
def upload_withdraw(request: SignedInRequest, project_code: str, pk: int) -> HttpResponse:
    visit, upload = open_upload(request.user, project_code, pk, Permission.UPLOAD_ACCEPT)
    form = ReasonForm(request.POST)
    counted = upload.state == UploadState.ACCEPTED
    try:
        if not form.is_valid():
            messages.error(request, _("Say why the file is withdrawn."))
            return redirect("upload-detail", project_code, pk)
        withdraw_upload(upload=upload, by=request.user, reason=form.cleaned_data["reason"])
    except NotWithdrawn as standing:
        text = _("Not withdrawn: later data stand on it (%(what)s). Withdraw those first.")
        messages.error(request, text % {"what": standing.what})
    except WaveClosed as closed:
        messages.error(request, WAVE_CLOSED % {"waves": closed.names})
    except UploadClosed:
        messages.error(request, NOT_NOW)
    else:
        if counted:
            ask_for_calculation(visit)
        messages.success(request, _("Withdrawn: the file stays, its data no longer count."))
    return redirect("upload-detail", project_code, pk)
