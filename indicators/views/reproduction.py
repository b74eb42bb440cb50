"""The answers behind one stored number, with a script that repeats it in R."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from indicators.access import Result, Visit, open_result
from indicators.actions.answers import record_download
from indicators.models import Change, Estimate, Gap
from indicators.presenters.reproduction import refused_text
from indicators.queries.answer_tables import NotReproducible
from indicators.queries.reproduction import reproduction_of
from indicators.reports.r_bundle import r_bundle
from indicators.roles import Permission
from indicators.views.signed_in import SignedInRequest


@require_GET
def estimate_reproduce(request: SignedInRequest, project_code: str, pk: int) -> HttpResponse:
    return _answer(request, *_open(request, project_code, Estimate, pk))


@require_GET
def change_reproduce(request: SignedInRequest, project_code: str, pk: int) -> HttpResponse:
    return _answer(request, *_open(request, project_code, Change, pk))


@require_GET
def gap_reproduce(request: SignedInRequest, project_code: str, pk: int) -> HttpResponse:
    return _answer(request, *_open(request, project_code, Gap, pk))


def _open(
    request: SignedInRequest, project_code: str, rows: type[Result], pk: int
) -> tuple[Visit, Result]:
    return open_result(request.user, project_code, rows, pk, Permission.ANSWERS_DOWNLOAD)


def _answer(request: SignedInRequest, visit: Visit, row: Estimate | Change | Gap) -> HttpResponse:
    """The zip, on record before it is sent; or the page that says why there is none."""
    try:
        found = reproduction_of(row)
    except NotReproducible as refused:
        context = {"visit": visit, "reason": refused_text(refused.why)}
        return render(request, "reproduction/refused.html", context, status=409)
    content = r_bundle(found)
    record_download(found=found, content=content, by=visit.user)
    response = HttpResponse(content, content_type="application/zip")
    name = f"reproduce-{row._meta.model_name}-{row.pk}.zip"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"  # answers of people stay in no cache
    return response
