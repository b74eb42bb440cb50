"""The menu of a project and the trail above a page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

# Address name, words, permission asked (value of roles.Permission; empty: every member).
MENU = (
    ("project-overview", _("Overview"), ""),
    ("performance-table", _("Performance table"), ""),
    ("register-list", _("Register"), ""),
    ("school-list", _("Schools"), ""),
    ("checklist-list", _("Checklists"), "checklist.view"),
    ("target-list", _("Targets"), "target.view"),
    ("upload-list", _("Files"), "upload.view"),
    ("coverage", _("Fieldwork"), "upload.view"),
    ("run-list", _("Calculations"), "result.view_unpublished"),
    ("setup", _("Set up"), "project.settings"),
    ("member-list", _("People"), "member.invite"),
    ("audit-list", _("Audit log"), "audit.view"),
    ("legend", _("How to read this"), ""),
    ("method", pgettext_lazy("page", "Method"), ""),
)


@dataclass(frozen=True, slots=True)
class MenuItem:
    url: str
    label: str
    is_current: bool


def menu(visit: Any, path: str) -> tuple[MenuItem, ...]:
    """Entries this visit may open. Pages that are not installed are left out.

    The longest address that `path` starts with is the current one.
    """
    code = visit.project.code
    found = []
    for name, label, permission in MENU:
        if permission and not visit.may(permission):
            continue
        try:
            found.append((reverse(name, args=[code]), str(label)))
        except NoReverseMatch:
            continue
    current = max((url for url, _label in found if path.startswith(url)), key=len, default="")
    return tuple(MenuItem(url, label, url == current) for url, label in found)
