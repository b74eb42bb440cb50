"""Checklists: the list of a wave, the form of one school, and the officer's review."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from indicators.access import Visit, open_checklist, open_project, open_school
from indicators.actions import checklists as act
from indicators.forms.checklist import PROBLEMS, Typed, read_typed
from indicators.forms.target import ReasonForm
from indicators.models import Checklist
from indicators.presenters import checklist as show
from indicators.queries.checklist_sheet import Sheet, checklist_sheet
from indicators.queries.checklists import checklist_page, form_of_wave
from indicators.roles import Permission
from indicators.views.run import ask_for_calculation
from indicators.views.signed_in import SignedInRequest, page_number, plain


@require_safe
def checklist_list(request: SignedInRequest, project_code: str) -> HttpResponse:
    visit = open_project(request.user, project_code, Permission.CHECKLIST_VIEW)
    page = checklist_page(
        visit,
        wave_code=plain(request.GET.get("wave", "")),
        number=page_number(request),
    )
    context = {
        "visit": visit,
        "page": page,
        "lines": show.checklist_lines(page.rows),
        "counts": show.count_views(page.counts),
        "is_officer": visit.may(Permission.CHECKLIST_REVIEW),
    }
    return render(request, "checklist/list.html", context)


@require_POST
def checklist_start(request: SignedInRequest, project_code: str) -> HttpResponse:
    visit, school = open_school(
        request.user, project_code, plain(request.POST.get("school", "")), Permission.CHECKLIST_FILL
    )
    form = form_of_wave(visit, request.POST.get("wave", ""))
    if form is None or (visit.role.is_bound_to_schools and school.pk not in visit.own_school_ids):
        raise Http404
    try:
        checklist = act.start_checklist(
            school=school, wave=form[0], version=form[1], by=request.user
        )
    except act.ChecklistClosed:
        messages.error(request, _("The wave is not open: its checklists cannot be started."))
        return redirect("checklist-list", project_code)
    return redirect("checklist-detail", project_code, checklist.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def checklist_detail(request: SignedInRequest, project_code: str, pk: int) -> HttpResponse:
    """The form of one school. POST saves what is typed; with do=send it is sent as well."""
    is_post = request.method == "POST"
    permission = Permission.CHECKLIST_FILL if is_post else Permission.CHECKLIST_VIEW
    visit, checklist = open_checklist(request.user, project_code, pk, permission)
    sheet = checklist_sheet(checklist)
    if not is_post:
        return _page(request, visit, sheet)
    typed = read_typed(request.POST, sheet.questions)
    try:
        sent = _save(request, checklist, typed)
    except act.BadAnswers as bad:
        problems = {name: PROBLEMS[problem] for name, problem in bad.problems.items()}
        return _page(request, visit, sheet, typed, problems=problems)
    except (act.StaleChecklist, act.ChecklistClosed):
        return _page(request, visit, sheet, typed, is_conflict=True)
    except act.IncompleteChecklist:
        checklist.refresh_from_db()
        sheet = checklist_sheet(checklist)
        return _page(request, visit, sheet, ask_to_confirm=True)
    if sent:
        ask_for_calculation(visit)
    messages.success(request, _("Sent. Thank you.") if sent else _("Saved."))
    return redirect("checklist-detail", project_code, pk)


def _save(request: SignedInRequest, checklist: Checklist, typed: Typed) -> bool:
    """Save, and send where asked; whether it was sent."""
    saved = act.save_draft(
        checklist=checklist,
        answers=typed.answers,
        comments=typed.comments,
        revision=typed.revision,
        by=request.user,
    )
    if typed.wants_to_send:
        act.submit_checklist(
            checklist=saved,
            revision=saved.revision,
            by=request.user,
            confirm_incomplete=typed.is_confirmed,
        )
    return typed.wants_to_send


def _page(
    request: SignedInRequest,
    visit: Visit,
    sheet: Sheet,
    typed: Typed | None = None,
    *,
    problems: Mapping[str, Any] | None = None,
    is_conflict: bool = False,
    ask_to_confirm: bool = False,
) -> HttpResponse:
    """The stored answers, or what was typed and could not be saved."""
    shown = typed if typed and (sheet.is_open or not is_conflict) else sheet
    conflict = show.differences(sheet, typed.answers, typed.comments) if typed else []
    context = {
        "visit": visit,
        "sheet": sheet,
        "state": show.state_view(sheet.state),
        "return_reason": show.return_reason(sheet),
        "sections": show.section_views(
            sheet, answers=shown.answers, comments=shown.comments, problems=problems or {}
        ),
        "steps": show.step_views(sheet.steps),
        "problems": problems,
        "conflict": conflict,
        "is_conflict": is_conflict,
        "ask_to_confirm": ask_to_confirm,
        "may_fill": sheet.is_open and visit.may(Permission.CHECKLIST_FILL),
        "may_review": visit.may(Permission.CHECKLIST_REVIEW),
    }
    status = 409 if is_conflict else 422 if problems else 200
    return render(request, "checklist/detail.html", context, status=status)


@require_POST
def checklist_return(request: SignedInRequest, project_code: str, pk: int) -> HttpResponse:
    return _review(request, project_code, pk, act.return_checklist, _("Returned to the school."))


@require_POST
def checklist_reopen(request: SignedInRequest, project_code: str, pk: int) -> HttpResponse:
    return _review(request, project_code, pk, act.reopen_checklist, _("Open again."))


@require_POST
def checklist_approve(request: SignedInRequest, project_code: str, pk: int) -> HttpResponse:
    return _review(request, project_code, pk, act.approve_checklist, _("Approved."))


def _review(
    request: SignedInRequest, project_code: str, pk: int, step: Any, done: str
) -> HttpResponse:
    visit, checklist = open_checklist(request.user, project_code, pk, Permission.CHECKLIST_REVIEW)
    form = ReasonForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    arguments = {} if step is act.approve_checklist else {"reason": reason}
    try:
        step(checklist=checklist, by=request.user, **arguments)
    except act.ReasonMissing:
        messages.error(request, _("Say why: the director reads it."))
    except act.ChecklistClosed:
        messages.error(request, _("This is not possible in the present state of the checklist."))
    else:
        if step is not act.approve_checklist:  # it counted and no longer does
            ask_for_calculation(visit)
        messages.success(request, done)
    return redirect("checklist-detail", project_code, pk)
