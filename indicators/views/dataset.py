"""The answers of an accepted file, handed out for work in other programs."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_GET

from indicators.access import open_dataset
from indicators.actions.dataset_export import answers_file_name, export_dataset
from indicators.forms.export import ExportForm
from indicators.roles import Permission
from indicators.views.signed_in import SignedInRequest
from indicators.vocabulary import ExportFormat, Language

TYPES = {
    ExportFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ExportFormat.CSV: "text/csv; charset=utf-8",
    ExportFormat.SAV: "application/x-spss-sav",
}


@require_GET
def dataset_export(request: SignedInRequest, project_code: str, pk: int) -> HttpResponse:
    _visit, dataset = open_dataset(request.user, project_code, pk, Permission.ANSWERS_DOWNLOAD)
    form = ExportForm(request.GET)
    if not form.is_valid():
        raise Http404
    format = ExportFormat(form.cleaned_data["format"])
    language = Language(form.cleaned_data["language"])
    content = export_dataset(dataset=dataset, format=format, language=language, by=request.user)
    response = HttpResponse(content, content_type=TYPES[format])
    name = answers_file_name(dataset, format)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"  # answers of people stay in no cache
    return response
