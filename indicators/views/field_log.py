"""The quality log of a wave."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from indicators.access import open_field_log_entry, open_project
from indicators.actions.field_log import add_field_log_entry, change_field_log_entry
from indicators.forms.field_log import FieldLogForm
from indicators.models import Wave
from indicators.presenters import field_log as show
from indicators.queries.field_log import field_log_page, wave_of
from indicators.roles import Permission
from indicators.views.signed_in import SignedInRequest, plain, posted


@require_safe
def field_log_list(request: SignedInRequest, project_code: str) -> HttpResponse:
    visit = open_project(request.user, project_code, Permission.UPLOAD_VIEW)
    page = field_log_page(visit.project, wave_code=plain(request.GET.get("wave", "")))
    context = {
        "visit": visit,
        "page": page,
        "lines": show.entry_views(page.rows),
        "sentences": show.fieldwork_sentences([page.checks] if page.checks else []),
        "may_write": visit.may(Permission.UPLOAD_ACCEPT),
    }
    return render(request, "field_log/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def field_log_new(request: SignedInRequest, project_code: str, wave_code: str) -> HttpResponse:
    visit = open_project(request.user, project_code, Permission.UPLOAD_ACCEPT)
    wave = wave_of(visit.project, plain(wave_code))
    if wave is None:
        raise Http404
    form = FieldLogForm(posted(request), project=visit.project)
    if request.method == "POST" and form.is_valid():
        add_field_log_entry(wave=wave, values=form.cleaned_data, by=request.user)
        messages.success(request, _("The entry is kept."))
        return _to_list(project_code, wave)
    context = {"visit": visit, "wave": wave, "form": form}
    return render(request, "field_log/edit.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def field_log_edit(request: SignedInRequest, project_code: str, pk: int) -> HttpResponse:
    visit, entry = open_field_log_entry(request.user, project_code, pk)
    initial = FieldLogForm.initial_of(entry)
    form = FieldLogForm(posted(request), project=visit.project, initial=initial)
    if request.method == "POST" and form.is_valid():
        change_field_log_entry(entry=entry, values=form.cleaned_data, by=request.user)
        messages.success(request, _("The entry is kept."))
        return _to_list(project_code, entry.wave)
    context = {"visit": visit, "wave": entry.wave, "form": form, "entry": entry}
    return render(request, "field_log/edit.html", context)


def _to_list(project_code: str, wave: Wave) -> HttpResponse:
    return redirect(f"{reverse('field-log-list', args=[project_code])}?wave={wave.code}")
