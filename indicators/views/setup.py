"""A new project, and how far one is set up; its settings and the limits of its questionnaires."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from indicators.access import Visit, may_create_project, open_instrument, open_project
from indicators.actions.limits import set_limits
from indicators.actions.projects import (
    ProjectRefused,
    StaleRow,
    change_settings,
    create_project,
)
from indicators.forms.limits import LimitsForm
from indicators.forms.project import ProjectForm, SettingsForm
from indicators.forms.stale import keep_typed
from indicators.presenters.setup import setup_steps
from indicators.queries.definitions import needs_reason
from indicators.queries.setup import limits_rows, setup_facts
from indicators.roles import Permission
from indicators.views.run import ask_for_calculation
from indicators.views.signed_in import SignedInRequest, posted


@require_http_methods(["GET", "HEAD", "POST"])
def project_new(request: SignedInRequest) -> HttpResponse:
    if not may_create_project(request.user):
        raise PermissionDenied
    form = ProjectForm(posted(request))
    if request.method == "POST" and form.is_valid():
        day = form.cleaned_data["reference_date"]
        code, names = form.cleaned_data["code"], form.names()
        try:
            create_project(code=code, names=names, reference_date=day, by=request.user)
        except ProjectRefused as refused:
            form.refuse(refused.reason)
        else:
            messages.success(request, _("The project is there, and you are its officer."))
            return redirect("setup", code)
    return render(request, "setup/new.html", {"form": form})


@require_safe
def setup(request: SignedInRequest, project_code: str) -> HttpResponse:
    visit = open_project(request.user, project_code, Permission.PROJECT_SETTINGS)
    context = {
        "visit": visit,
        "steps": setup_steps(setup_facts(visit.project)),
        "may_set_up": visit.may(Permission.PROJECT_SETUP),
    }
    return render(request, "setup/steps.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def project_settings(request: SignedInRequest, project_code: str) -> HttpResponse:
    visit = open_project(request.user, project_code, Permission.PROJECT_SETTINGS)
    form = SettingsForm(posted(request), initial=SettingsForm.initial_of(visit.project))
    theirs: list[tuple[str, str]] = []
    if request.method == "POST" and form.is_valid():
        try:
            return _save_settings(request, visit, form)
        except ProjectRefused as refused:
            form.refuse(refused.reason, refused.field)
        except StaleRow as stale:
            theirs = keep_typed(form, SettingsForm.initial_of(stale.stored))
    context = {
        "visit": visit,
        "form": form,
        "theirs": theirs,
        "needs_reason": needs_reason(visit.project),
    }
    return render(request, "setup/settings.html", context, status=409 if theirs else 200)


def _save_settings(request: SignedInRequest, visit: Visit, form: SettingsForm) -> HttpResponse:
    is_changed = change_settings(
        project=visit.project,
        values=form.values(),
        revision=form.cleaned_data["revision"],
        reason=form.cleaned_data["reason"],
        by=request.user,
    )
    if is_changed:
        messages.success(request, saved_words(visit))
    return redirect("setup", visit.project.code)


def saved_words(visit: Visit) -> str:
    """What is said after a change on which results rest, once their calculation is asked for."""
    if not visit.may(Permission.RUN_START) or not needs_reason(visit.project):
        return _("Saved.")
    ask_for_calculation(visit)
    return _("Saved. A new calculation has started.")


@require_safe
def limits_list(request: SignedInRequest, project_code: str) -> HttpResponse:
    visit = open_project(request.user, project_code, Permission.PROJECT_SETUP)
    context = {"visit": visit, "rows": limits_rows(visit.project)}
    return render(request, "setup/limits.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def limits_edit(request: SignedInRequest, project_code: str, instrument: str) -> HttpResponse:
    visit, found = open_instrument(request.user, project_code, instrument)
    form = LimitsForm(posted(request), initial=LimitsForm.initial_of(found))
    theirs: list[tuple[str, str]] = []
    if request.method == "POST" and form.is_valid():
        revision = form.cleaned_data["revision"]
        try:
            set_limits(instrument=found, texts=form.texts(), revision=revision, by=request.user)
        except StaleRow as stale:
            theirs = keep_typed(form, LimitsForm.initial_of(stale.stored))
        else:
            messages.success(request, _("Saved: printed with every figure from now on."))
            return redirect("limits-list", project_code)
    context = {"visit": visit, "form": form, "instrument": found, "theirs": theirs}
    return render(request, "setup/limits_edit.html", context, status=409 if theirs else 200)
