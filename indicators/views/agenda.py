"""The agenda of the last study: questions, evidence, conclusions."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from indicators.access import Visit, open_agenda_question, open_project
from indicators.actions.agenda import (
    CONCLUSIONS,
    AgendaRefused,
    add_question,
    change_question,
    move_question,
    remove_question,
)
from indicators.actions.cited_texts import TextRefused
from indicators.actions.projects import StaleRow
from indicators.forms.cited import AgendaForm, RemovalForm
from indicators.forms.stale import keep_typed
from indicators.models import AgendaQuestion
from indicators.presenters import agenda as show
from indicators.queries import agenda as read
from indicators.queries.provenance import run_head
from indicators.queries.visible import visible_run
from indicators.roles import Permission
from indicators.views.citing import is_saved, removal, step_of, warn_of_numbers, writing
from indicators.views.signed_in import SignedInRequest, plain, posted

Pairs = list[tuple[str, str]]


@require_safe
def agenda_list(request: SignedInRequest, project_code: str) -> HttpResponse:
    visit = open_project(request.user, project_code)
    found = visible_run(visit)
    wanted = plain(request.GET.get("status", ""))
    status = wanted if wanted in read.STATUSES else ""
    agenda = read.agenda(visit, found.run if found else None, status=status)
    context = {
        "visit": visit,
        "run": run_head(found) if found else None,
        "page": show.agenda_view(agenda, project_code),
        "tabs": show.status_tabs(agenda.counts, status),
        "may_edit": visit.may(Permission.AGENDA_EDIT),
        # In a part of the list the neighbours are not those of the agenda.
        "may_move": visit.may(Permission.AGENDA_EDIT) and not status,
    }
    return render(request, "agenda/list.html", context)


@require_safe
def agenda_detail(request: SignedInRequest, project_code: str, question_code: str) -> HttpResponse:
    visit, question = open_agenda_question(request.user, project_code, question_code)
    found = visible_run(visit)
    agenda = read.agenda_question(visit, found.run if found else None, question)
    page = show.agenda_view(agenda, project_code)
    context = {
        "visit": visit,
        "run": run_head(found) if found else None,
        "page": page,
        "question": page.questions[0],
        "more": show.more_pages(project_code, with_notes=visit.may(Permission.NOTE_EDIT)),
        "may_edit": visit.may(Permission.AGENDA_EDIT),
    }
    return render(request, "agenda/detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def agenda_new(request: SignedInRequest, project_code: str) -> HttpResponse:
    visit = open_project(request.user, project_code, Permission.AGENDA_EDIT)
    initial = {"code": read.next_code(visit.project)}
    form = AgendaForm(posted(request), project=visit.project, is_new=True, initial=initial)
    if is_saved(request) and form.is_valid() and _add(request, visit, form):
        return redirect("agenda-detail", project_code, form.cleaned_data["code"])
    return render(request, "agenda/new.html", writing(visit, form))


def _add(request: SignedInRequest, visit: Visit, form: AgendaForm) -> bool:
    code = form.cleaned_data["code"]
    try:
        add_question(project=visit.project, code=code, values=form.values(), by=request.user)
    except AgendaRefused as refused:
        form.refuse(refused.reason)
    except TextRefused as refused:
        form.refuse_texts(refused)
    else:
        _said(request, visit, form)
        return True
    return False


@require_http_methods(["GET", "HEAD", "POST"])
def agenda_edit(request: SignedInRequest, project_code: str, question_code: str) -> HttpResponse:
    visit, question = open_agenda_question(
        request.user, project_code, question_code, Permission.AGENDA_EDIT
    )
    initial = AgendaForm.initial_of(question)
    form = AgendaForm(posted(request), project=visit.project, initial=initial)
    theirs: Pairs = []
    if is_saved(request) and form.is_valid():
        is_done, theirs = _change(request, visit, question, form)
        if is_done:
            return redirect("agenda-detail", project_code, question_code)
    context = writing(visit, form) | {"question": question, "theirs": theirs}
    return render(request, "agenda/edit.html", context, status=409 if theirs else 200)


def _change(
    request: SignedInRequest, visit: Visit, question: AgendaQuestion, form: AgendaForm
) -> tuple[bool, Pairs]:
    """Whether it is stored; else what somebody else stored meanwhile."""
    revision = form.cleaned_data["revision"] or 0
    try:
        change_question(question=question, values=form.values(), revision=revision, by=request.user)
    except AgendaRefused as refused:
        form.refuse(refused.reason)
    except TextRefused as refused:
        form.refuse_texts(refused)
    except StaleRow as stale:
        return False, keep_typed(form, AgendaForm.initial_of(stale.stored))
    else:
        _said(request, visit, form)
        return True, []
    return False, []


@require_http_methods(["GET", "HEAD", "POST"])
def agenda_remove(request: SignedInRequest, project_code: str, question_code: str) -> HttpResponse:
    visit, question = open_agenda_question(
        request.user, project_code, question_code, Permission.AGENDA_EDIT
    )
    form = RemovalForm(posted(request), initial={"revision": question.revision})
    if request.method == "POST" and form.is_valid():
        try:
            remove_question(question=question, by=request.user, **form.removal())
        except StaleRow as stale:
            question = stale.stored
            form.show_changed(question)
        else:
            messages.success(request, _("The question is removed."))
            return redirect("agenda-list", project_code)
    context = removal(visit, form, CONCLUSIONS, question) | {"question": question}
    return render(request, "agenda/remove.html", context, status=409 if form.is_stale else 200)


@require_POST
def agenda_move(request: SignedInRequest, project_code: str, question_code: str) -> HttpResponse:
    _visit, question = open_agenda_question(
        request.user, project_code, question_code, Permission.AGENDA_EDIT
    )
    move_question(question=question, step=step_of(request), by=request.user)
    return redirect(f"{reverse('agenda-list', args=[project_code])}#q-{question_code}")


def _said(request: SignedInRequest, visit: Visit, form: AgendaForm) -> None:
    messages.success(request, _("The question is saved."))
    warn_of_numbers(request, visit, form.texts())
