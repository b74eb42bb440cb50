"""The steps a changed definition goes through on a page: typed, its effect shown, saved."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from indicators.access import Visit
from indicators.actions.definition_edit import DefinitionRefused
from indicators.actions.definition_preview import Effect
from indicators.actions.projects import StaleRow
from indicators.actions.table_rows import RowRefused
from indicators.forms.definition_edit import DefinitionForm
from indicators.forms.stale import keep_typed
from indicators.presenters.effect import EffectView, effect_view
from indicators.queries.definitions import needs_reason
from indicators.roles import Permission
from indicators.views.run import ask_for_calculation
from indicators.views.signed_in import SignedInRequest

SAVE = "save"


@dataclass(slots=True)
class Outcome:
    """What became of a form: saved (`saved`), or to be shown again with all that was typed."""

    saved: Any = None
    effect: EffectView | None = None
    theirs: list[tuple[str, str]] | None = None

    @property
    def status(self) -> int:
        return 409 if self.theirs is not None else 200


def take_step(
    request: SignedInRequest,
    form: DefinitionForm,
    *,
    preview: Callable[[], Effect],
    save: Callable[[], Any],
    initial_of: Callable[[Any], dict[str, Any]],
) -> Outcome:
    """Save what was looked at; show the effect of anything else.

    `save` gives what was stored; `initial_of` a stored row as it is typed.
    """
    if request.method != "POST" or not form.is_valid():
        return Outcome()
    try:
        if request.POST.get("step") == SAVE and form.is_looked_at:
            return Outcome(saved=save())
        found = effect_view(preview())
    except (DefinitionRefused, RowRefused) as refused:
        form.refuse(refused)
        return Outcome(effect=_shown_before(form, preview))
    except StaleRow as stale:
        return Outcome(theirs=keep_typed(form, initial_of(stale.stored)))
    if request.POST.get("step") == SAVE:
        form.add_error(None, _("This was changed after its effect was shown: look once more."))
    form.remember()
    return Outcome(effect=found)


def _shown_before(form: DefinitionForm, preview: Callable[[], Effect]) -> EffectView | None:
    """When only the reason is missing the effect stays in sight."""
    if not form.has_error("reason"):
        return None
    return effect_view(preview())


def after_saving(visit: Visit, request: SignedInRequest, address: str, key: str) -> HttpResponse:
    """Ask for the calculation and go where its changes of status will be shown."""
    url = reverse(address, args=[visit.project.code, key])
    if not visit.may(Permission.RUN_START) or not needs_reason(visit.project):
        messages.success(request, _("The definition is saved."))
        return redirect(url)
    run = ask_for_calculation(visit)
    messages.success(request, _("The definition is saved. A new calculation has started."))
    return redirect(f"{url}?run={run.pk}#calculation")
