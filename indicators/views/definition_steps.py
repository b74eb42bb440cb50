"""The steps a changed definition goes through on a page: typed, its effect shown, saved."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from indicators.access import Visit, open_effect
from indicators.actions.definition_edit import DefinitionRefused
from indicators.actions.definition_preview import count, effect_of, never
from indicators.actions.definition_subjects import Subject
from indicators.actions.effect_jobs import (
    cancel_effect,
    counted_before,
    effects_of,
    is_outdated,
    is_small,
    request_effect,
)
from indicators.actions.projects import StaleRow
from indicators.actions.table_rows import RowRefused
from indicators.forms.definition_edit import DefinitionForm
from indicators.forms.stale import keep_typed
from indicators.models import DefinitionEffect
from indicators.presenters.effect import EffectView, effect_view
from indicators.presenters.effect_job import EffectJobView, effect_job_view
from indicators.queries.definition_choices import has_release
from indicators.queries.definitions import needs_reason
from indicators.roles import Permission
from indicators.tasks import enqueue_effect
from indicators.views.run import STOP_POLLING, ask_for_calculation
from indicators.views.signed_in import SignedInRequest, plain, posted

SAVE = "save"
FORGOTTEN = ("csrfmiddlewaretoken", "step")  # not part of what was typed


@dataclass(slots=True)
class Outcome:
    """What became of a form: saved (`saved`), being looked into elsewhere (`address`), or to be
    shown again with all that was typed."""

    saved: Any = None
    address: str = ""
    effect: EffectView | None = None
    job: EffectJobView | None = None
    theirs: list[tuple[str, str]] | None = None

    @property
    def status(self) -> int:
        return 409 if self.theirs is not None else 200


class Edit:
    """One visit to the page of a definition. `asked`: the effect that the address names."""

    def __init__(self, request: SignedInRequest, visit: Visit, subject: Subject) -> None:
        self.request, self.visit, self.subject = request, visit, subject
        rows = effects_of(subject, request.user)
        self.open = rows.select_related("project", "indicator", "index", "instrument").first()
        wanted = plain(request.GET.get("effect", ""))
        self.asked: DefinitionEffect | None = None
        if request.method != "POST" and self.open is not None and wanted == str(self.open.pk):
            self.asked = self.open

    @property
    def data(self) -> QueryDict | None:
        """What was typed, now or before somebody left the page."""
        return QueryDict(self.asked.form) if self.asked else posted(self.request)

    def step(self, form: DefinitionForm) -> Outcome:
        """Save what was looked at; show the effect of anything else."""
        if not form.is_bound or not form.is_valid():
            return Outcome()
        wants_save = self.request.POST.get("step") == SAVE
        try:
            if wants_save and form.is_looked_at:
                return Outcome(saved=self._save(form))
            found = self._look(form)
        except (DefinitionRefused, RowRefused) as refused:
            form.refuse(refused)
            # When only the reason is missing the effect stays in sight.
            return self._look(form) if form.has_error("reason") else Outcome()
        except StaleRow as stale:
            return Outcome(theirs=keep_typed(form, form.initial_of(stale.stored)))
        if wants_save:
            form.add_error(None, _("This was changed after its effect was shown: look once more."))
        if found.effect is not None:
            form.remember()
        return found

    def page(
        self, form: DefinitionForm, done: Outcome, template: str, more: dict[str, Any]
    ) -> HttpResponse:
        if done.address:
            return redirect(done.address)
        context = {
            "visit": self.visit,
            "form": form,
            "effect": done.effect,
            "job": done.job,
            "open_effect": None if form.is_bound else self.open,
            "address": _page_of(self.visit, self.open) if self.open else "",
            "theirs": done.theirs,
            "has_release": has_release(self.visit.project),
            **more,
        }
        return render(self.request, template, context, status=done.status)

    def _save(self, form: DefinitionForm) -> Any:
        saved = self.subject.save(**self._typed(form))
        effects_of(self.subject, self.request.user).delete()
        return saved

    def _look(self, form: DefinitionForm) -> Outcome:
        if self.asked is not None and not self.asked.is_final:
            return Outcome(job=effect_job_view(self.asked, is_outdated=False))
        known = counted_before(self.subject, form.mark, self.request.user)
        is_waited_for = known is None and self.asked is None
        wants = is_small if is_waited_for else never
        tried = self.subject.attempt(wants=wants, **self._typed(form))
        if known is not None:
            return Outcome(effect=effect_view(effect_of(tried, known)))
        if self.asked is not None:
            return Outcome(job=effect_job_view(self.asked, is_outdated=is_outdated(self.asked)))
        if tried.second is None:
            return self._ask(form)
        return Outcome(effect=effect_view(effect_of(tried, count(tried))))

    def _ask(self, form: DefinitionForm) -> Outcome:
        """Leave it to the background. The form is kept, so that one may come back to it."""
        sent = self.request.POST.copy()
        for name in FORGOTTEN:
            sent.pop(name, None)
        row = request_effect(
            subject=self.subject, form=sent.urlencode(), mark=form.mark, **self._typed(form)
        )
        enqueue_effect(row.pk)
        query = self.request.GET.copy()
        query["effect"] = str(row.pk)
        return Outcome(address=f"{self.request.path}?{query.urlencode()}#effect")

    def _typed(self, form: DefinitionForm) -> dict[str, Any]:
        revision = form.cleaned_data["revision"]
        return {"typed": form.typed(), "revision": revision, "by": self.request.user}


@require_safe
def effect_progress(request: SignedInRequest, project_code: str, pk: int) -> HttpResponse:
    """The part of the page that changes while an effect is worked out; the page when it is over."""
    visit, row = open_effect(request.user, project_code, pk)
    job = effect_job_view(row, is_outdated=False)
    if not job.is_final:
        context = {"visit": visit, "job": job, "address": _page_of(visit, row)}
        return render(request, "register/_effect_job.html", context)
    response = HttpResponse(status=STOP_POLLING)
    response["HX-Refresh"] = "true"
    return response


@require_POST
def effect_cancel(request: SignedInRequest, project_code: str, pk: int) -> HttpResponse:
    """Stop looking; what was typed stays in the form."""
    visit, row = open_effect(request.user, project_code, pk)
    cancel_effect(row=row)
    return redirect(_page_of(visit, row))


def _page_of(visit: Visit, row: DefinitionEffect) -> str:
    code = visit.project.code
    if row.indicator is not None:
        address = reverse("indicator-edit", args=[code, row.indicator.code])
    elif row.index is not None:
        address = reverse("index-edit", args=[code, row.index.code])
    elif row.instrument is not None:
        query = QueryDict(mutable=True)
        query["instrument"] = row.instrument.code
        return f"{reverse('index-new', args=[code])}?{query.urlencode()}&effect={row.pk}"
    else:
        address = reverse("indicator-new", args=[code])
    return f"{address}?effect={row.pk}"


def after_saving(visit: Visit, request: SignedInRequest, address: str, key: str) -> HttpResponse:
    """Ask for the calculation and go where its changes of status will be shown."""
    url = reverse(address, args=[visit.project.code, key])
    if not visit.may(Permission.RUN_START) or not needs_reason(visit.project):
        messages.success(request, _("The definition is saved."))
        return redirect(url)
    run = ask_for_calculation(visit)
    messages.success(request, _("The definition is saved. A new calculation has started."))
    return redirect(f"{url}?run={run.pk}#calculation")
