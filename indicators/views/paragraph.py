"""Paragraphs of the report."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from indicators.access import Visit, open_paragraph, open_project
from indicators.actions.cited_texts import TextRefused
from indicators.actions.paragraphs import (
    TEXTS,
    PlaceTaken,
    add_paragraph,
    change_paragraph,
    move_paragraph,
    remove_paragraph,
)
from indicators.actions.projects import StaleRow
from indicators.forms.cited import ParagraphForm, RemovalForm
from indicators.forms.stale import keep_typed
from indicators.presenters.cited_help import lost_texts
from indicators.queries.paragraphs import paragraph_page
from indicators.queries.provenance import run_head
from indicators.queries.visible import visible_run
from indicators.roles import Permission
from indicators.views.citing import is_saved, removal, step_of, warn_of_numbers, writing
from indicators.views.signed_in import SignedInRequest, posted


@require_safe
def paragraph_list(request: SignedInRequest, project_code: str) -> HttpResponse:
    visit = open_project(request.user, project_code)
    found = visible_run(visit)
    page = paragraph_page(visit, found.run if found else None)
    context = {
        "visit": visit,
        "run": run_head(found) if found else None,
        "page": page,
        "has_lost": bool(lost_texts((row.text for row in page.rows), page.figures)),
        "may_edit": visit.may(Permission.TEXT_EDIT),
    }
    return render(request, "paragraph/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def paragraph_new(request: SignedInRequest, project_code: str) -> HttpResponse:
    visit = open_project(request.user, project_code, Permission.TEXT_EDIT)
    form = ParagraphForm(posted(request), is_new=True)
    if is_saved(request) and form.is_valid():
        place = form.cleaned_data["place"]
        try:
            add_paragraph(project=visit.project, place=place, values=form.values(), by=request.user)
        except PlaceTaken:
            form.add_error("place", _("The project has a paragraph for this place already."))
        except TextRefused as refused:
            form.refuse_texts(refused)
        else:
            return _saved(request, visit, form)
    return render(request, "paragraph/edit.html", writing(visit, form))


@require_http_methods(["GET", "HEAD", "POST"])
def paragraph_edit(request: SignedInRequest, project_code: str, place: str) -> HttpResponse:
    visit, paragraph = open_paragraph(request.user, project_code, place)
    form = ParagraphForm(posted(request), initial=ParagraphForm.initial_of(paragraph))
    theirs: list[tuple[str, str]] = []
    if is_saved(request) and form.is_valid():
        revision = form.cleaned_data["revision"] or 0
        try:
            change_paragraph(
                paragraph=paragraph, values=form.values(), revision=revision, by=request.user
            )
        except TextRefused as refused:
            form.refuse_texts(refused)
        except StaleRow as stale:
            theirs = keep_typed(form, ParagraphForm.initial_of(stale.stored))
        else:
            return _saved(request, visit, form)
    context = writing(visit, form) | {"paragraph": paragraph, "theirs": theirs}
    return render(request, "paragraph/edit.html", context, status=409 if theirs else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def paragraph_remove(request: SignedInRequest, project_code: str, place: str) -> HttpResponse:
    visit, paragraph = open_paragraph(request.user, project_code, place)
    form = RemovalForm(posted(request), initial={"revision": paragraph.revision})
    if request.method == "POST" and form.is_valid():
        try:
            remove_paragraph(paragraph=paragraph, by=request.user, **form.removal())
        except StaleRow as stale:
            paragraph = stale.stored
            form.show_changed(paragraph)
        else:
            messages.success(request, _("The paragraph is removed."))
            return redirect("paragraph-list", project_code)
    context = removal(visit, form, TEXTS, paragraph) | {"paragraph": paragraph}
    return render(request, "paragraph/remove.html", context, status=409 if form.is_stale else 200)


@require_POST
def paragraph_move(request: SignedInRequest, project_code: str, place: str) -> HttpResponse:
    _visit, paragraph = open_paragraph(request.user, project_code, place)
    move_paragraph(paragraph=paragraph, step=step_of(request), by=request.user)
    return redirect(f"{reverse('paragraph-list', args=[project_code])}#text-{place}")


def _saved(request: SignedInRequest, visit: Visit, form: ParagraphForm) -> HttpResponse:
    messages.success(request, _("The paragraph is saved."))
    warn_of_numbers(request, visit, form.texts())
    return redirect("paragraph-list", visit.project.code)
