"""Composite indices: the list, one changed, a new one."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from indicators.access import open_index, open_instrument, open_project
from indicators.actions.definition_subjects import IndexSubject
from indicators.forms.definition_edit import IndexForm
from indicators.presenters.versions import version_views
from indicators.queries.definition_choices import index_rows, questionnaires, scored_items
from indicators.queries.versions import versions_of_index
from indicators.roles import Permission
from indicators.views.definition_steps import Edit, after_saving
from indicators.views.signed_in import SignedInRequest, plain
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
    edit = Edit(request, visit, IndexSubject(row.instrument, row))
    items, initial = scored_items(row.instrument), IndexForm.initial_of(row)
    form = IndexForm(edit.data, items=items, is_new=False, initial=initial)
    done = edit.step(form)
    if done.saved is not None:
        return after_saving(visit, request, "index-edit", row.code)
    context = {
        "index": row,
        "versions": version_views(versions_of_index(row)),
        **calculation_context(request, visit),
    }
    return edit.page(form, done, "index/edit.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def index_new(request: SignedInRequest, project_code: str) -> HttpResponse:
    code = plain(request.GET.get("instrument", ""))[:40]
    if not code:
        return index_list(request, project_code)
    visit, instrument = open_instrument(request.user, project_code, code)
    edit = Edit(request, visit, IndexSubject(instrument, None))
    form = IndexForm(edit.data, items=scored_items(instrument), is_new=True, initial=NEW)
    done = edit.step(form)
    if done.saved is not None:
        return after_saving(visit, request, "index-edit", done.saved.code)
    return edit.page(form, done, "index/new.html", {"instrument": instrument})
