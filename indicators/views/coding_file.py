"""Codes of open answers as a file: in with a preview, out in the same shape."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from indicators.access import Visit, open_question
from indicators.actions.coding_files import FileGone, accept_codes, export_codes, preview_codes
from indicators.forms.theme import CodingFileForm
from indicators.models import Item, Wave
from indicators.presenters.coding_file import PreviewView, imported_text, preview_view
from indicators.problem_texts import problem_text
from indicators.queries.coding_sheet import wave_of_answers
from indicators.roles import Permission
from indicators.views.signed_in import SignedInRequest, plain

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _opened(
    request: SignedInRequest, project_code: str, instrument: str, item: str, wave_code: str
) -> tuple[Visit, Item, Wave]:
    visit, question = open_question(
        request.user, project_code, instrument, item, Permission.CODING_EDIT
    )
    wave = wave_of_answers(visit.project, plain(wave_code))
    if wave is None:
        raise Http404
    return visit, question, wave


@require_http_methods(["GET", "HEAD", "POST"])
def coding_import(
    request: SignedInRequest, project_code: str, instrument: str, item: str, wave_code: str
) -> HttpResponse:
    """First the file is looked at, then a second post with its fingerprint stores it."""
    visit, question, wave = _opened(request, project_code, instrument, item, wave_code)
    if request.method == "POST" and "sha256" in request.POST:
        return _accept(request, visit, question, wave)
    is_sent = request.method == "POST"
    form = CodingFileForm(request.POST, request.FILES) if is_sent else CodingFileForm()
    context = {"visit": visit, "question": question, "wave": wave, "form": form}
    if is_sent and form.is_valid():
        file = form.cleaned_data["file"]
        read = {"file_name": file.name, "content": file.read()}
        found = preview_codes(item=question, wave=wave, **read, by=request.user)
        view = preview_view(found.read, found.n_answers, problem_text)
        context |= {"preview": view, "file_name": found.file_name, "sha256": found.sha256}
    return render(request, "coding/import.html", context)


def _accept(request: SignedInRequest, visit: Visit, question: Item, wave: Wave) -> HttpResponse:
    name, sha256 = (plain(request.POST.get(key, ""))[:255] for key in ("file_name", "sha256"))
    preview: PreviewView | None = None
    try:
        read, counts = accept_codes(
            item=question, wave=wave, file_name=name, sha256=sha256, by=request.user
        )
    except FileGone:
        messages.error(request, _("The file is no longer kept here. Choose it once more."))
    else:
        if counts:
            messages.success(request, imported_text(counts))
            return redirect("theme-list", visit.project.code)
        preview = preview_view(read, len(read.given), problem_text)
    context = {
        "visit": visit,
        "question": question,
        "wave": wave,
        "form": CodingFileForm(),
        "preview": preview,
        "file_name": name,
    }
    return render(request, "coding/import.html", context, status=409)


@require_safe
def coding_export(
    request: SignedInRequest, project_code: str, instrument: str, item: str, wave_code: str
) -> HttpResponse:
    _visit, question, wave = _opened(request, project_code, instrument, item, wave_code)
    content = export_codes(item=question, wave=wave, by=request.user)
    name = f"codes-{question.name}-{wave.code}.xlsx"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=XLSX, headers=headers)
