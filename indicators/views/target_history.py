"""Every change of one target: who, when, from what to what, why."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from indicators.access import open_indicator, open_school
from indicators.presenters.target import history_lines, place_text, scale_of
from indicators.queries.target_history import head_for, target_wave
from indicators.queries.target_history import target_history as read_history
from indicators.roles import Permission
from indicators.views.signed_in import SignedInRequest, plain


@require_safe
def target_history(
    request: SignedInRequest, project_code: str, indicator_code: str, wave_code: str
) -> HttpResponse:
    visit, indicator = open_indicator(
        request.user, project_code, plain(indicator_code), Permission.TARGET_VIEW
    )
    code = plain(request.GET.get("school", ""))
    school = open_school(request.user, project_code, code)[1] if code else None
    wave = target_wave(visit, plain(wave_code))
    if wave is None:
        raise Http404
    head = head_for(visit, indicator)
    events = read_history(visit, indicator, school, wave)
    context = {
        "visit": visit,
        "indicator": head,
        "place": place_text(school.code if school else "", school.name if school else ""),
        "school_code": code,
        "wave": wave,
        "history": history_lines(events, scale_of(head)),
        "may_edit": visit.may(Permission.TARGET_EDIT),
    }
    return render(request, "target/history.html", context)
