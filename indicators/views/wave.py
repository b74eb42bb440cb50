"""Waves: list, new, change, open, lock, unlock."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from indicators.access import Visit, open_project, open_wave
from indicators.actions.projects import StaleRow
from indicators.actions.waves import WaveRefused, change_wave, create_wave, move_waves
from indicators.forms.stale import keep_typed
from indicators.forms.wave import REFUSALS, WaveForm
from indicators.models import Wave
from indicators.presenters.wave import wave_lines
from indicators.queries.wave_setup import uses_of, versions_of, wave_rows
from indicators.roles import Permission
from indicators.views.setup import saved_words
from indicators.views.signed_in import SignedInRequest, plain, posted
from indicators.vocabulary import WaveStep


@require_safe
def wave_list(request: SignedInRequest, project_code: str) -> HttpResponse:
    visit = open_project(request.user, project_code, Permission.WAVE_LOCK)
    context = {"visit": visit, "lines": wave_lines(wave_rows(visit.project))}
    return render(request, "wave/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def wave_new(request: SignedInRequest, project_code: str) -> HttpResponse:
    visit = open_project(request.user, project_code, Permission.PROJECT_SETUP)
    form = WaveForm(posted(request), versions=versions_of(visit.project), is_fixed=False)
    if request.method == "POST" and form.is_valid():
        try:
            create_wave(
                project=visit.project,
                code=form.cleaned_data["code"],
                values=form.values(),
                uses=form.uses(),
                by=request.user,
            )
        except WaveRefused as refused:
            form.refuse(refused.reason, refused.what)
        else:
            messages.success(request, _("The wave is planned. Open it when its files come in."))
            return redirect("wave-list", project_code)
    return render(request, "wave/edit.html", {"visit": visit, "form": form})


@require_http_methods(["GET", "HEAD", "POST"])
def wave_edit(request: SignedInRequest, project_code: str, wave_code: str) -> HttpResponse:
    visit, wave = open_wave(request.user, project_code, wave_code)
    initial = WaveForm.initial_of(wave, uses_of(wave))
    versions = versions_of(visit.project)
    form = WaveForm(posted(request), versions=versions, is_fixed=True, initial=initial)
    theirs: list[tuple[str, str]] = []
    if request.method == "POST" and form.is_valid():
        try:
            return _save(request, visit, wave, form)
        except WaveRefused as refused:
            form.refuse(refused.reason, refused.what)
        except StaleRow as stale:
            theirs = keep_typed(form, WaveForm.initial_of(stale.stored, uses_of(stale.stored)))
    context = {"visit": visit, "form": form, "wave": wave, "theirs": theirs}
    return render(request, "wave/edit.html", context, status=409 if theirs else 200)


def _save(request: SignedInRequest, visit: Visit, wave: Wave, form: WaveForm) -> HttpResponse:
    revision = form.cleaned_data["revision"] or 0
    uses = form.uses()
    if change_wave(wave=wave, values=form.values(), uses=uses, revision=revision, by=request.user):
        messages.success(request, saved_words(visit))
    return redirect("wave-list", visit.project.code)


@require_POST
def wave_move(request: SignedInRequest, project_code: str) -> HttpResponse:
    visit = open_project(request.user, project_code, Permission.WAVE_LOCK)
    codes = [plain(code) for code in request.POST.getlist("wave")]
    reason, step = plain(request.POST.get("reason", ""))[:2000], request.POST.get("step", "")
    if step not in set(WaveStep):
        raise Http404
    try:
        moved = move_waves(
            project=visit.project,
            codes=codes,
            step=WaveStep(step),
            reason=reason,
            by=request.user,
        )
    except WaveRefused as refused:
        messages.error(request, REFUSALS[refused.reason])
    else:
        messages.success(request, moved_words(WaveStep(step), len(moved)))
    return redirect("wave-list", project_code)


def moved_words(step: WaveStep, n: int) -> str:
    """What was done to how many waves."""
    if step is WaveStep.LOCK:
        text = ngettext(
            "%(n)s wave is locked: its data stay as they are.",
            "%(n)s waves are locked: their data stay as they are.",
            n,
        )
    else:
        text = ngettext(
            "%(n)s wave is open: it takes data.", "%(n)s waves are open: they take data.", n
        )
    return text % {"n": n}
