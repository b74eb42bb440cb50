"""Composite indices: the list, one changed, a new one."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from indicators.access import Visit, open_index, open_instrument, open_project
from indicators.actions.definition_edit import change_index, create_index
from indicators.actions.definition_preview import preview_index
from indicators.forms.definition_edit import IndexForm
from indicators.models import CompositeIndex, Instrument
from indicators.presenters.versions import version_views
from indicators.queries.definition_choices import (
    has_release,
    index_rows,
    questionnaires,
    scored_items,
)
from indicators.queries.versions import versions_of_index
from indicators.roles import Permission
from indicators.views.definition_steps import Outcome, after_saving, take_step
from indicators.views.signed_in import SignedInRequest, plain, posted
from indicators.views.target_grid import calculation_context

NEW = {"statistic": "mean", "min_answered_share": "0.5"}


@require_safe
def index_list(request: SignedInRequest, project_code: str) -> HttpResponse:
    visit = open_project(request.user, project_code, Permission.PROJECT_SETUP)
    context = {
        "visit": visit,
        "rows": index_rows(visit.project),
        "questionnaires": questionnaires(visit.project),
    }
    return render(request, "index/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def index_edit(request: SignedInRequest, project_code: str, index_code: str) -> HttpResponse:
    visit, row = open_index(request.user, project_code, index_code)
    form = IndexForm(
        posted(request),
        items=scored_items(row.instrument),
        is_new=False,
        initial=IndexForm.initial_of(row),
    )
    done = _step(request, form, row.instrument, row)
    if done.saved is not None:
        return after_saving(visit, request, "index-edit", row.code)
    context = {
        "index": row,
        "versions": version_views(versions_of_index(row)),
        **calculation_context(request, visit),
    }
    return _page(request, visit, form, done, "index/edit.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def index_new(request: SignedInRequest, project_code: str) -> HttpResponse:
    code = plain(request.GET.get("instrument", ""))[:40]
    if not code:
        return index_list(request, project_code)
    visit, instrument = open_instrument(request.user, project_code, code)
    form = IndexForm(posted(request), items=scored_items(instrument), is_new=True, initial=NEW)
    done = _step(request, form, instrument, None)
    if done.saved is not None:
        return after_saving(visit, request, "index-edit", done.saved.code)
    return _page(request, visit, form, done, "index/new.html", {"instrument": instrument})


def _step(
    request: SignedInRequest, form: IndexForm, instrument: Instrument, row: CompositeIndex | None
) -> Outcome:
    by = request.user

    def save() -> CompositeIndex:
        if row is None:
            return create_index(instrument=instrument, typed=form.typed(), by=by)
        revision = form.cleaned_data["revision"] or 0
        change_index(index=row, typed=form.typed(), revision=revision, by=by)
        return row

    return take_step(
        request,
        form,
        preview=lambda: preview_index(
            instrument=instrument,
            index=row,
            typed=form.typed(),
            revision=form.cleaned_data["revision"],
            by=by,
        ),
        save=save,
        initial_of=IndexForm.initial_of,
    )


def _page(
    request: SignedInRequest,
    visit: Visit,
    form: IndexForm,
    done: Outcome,
    template: str,
    more: dict[str, Any],
) -> HttpResponse:
    context = {
        "visit": visit,
        "form": form,
        "effect": done.effect,
        "theirs": done.theirs,
        "has_release": has_release(visit.project),
        **more,
    }
    return render(request, template, context, status=done.status)
