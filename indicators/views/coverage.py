"""The coverage board of a wave, and the numbers expected in it."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from indicators.access import open_project
from indicators.actions.field_plan import set_field_plan
from indicators.actions.uploads import WaveClosed
from indicators.forms.field_plan import FieldPlanForm
from indicators.presenters import coverage as show
from indicators.presenters.wording import wording_note_view
from indicators.queries.coverage import coverage_board
from indicators.queries.field_plan import plan_page, plan_use
from indicators.queries.wording_page import wave_note
from indicators.roles import Permission
from indicators.views.run import ask_for_calculation
from indicators.views.signed_in import SignedInRequest, page_number, plain, posted
from indicators.views.upload import WAVE_CLOSED


@require_safe
def coverage(request: SignedInRequest, project_code: str) -> HttpResponse:
    visit = open_project(request.user, project_code, Permission.UPLOAD_VIEW)
    board = coverage_board(
        visit.project,
        wave_code=plain(request.GET.get("wave", "")),
        only_due=request.GET.get("remind") == "1",
        number=page_number(request),
    )
    context = {
        "visit": visit,
        "page": board,
        "columns": show.column_views(board),
        "rows": show.row_views(board),
        "wording": wording_note_view(
            wave_note(visit.project, board.wave.pk if board.wave else None)
        ),
        "may_plan": visit.may(Permission.UPLOAD_ACCEPT),
    }
    return render(request, "coverage/board.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def coverage_plan(
    request: SignedInRequest, project_code: str, wave_code: str, instrument: str
) -> HttpResponse:
    visit = open_project(request.user, project_code, Permission.UPLOAD_ACCEPT)
    use = plan_use(visit.project, plain(wave_code), plain(instrument))
    if use is None:
        raise Http404
    page = plan_page(use, number=page_number(request))
    form = FieldPlanForm(posted(request), page=page)
    if request.method == "POST" and form.is_valid():
        numbers = form.numbers()
        n_invited = form.cleaned_data["n_invited"]
        try:
            if set_field_plan(use=use, n_invited=n_invited, n_by_school=numbers, by=request.user):
                ask_for_calculation(visit)
        except WaveClosed as closed:
            form.add_error(None, WAVE_CLOSED % {"waves": closed.names})
        else:
            messages.success(request, _("The expected numbers are kept."))
            return redirect(f"{reverse('coverage', args=[project_code])}?wave={use.wave.code}")
    context = {"visit": visit, "page": page, "use": use, "form": form}
    return render(request, "coverage/plan.html", context)
