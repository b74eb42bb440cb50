"""Indicators copied from another project: choose, look, copy."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from indicators.access import Visit, open_project, other_projects
from indicators.actions.definitions import DefinitionsChanged, ReasonMissing
from indicators.actions.load_messages import sentence
from indicators.actions.load_project import LoadRefused
from indicators.actions.register_copy import copy_indicators, look_at_copy
from indicators.forms.register_copy import CopyForm
from indicators.models import Project
from indicators.presenters.register_copy import copy_view
from indicators.queries.definitions import needs_reason
from indicators.roles import Permission
from indicators.views.run import ask_for_calculation
from indicators.views.signed_in import SignedInRequest, plain

TEMPLATE = "register/copy.html"


@require_http_methods(["GET", "HEAD", "POST"])
def register_copy(request: SignedInRequest, project_code: str) -> HttpResponse:
    """Without a source: the projects. With one: its indicators. With indicators: the preview."""
    visit = open_project(request.user, project_code, Permission.PROJECT_SETUP)
    data = request.POST if request.method == "POST" else request.GET
    asked = plain(data.get("source", ""))
    if not asked:
        context = {"visit": visit, "projects": other_projects(visit, Permission.PROJECT_SETUP)}
        return render(request, TEMPLATE, context)
    # Definitions as they stand now: readers of the source see those of its release only.
    source = open_project(request.user, asked, Permission.PROJECT_SETUP).project
    codes = [plain(code) for code in data.getlist("indicator")]
    if request.method != "POST":
        return _shown(request, visit, source, codes)
    return _copied(request, visit, source, codes)


def _shown(
    request: SignedInRequest,
    visit: Visit,
    source: Project,
    codes: list[str],
    form: CopyForm | None = None,
) -> HttpResponse:
    plan = look_at_copy(source=source, target=visit.project, codes=codes or None)
    page = copy_view(plan, sentence, (get_language() or "ky")[:2], codes or None)
    initial = {"source": source.code, "mark": page.mark}
    context: dict[str, Any] = {
        "visit": visit,
        "source": source,
        "page": page,
        "is_preview": bool(codes),
        "form": form or CopyForm(initial=initial),
        "needs_reason": needs_reason(visit.project),
    }
    return render(request, TEMPLATE, context)


def _copied(
    request: SignedInRequest, visit: Visit, source: Project, codes: list[str]
) -> HttpResponse:
    form = CopyForm(request.POST)
    if not form.is_valid() or not codes:
        messages.error(request, _("Nothing was copied: the form was not complete."))
        return redirect("register-copy", visit.project.code)
    had_data = needs_reason(visit.project)
    given = {name: form.cleaned_data[name] for name in ("mark", "reason")}
    try:
        n = copy_indicators(
            source=source, target=visit.project, codes=codes, by=request.user, **given
        )
    except DefinitionsChanged:
        messages.error(request, _("The definitions changed since you looked. Look again."))
        kept = {"source": source.code, "reason": given["reason"]}
        plan = look_at_copy(source=source, target=visit.project, codes=codes)
        return _shown(request, visit, source, codes, CopyForm(initial=kept | {"mark": plan.mark}))
    except ReasonMissing:
        form.add_error("reason", _("Say why the definitions change: data rest on them."))
        return _shown(request, visit, source, codes, form)
    except LoadRefused:
        messages.error(request, _("Nothing was copied: see below what stands in the way."))
        return _shown(request, visit, source, codes, form)
    if n and had_data:
        ask_for_calculation(visit)
    text = ngettext("%(n)s indicator copied.", "%(n)s indicators copied.", n)
    messages.success(request, text % {"n": n})
    return redirect("register-list", visit.project.code)
