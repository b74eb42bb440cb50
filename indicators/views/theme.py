"""Open questions and their coding frames."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from indicators.access import open_project, open_question, open_theme
from indicators.actions.themes import (
    StaleTheme,
    ThemeExists,
    ThemeRefused,
    add_theme,
    change_theme,
)
from indicators.forms.stale import keep_typed
from indicators.forms.theme import ThemeForm
from indicators.models import Item
from indicators.presenters.open import open_view
from indicators.queries.open_questions import (
    coding_work,
    has_newer_codes,
    open_list,
    open_sheet,
)
from indicators.queries.provenance import run_head
from indicators.queries.visible import visible_run
from indicators.roles import Permission
from indicators.views.signed_in import SignedInRequest, posted


@require_safe
def theme_list(request: SignedInRequest, project_code: str) -> HttpResponse:
    """For the team how far coding is; for readers what a calculation says."""
    visit = open_project(request.user, project_code)
    found = visible_run(visit)
    may_code = visit.may(Permission.CODING_EDIT)
    run = found.run if found else None
    sheets = open_list(visit, run) if run and not may_code else ()
    context = {
        "visit": visit,
        "run": run_head(found) if found else None,
        "work": coding_work(visit.project) if may_code else (),
        "is_newer": may_code and has_newer_codes(visit.project, run),
        "questions": [open_view(sheet, for_team=False) for sheet in sheets],
        "may_code": may_code,
    }
    return render(request, "theme/list.html", context)


@require_safe
def open_detail(
    request: SignedInRequest, project_code: str, instrument: str, item: str
) -> HttpResponse:
    visit, question = open_question(request.user, project_code, instrument, item)
    found = visible_run(visit)
    sheet = open_sheet(visit, question, found.run if found else None)
    may_edit = visit.may(Permission.THEME_EDIT)
    context = {
        "visit": visit,
        "run": run_head(found) if found else None,
        "page": open_view(sheet, for_team=may_edit),
        "may_edit": may_edit,
        "waves": visit.project.waves.order_by("position") if may_edit else (),
    }
    return render(request, "open/detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def theme_new(
    request: SignedInRequest, project_code: str, instrument: str, item: str
) -> HttpResponse:
    visit, question = open_question(
        request.user, project_code, instrument, item, Permission.THEME_EDIT
    )
    form = ThemeForm(posted(request), item=question)
    if request.method == "POST" and form.is_valid():
        code, values = form.cleaned_data["code"], form.values()
        try:
            add_theme(item=question, code=code, values=values, by=request.user)
        except ThemeExists:
            form.add_error("code", _("The question has a theme with this code already."))
        else:
            messages.success(request, _("The theme is kept."))
            return _to_question(project_code, question)
    context = {"visit": visit, "form": form, "question": question}
    return render(request, "theme/edit.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def theme_edit(request: SignedInRequest, project_code: str, pk: int) -> HttpResponse:
    visit, theme = open_theme(request.user, project_code, pk)
    initial = ThemeForm.initial_of(theme)
    form = ThemeForm(posted(request), item=theme.item, theme=theme, initial=initial)
    theirs: list[tuple[str, str]] = []
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        place = {"merged_into": typed["merged_into"], "revision": typed["revision"] or 0}
        try:
            change_theme(theme=theme, values=form.values(), **place, by=request.user)
        except StaleTheme as stale:
            theirs = keep_typed(form, stale.stored)
        except ThemeRefused:
            form.add_error("merged_into", _("This theme is merged or out of use by now."))
        else:
            messages.success(request, _("The theme is kept."))
            return _to_question(project_code, theme.item)
    context = {
        "visit": visit,
        "form": form,
        "question": theme.item,
        "theme": theme,
        "theirs": theirs,
    }
    return render(request, "theme/edit.html", context, status=409 if theirs else 200)


def _to_question(project_code: str, item: Item) -> HttpResponse:
    return redirect("open-detail", project_code, item.instrument.code, item.name)
