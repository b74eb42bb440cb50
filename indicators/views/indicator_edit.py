"""The definition of an indicator: changed, or made."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods

from indicators.access import open_indicator, open_project
from indicators.actions.definition_subjects import IndicatorSubject
from indicators.forms.definition_edit import FREQUENCIES, IndicatorForm
from indicators.presenters.versions import version_views
from indicators.queries.definition_choices import source_choices
from indicators.queries.versions import versions_of
from indicators.roles import Permission
from indicators.views.definition_steps import Edit, after_saving
from indicators.views.signed_in import SignedInRequest
from indicators.views.target_grid import calculation_context


@require_http_methods(["GET", "HEAD", "POST"])
def indicator_edit(
    request: SignedInRequest, project_code: str, indicator_code: str
) -> HttpResponse:
    visit, row = open_indicator(
        request.user, project_code, indicator_code, Permission.PROJECT_SETUP
    )
    edit = Edit(request, visit, IndicatorSubject(visit.project, row))
    form = IndicatorForm(edit.data, is_new=False, initial=IndicatorForm.initial_of(row))
    done = edit.step(form)
    if done.saved is not None:
        return after_saving(visit, request, "indicator-edit", row.code)
    context = {
        "indicator": row,
        "versions": version_views(versions_of(row)),
        "sources": source_choices(visit.project),
        "frequencies": FREQUENCIES,
        **calculation_context(request, visit),
    }
    return edit.page(form, done, "indicator/edit.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def indicator_new(request: SignedInRequest, project_code: str) -> HttpResponse:
    visit = open_project(request.user, project_code, Permission.PROJECT_SETUP)
    edit = Edit(request, visit, IndicatorSubject(visit.project, None))
    form = IndicatorForm(edit.data, is_new=True, initial={"decimals": "2"})
    done = edit.step(form)
    if done.saved is not None:
        return after_saving(visit, request, "indicator-edit", done.saved.code)
    context = {"sources": source_choices(visit.project), "frequencies": FREQUENCIES}
    return edit.page(form, done, "indicator/new.html", context)
