"""Targets: list, new, change, remove."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from indicators.access import Visit, open_project, open_target
from indicators.actions.target_realism import Doubted, Realism
from indicators.actions.targets import (
    StaleTarget,
    TargetRefused,
    TargetValue,
    remove_target,
    set_target,
    stored_value,
)
from indicators.forms.target import REFUSALS, ReasonForm, TargetForm
from indicators.models import Indicator, School
from indicators.presenters import target as show
from indicators.queries.audit import history_of
from indicators.queries.targets import (
    EVERYWHERE,
    PROJECT,
    TargetFacts,
    TargetPage,
    TargetRow,
    later_waves,
    school_choices,
    target_facts,
    target_page,
)
from indicators.roles import Permission
from indicators.views.run import ask_for_calculation
from indicators.views.signed_in import SignedInRequest, page_number, plain, posted


@require_safe
def target_list(request: SignedInRequest, project_code: str) -> HttpResponse:
    visit = open_project(request.user, project_code, Permission.TARGET_VIEW)
    schools = school_choices(visit)
    place = plain(request.GET.get("place", "")) or PROJECT
    code = plain(request.GET.get("indicator", ""))
    page = target_page(
        visit, place=place, indicator_code=code, number=page_number(request), schools=schools
    )
    may_edit = visit.may(Permission.TARGET_EDIT)
    context = {
        "visit": visit,
        "page": page,
        "lines": show.target_lines(page.rows, _doubting(visit, page) if may_edit else None),
        "schools": schools,
        "place": place,
        "everywhere": EVERYWHERE,
        "indicator_code": code,
        "may_edit": may_edit,
    }
    return render(request, "target/list.html", context)


def _doubting(visit: Visit, page: TargetPage) -> Callable[[TargetRow], Doubted]:
    """What is said against the target of a row. Two queries for the page."""
    indicators = {row.indicator.pk for row in page.rows}
    realism = Realism(visit.project, indicators, page.evidence)
    return lambda row: realism.of((row.indicator.pk, row.school_code), row.type, row.low, row.high)


@require_http_methods(["GET", "HEAD", "POST"])
def target_new(request: SignedInRequest, project_code: str) -> HttpResponse:
    visit = open_project(request.user, project_code, Permission.TARGET_EDIT)
    form = TargetForm(posted(request), project=visit.project, initial=_start(request, visit))
    if request.method == "POST" and form.is_valid():
        answer = _save(request, visit, form)
        if answer is not None:
            return answer
    indicator, school = form.chosen()
    context = {"visit": visit, "form": form, "facts": _facts(visit, indicator, school)}
    return render(request, "target/new.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def target_edit(request: SignedInRequest, project_code: str, pk: int) -> HttpResponse:
    visit, target = open_target(request.user, project_code, pk)
    form = TargetForm(
        posted(request),
        project=visit.project,
        is_fixed=True,
        initial=TargetForm.initial_of(target),
    )
    if request.method == "POST" and form.is_valid():
        answer = _save(request, visit, form)
        if answer is not None:
            return answer
    facts = target_facts(visit, target.indicator, target.school)
    scale = show.scale_of(facts.indicator)
    context = {
        "visit": visit,
        "form": form,
        "target": target,
        "facts": show.facts_view(facts, _doubted(visit, facts, stored_value(target))),
        "stored": show.side(scale, stored_value(target)),
        "history": show.history_lines(history_of("target", target.pk), scale),
    }
    return render(request, "target/edit.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def target_remove(request: SignedInRequest, project_code: str, pk: int) -> HttpResponse:
    visit, target = open_target(request.user, project_code, pk)
    form = ReasonForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            remove_target(target=target, reason=form.cleaned_data["reason"], by=request.user)
        except TargetRefused as refused:
            form.add_error(None, REFUSALS[refused.reason])
        else:
            ask_for_calculation(visit)
            messages.success(request, _("The target is removed. A new calculation has started."))
            return redirect("target-list", project_code)
    facts = target_facts(visit, target.indicator, target.school)
    stored = show.side(show.scale_of(facts.indicator), stored_value(target))
    context = {"visit": visit, "form": form, "target": target, "stored": stored}
    return render(request, "target/remove.html", context)


def _start(request: SignedInRequest, visit: Visit) -> dict[str, str]:
    """What the link chose, and the last wave."""
    waves = later_waves(visit.project)
    return {"wave": waves[-1].code if waves else "", **request.GET.dict()}


def _save(request: SignedInRequest, visit: Visit, form: TargetForm) -> HttpResponse | None:
    """Store the target and go back to the list; None when the form has to be shown again."""
    try:
        target = set_target(**form.cleaned_data, by=request.user)
    except TargetRefused as refused:
        form.refuse(refused.reason)
        return None
    except StaleTarget as stale:
        return _conflict(request, visit, form, stale)
    ask_for_calculation(visit)
    messages.success(request, _("The target is saved. A new calculation has started."))
    facts = target_facts(visit, target.indicator, target.school)
    for doubt in show.facts_view(facts, _doubted(visit, facts, stored_value(target))).doubts:
        messages.warning(request, f"{doubt.word}: {doubt.sentence}")
    place = target.school.code if target.school else PROJECT
    return redirect(f"{reverse('target-list', args=[visit.project.code])}?place={place}")


def _conflict(
    request: SignedInRequest, visit: Visit, form: TargetForm, stale: StaleTarget
) -> HttpResponse:
    """Both values side by side; what was typed travels on in the form."""
    facts = target_facts(visit, form.cleaned_data["indicator"], form.cleaned_data["school"])
    scale = show.scale_of(facts.indicator)
    context: dict[str, Any] = {
        "visit": visit,
        "form": form,
        "typed": form.typed(stale.stored.revision if stale.stored else None),
        "facts": show.facts_view(facts, _doubted(visit, facts, stale.mine)),
        "mine": show.side(scale, stale.mine),
        "stored": show.side(scale, stale.stored),
    }
    return render(request, "target/conflict.html", context, status=409)


def _facts(visit: Visit, indicator: Indicator | None, school: School | None) -> show.Facts | None:
    if indicator is None:
        return None
    facts = target_facts(visit, indicator, school)
    return show.facts_view(facts, _doubted(visit, facts, None))


def _doubted(visit: Visit, facts: TargetFacts, value: TargetValue | None) -> Doubted:
    """What is said against a target in its place."""
    realism = Realism.of_place(visit.project, facts.place, facts.evidence)
    if value is None:
        return realism.of(facts.place, "", None, None)
    return realism.of(facts.place, value.type, value.low, value.high)
