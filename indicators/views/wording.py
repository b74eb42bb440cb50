"""Questions over the waves: what changed, and whether the answers can be compared."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST

from indicators.access import Visit, open_project
from indicators.actions.wordings import (
    StaleDecision,
    WordingRefusal,
    WordingRefused,
    decide_wordings,
    link_question,
    unlink_question,
)
from indicators.forms.target import ReasonForm
from indicators.forms.wording import LinkForm, WordingForm
from indicators.presenters.wording import pair_views, use_text
from indicators.queries.wording_page import wording_page
from indicators.roles import Permission
from indicators.views.signed_in import SignedInRequest, plain, posted

REFUSALS = {
    WordingRefusal.UNKNOWN: gettext_lazy(
        "Nothing was stored: the questionnaire has changed meanwhile. Look again."
    ),
    WordingRefusal.NO_REASON: gettext_lazy("Say why: it is kept with the decision."),
    WordingRefusal.NOT_ALIKE: gettext_lazy(
        "Not linked: the questions are of another kind or have other answer options."
    ),
    WordingRefusal.LINKED: gettext_lazy(
        "Not linked: one of the questions is linked already, or one version asks both."
    ),
}


@require_http_methods(["GET", "HEAD", "POST"])
def wording_list(request: SignedInRequest, project_code: str) -> HttpResponse:
    is_post = request.method == "POST"
    wanted = Permission.UPLOAD_ACCEPT if is_post else Permission.UPLOAD_VIEW
    visit = open_project(request.user, project_code, wanted)
    instrument = plain(request.GET.get("instrument", ""))
    form = WordingForm(posted(request))
    if is_post and form.is_valid() and _decided(request, visit, form):
        return _to_list(project_code, instrument)
    page = wording_page(visit.project, instrument)
    pairs = pair_views(page, form.chosen)
    context = {
        "visit": visit,
        "page": page,
        "versions": [use_text(use) for use in page.uses],
        "pairs": pairs,
        "has_questions": any(pair.questions for pair in pairs),
        "form": form,
        "may_decide": visit.may(Permission.UPLOAD_ACCEPT),
    }
    return render(request, "wording/list.html", context)


def _decided(request: SignedInRequest, visit: Visit, form: WordingForm) -> bool:
    try:
        n = decide_wordings(
            project=visit.project,
            seen=form.cleaned_data["questions"],
            by=visit.user,
            **form.decision,
        )
    except WordingRefused as refused:
        messages.error(request, REFUSALS[refused.reason])
    except StaleDecision:
        text = _(
            "Nothing was stored: somebody decided about one of these questions meanwhile. "
            "The page shows that decision now, and what you typed. Look, and send it again."
        )
        messages.error(request, text)
    else:
        text = ngettext("Decided about %(n)s question.", "Decided about %(n)s questions.", n)
        messages.success(request, text % {"n": n})
        return True
    return False


@require_POST
def wording_link(request: SignedInRequest, project_code: str) -> HttpResponse:
    """Say that a new question carries on one that is no longer asked."""
    visit = open_project(request.user, project_code, Permission.UPLOAD_ACCEPT)
    form = LinkForm(request.POST)
    instrument = plain(request.GET.get("instrument", ""))
    if not form.is_valid():
        messages.error(request, _("Not linked: say whether the answers are comparable, and why."))
        return _to_list(project_code, instrument)
    pair = {name: form.cleaned_data[name] for name in ("earlier", "later")}
    try:
        link_question(project=visit.project, by=request.user, **pair, **form.decision)
    except WordingRefused as refused:
        messages.error(request, REFUSALS[refused.reason])
    else:
        messages.success(request, _("Linked: both wordings are one question now."))
    return _to_list(project_code, instrument)


@require_POST
def wording_unlink(request: SignedInRequest, project_code: str, pk: int) -> HttpResponse:
    visit = open_project(request.user, project_code, Permission.UPLOAD_ACCEPT)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say why the link is taken back."))
    elif unlink_question(
        project=visit.project, item_pk=pk, reason=form.cleaned_data["reason"], by=request.user
    ):
        messages.success(request, _("The link is taken back: these are two questions again."))
    return _to_list(project_code, plain(request.GET.get("instrument", "")))


def _to_list(project_code: str, instrument: str) -> HttpResponse:
    query = urlencode({"instrument": instrument})
    return redirect(f"{reverse('wording-list', args=[project_code])}?{query}")
