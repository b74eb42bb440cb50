"""Members, invitations, and joining by a link."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from indicators.access import open_project
from indicators.actions.members import (
    InvitationRefused,
    accept_invitation,
    find_invitation,
    invite,
    register,
    roles_to_give,
)
from indicators.forms.member import REFUSALS, InvitationForm, RegistrationForm
from indicators.models import Invitation, User
from indicators.queries.members import member_rows, open_invitations
from indicators.roles import Permission
from indicators.views.signed_in import SignedInRequest, posted
from indicators.vocabulary import RoleName
from indicators.words import word


@require_safe
def member_list(request: SignedInRequest, project_code: str) -> HttpResponse:
    visit = open_project(request.user, project_code, Permission.INVITE)
    context = {
        "visit": visit,
        "members": [(row, word(RoleName(row.role))) for row in member_rows(visit.project)],
        "invitations": [(row, word(RoleName(row.role))) for row in open_invitations(visit.project)],
    }
    return render(request, "member/list.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invitation_new(request: SignedInRequest, project_code: str) -> HttpResponse:
    """The link is shown once, on the answer to the form: only its hash is kept."""
    visit = open_project(request.user, project_code, Permission.INVITE)
    roles = roles_to_give(visit.role.name)
    form = InvitationForm(posted(request), project=visit.project, roles=roles)
    link = ""
    if request.method == "POST" and form.is_valid():
        try:
            _invitation, token = invite(project=visit.project, by=request.user, **form.cleaned_data)
        except InvitationRefused as refused:
            form.add_error(None, REFUSALS[refused.reason])
        else:
            link = request.build_absolute_uri(reverse("invitation-accept", args=[token]))
    return render(request, "member/new.html", {"visit": visit, "form": form, "link": link})


@never_cache
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def invitation_accept(request: HttpRequest, token: str) -> HttpResponse:
    """Whoever holds the link joins: with the account signed in, or with a new one."""
    try:
        invitation = find_invitation(token)
    except InvitationRefused as refused:
        return _refused(request, refused, status=410)
    form = RegistrationForm(posted(request))
    if request.method == "POST" and (request.user.is_authenticated or form.is_valid()):
        try:
            return _join(request, token, form)
        except InvitationRefused as refused:
            if request.user.is_authenticated:
                return _refused(request, refused, status=409)
            form.add_error(None, REFUSALS[refused.reason])
    context = _accept_context(invitation, form)
    return render(request, "member/accept.html", context)


def _refused(request: HttpRequest, refused: InvitationRefused, *, status: int) -> HttpResponse:
    context = {"reason": REFUSALS[refused.reason]}
    return render(request, "member/refused.html", context, status=status)


def _join(request: HttpRequest, token: str, form: RegistrationForm) -> HttpResponse:
    if isinstance(request.user, User):
        member = accept_invitation(token=token, by=request.user)
    else:
        member = register(token=token, **form.cleaned_data)
        login(request, member.user, backend=settings.AUTHENTICATION_BACKENDS[0])
    messages.success(request, _("Welcome. You belong to the project now."))
    return redirect("/")


def _accept_context(invitation: Invitation, form: RegistrationForm) -> dict[str, object]:
    return {
        "project_name": invitation.project.name,
        "role": word(RoleName(invitation.role)),
        "form": form,
    }
