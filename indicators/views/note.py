"""Findings and quotes: list, new, change, remove, and which of them readers see."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from indicators.access import Visit, open_note, open_project
from indicators.actions.notes import (
    NoteOfFile,
    StaleNote,
    add_note,
    change_note,
    doubts_about,
    publish_notes,
    remove_note,
)
from indicators.forms.note import NoteForm
from indicators.forms.stale import keep_typed
from indicators.forms.target import ReasonForm
from indicators.presenters.note import doubt_text
from indicators.queries.notes import note_page
from indicators.queries.open_answers import answer_as_note
from indicators.roles import Permission
from indicators.views.signed_in import SignedInRequest, page_number, plain, posted

if TYPE_CHECKING:
    from indicators.models import Note


@require_safe
def note_list(request: SignedInRequest, project_code: str) -> HttpResponse:
    visit = open_project(request.user, project_code, Permission.NOTE_EDIT)
    text, show = (plain(request.GET.get(name, "")) for name in ("text", "show"))
    page = note_page(visit, text=text, show=show, number=page_number(request))
    context = {"visit": visit, "page": page, "text": text, "show": show}
    return render(request, "note/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def note_new(request: SignedInRequest, project_code: str) -> HttpResponse:
    """Empty, or with an open answer that an officer wants to quote."""
    visit = open_project(request.user, project_code, Permission.NOTE_EDIT)
    answer = answer_as_note(visit.project, plain(request.GET.get("answer", "")))
    start = answer.initial if answer else request.GET.dict()
    form = NoteForm(posted(request), project=visit.project, initial=start)
    if request.method == "POST" and form.is_valid():
        values = form.values() | {"item": answer.item if answer else None}
        note = add_note(project=visit.project, values=values, by=request.user)
        return _saved(request, visit, note)
    return render(request, "note/edit.html", {"visit": visit, "form": form})


@require_http_methods(["GET", "HEAD", "POST"])
def note_edit(request: SignedInRequest, project_code: str, pk: int) -> HttpResponse:
    visit, note = open_note(request.user, project_code, pk)
    is_of_file = note.upload_id is not None
    initial = NoteForm.initial_of(note)
    form = NoteForm(posted(request), project=visit.project, is_of_file=is_of_file, initial=initial)
    theirs: list[tuple[str, str]] = []
    if request.method == "POST" and form.is_valid():
        values, revision = form.values() | {"item": note.item}, form.cleaned_data["revision"]
        try:
            note = change_note(note=note, values=values, revision=revision or 0, by=request.user)
            return _saved(request, visit, note)
        except StaleNote as stale:
            theirs = keep_typed(form, stale.stored)
    context = {"visit": visit, "form": form, "note": note, "theirs": theirs}
    return render(request, "note/edit.html", context, status=409 if theirs else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def note_remove(request: SignedInRequest, project_code: str, pk: int) -> HttpResponse:
    visit, note = open_note(request.user, project_code, pk)
    form = ReasonForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            remove_note(note=note, reason=form.cleaned_data["reason"], by=request.user)
        except NoteOfFile:
            form.add_error(None, _("This note belongs to a file. Withdraw the file instead."))
        else:
            messages.success(request, _("The note is removed."))
            return redirect("note-list", project_code)
    return render(request, "note/remove.html", {"visit": visit, "form": form, "note": note})


@require_POST
def note_publish(request: SignedInRequest, project_code: str) -> HttpResponse:
    visit = open_project(request.user, project_code, Permission.NOTE_EDIT)
    keys, shown = (
        {int(one) for one in request.POST.getlist(name) if re.fullmatch(r"[0-9]{1,12}", one)}
        for name in ("note", "shown")
    )
    changed = publish_notes(project=visit.project, keys=keys, shown=shown, by=request.user)
    text = ngettext("%(n)s note is changed.", "%(n)s notes are changed.", len(changed))
    messages.success(request, text % {"n": len(changed)})
    for note in changed:
        if note.is_publishable and (doubt := doubt_text(doubts_about(note))):
            messages.warning(request, f"{note.code}: {doubt}")
    return redirect("note-list", project_code)


def _saved(request: SignedInRequest, visit: Visit, note: Note) -> HttpResponse:
    messages.success(request, _("The note is kept."))
    if doubt := doubt_text(doubts_about(note)):
        messages.warning(request, f"{note.code}: {doubt}")
    return redirect("note-list", visit.project.code)
