"""The definition of an indicator: changed, or made."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from indicators.access import Visit, open_indicator, open_project
from indicators.actions.definition_edit import change_indicator, create_indicator
from indicators.actions.definition_preview import preview_indicator
from indicators.forms.definition_edit import FREQUENCIES, IndicatorForm
from indicators.models import Indicator
from indicators.presenters.versions import version_views
from indicators.queries.definition_choices import has_release, source_choices
from indicators.queries.versions import versions_of
from indicators.roles import Permission
from indicators.views.definition_steps import Outcome, after_saving, take_step
from indicators.views.signed_in import SignedInRequest, posted
from indicators.views.target_grid import calculation_context


@require_http_methods(["GET", "HEAD", "POST"])
def indicator_edit(
    request: SignedInRequest, project_code: str, indicator_code: str
) -> HttpResponse:
    visit, row = open_indicator(
        request.user, project_code, indicator_code, Permission.PROJECT_SETUP
    )
    form = IndicatorForm(posted(request), is_new=False, initial=IndicatorForm.initial_of(row))
    done = _step(request, visit, form, row)
    if done.saved is not None:
        return after_saving(visit, request, "indicator-edit", row.code)
    context = {
        "indicator": row,
        "versions": version_views(versions_of(row)),
        **calculation_context(request, visit),
    }
    return _page(request, visit, form, done, "indicator/edit.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def indicator_new(request: SignedInRequest, project_code: str) -> HttpResponse:
    visit = open_project(request.user, project_code, Permission.PROJECT_SETUP)
    form = IndicatorForm(posted(request), is_new=True, initial={"decimals": "2"})
    done = _step(request, visit, form, None)
    if done.saved is not None:
        return after_saving(visit, request, "indicator-edit", done.saved.code)
    return _page(request, visit, form, done, "indicator/new.html", {})


def _step(
    request: SignedInRequest, visit: Visit, form: IndicatorForm, row: Indicator | None
) -> Outcome:
    by, project = request.user, visit.project

    def save() -> Indicator:
        if row is None:
            return create_indicator(project=project, typed=form.typed(), by=by)
        revision = form.cleaned_data["revision"] or 0
        change_indicator(indicator=row, typed=form.typed(), revision=revision, by=by)
        return row

    return take_step(
        request,
        form,
        preview=lambda: preview_indicator(
            project=project,
            indicator=row,
            typed=form.typed(),
            revision=form.cleaned_data["revision"],
            by=by,
        ),
        save=save,
        initial_of=IndicatorForm.initial_of,
    )


def _page(
    request: SignedInRequest,
    visit: Visit,
    form: IndicatorForm,
    done: Outcome,
    template: str,
    more: dict[str, Any],
) -> HttpResponse:
    context = {
        "visit": visit,
        "form": form,
        "effect": done.effect,
        "theirs": done.theirs,
        "sources": source_choices(visit.project),
        "frequencies": FREQUENCIES,
        "has_release": has_release(visit.project),
        **more,
    }
    return render(request, template, context, status=done.status)
