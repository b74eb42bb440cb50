"""Comparisons beyond the register: ask for one, look at those that were asked for."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from indicators.access import Visit, open_project
from indicators.actions.comparisons import (
    ComparisonRefused,
    ask_again,
    ask_comparison,
    instrument_of,
    scale_key,
)
from indicators.forms.comparison import BETWEEN, ComparisonForm
from indicators.models import Run
from indicators.presenters.comparison import (
    asked_words,
    comparison_views,
    grouped_groups,
    grouped_measures,
    refused_words,
)
from indicators.queries.comparisons import (
    asked_before,
    comparison_page,
    group_choices,
    measure_choices,
)
from indicators.queries.provenance import run_head
from indicators.queries.visible import visible_run
from indicators.roles import Permission
from indicators.tasks import enqueue_comparison
from indicators.views.signed_in import SignedInRequest, plain, posted


@require_http_methods(["GET", "HEAD", "POST"])
def gap_compare(request: SignedInRequest, project_code: str) -> HttpResponse:
    visit = open_project(request.user, project_code)
    if request.method == "POST":
        visit.demand(Permission.COMPARISON_ASK)
    found = visible_run(visit)
    if found is None:
        return render(request, "project/empty.html", {"visit": visit})
    asking = _asking(request, visit, found.run) if visit.may(Permission.COMPARISON_ASK) else {}
    form = asking.get("form")
    if request.method == "POST" and form is not None and form.is_valid():
        answer = _ask(request, visit, found.run, form)
        if answer is not None:
            return answer
    views = comparison_views(comparison_page(visit=visit, run=found.run))
    may_ask = visit.may(Permission.COMPARISON_ASK)
    shown = [one for one in views if one.gap is not None or may_ask]
    context = {"visit": visit, "run": run_head(found), "comparisons": shown, **asking}
    return render(request, "gap/compare.html", context)


@require_POST
def comparison_again(request: SignedInRequest, project_code: str) -> HttpResponse:
    """Ask the newest calculation what the one before was asked."""
    visit = open_project(request.user, project_code, Permission.COMPARISON_ASK)
    found = visible_run(visit)
    if found is None:
        raise Http404
    asked, n_refused = ask_again(run=found.run, by=request.user)
    for one in asked:
        enqueue_comparison(one.pk)
    messages.success(request, asked_words(len(asked)))
    if n_refused:
        messages.warning(request, refused_words(n_refused))
    return redirect("gap-compare", visit.project.code)


@require_safe
def comparison_detail(request: SignedInRequest, project_code: str, pk: int) -> HttpResponse:
    visit = open_project(request.user, project_code)
    found = visible_run(visit)
    views = comparison_views(comparison_page(visit=visit, run=found.run, pk=pk)) if found else ()
    may_ask = visit.may(Permission.COMPARISON_ASK)
    if found is None or not views or not (views[0].gap or may_ask):
        raise Http404
    context = {
        "visit": visit,
        "run": run_head(found),
        "comparison": views[0],
        "page": views[0].gap,
        "may_ask": may_ask,
    }
    return render(request, "comparison/detail.html", context)


def _asking(request: SignedInRequest, visit: Visit, run: Run) -> dict[str, Any]:
    """What the form offers: a measure first, then its groups and the questions on its scale."""
    offered = measure_choices(run=run)
    code = plain(request.POST.get("first", "") or request.GET.get("first", ""))
    first = next((measure for measure, _choice in offered if measure.code == code), None)
    context: dict[str, Any] = {
        "may_ask": True,
        "n_before": len(asked_before(run=run)),
        "measures": grouped_measures(choice for _measure, choice in offered),
        "first": code if first else "",
    }
    if first is None:
        return context
    others = [
        (measure, choice)
        for measure, choice in offered
        if scale_key(measure) == scale_key(first) and instrument_of(measure) != instrument_of(first)
    ]
    form = ComparisonForm(
        posted(request),
        first=first,
        groups=grouped_groups(group_choices(visit=visit, run=run, measure=first), BETWEEN),
        measures={measure.code: measure for measure, _choice in others},
        labels=grouped_measures(choice for _measure, choice in others),
    )
    return context | {"form": form}


def _ask(
    request: SignedInRequest, visit: Visit, run: Run, form: ComparisonForm
) -> HttpResponse | None:
    """On to the comparison; None when the form has to be shown again."""
    try:
        asked = ask_comparison(
            run=run, sides=form.sides, why=form.cleaned_data["why"], by=request.user
        )
    except ComparisonRefused as refused:
        form.refuse(refused.reason)
        return None
    if asked.state == "waiting":
        enqueue_comparison(asked.pk)
    return redirect("comparison-detail", visit.project.code, asked.pk)
