"""The menu of a project: sections, and the pages of the section one is in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

# Section, then its pages: address name, words, permission asked (value of roles.Permission;
# empty: every member). The first section holds every page that no other claims.
MENU = (
    (
        pgettext_lazy("menu", "Results"),
        (
            ("project-overview", _("Overview"), ""),
            ("performance-table", _("Performance table"), ""),
            ("item-list", pgettext_lazy("menu", "Questions"), ""),
            ("gap-list", pgettext_lazy("menu", "Gaps"), ""),
            ("theme-list", pgettext_lazy("menu", "Open answers"), ""),
            ("note-list", pgettext_lazy("menu", "Notes"), "note.edit"),
            ("agenda-list", _("Endline agenda"), ""),
            ("paragraph-list", pgettext_lazy("menu", "Texts"), ""),
        ),
    ),
    (
        pgettext_lazy("menu", "Indicators"),
        (
            ("register-list", pgettext_lazy("menu", "Register"), ""),
            ("target-list", _("Targets"), "target.view"),
        ),
    ),
    (
        pgettext_lazy("menu", "Schools"),
        (
            ("school-list", _("Schools"), ""),
            ("checklist-list", _("Checklists"), "checklist.view"),
        ),
    ),
    (
        pgettext_lazy("menu", "Data"),
        (
            ("upload-list", _("Files"), "upload.view"),
            ("coverage", _("Fieldwork"), "upload.view"),
            ("run-list", _("Calculations"), "run.start"),
            ("figure-check", _("Check a printed report"), "run.start"),
        ),
    ),
    (
        pgettext_lazy("menu", "Project"),
        (
            ("setup", _("Set up"), "project.settings"),
            ("member-list", _("People"), "member.invite"),
            ("audit-list", _("Audit log"), "audit.view"),
        ),
    ),
    (
        pgettext_lazy("menu", "Help"),
        (
            ("legend", _("How to read this"), ""),
            ("method", pgettext_lazy("page", "Method"), ""),
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class MenuItem:
    """`url` of a section is that of its first page."""

    url: str
    label: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class Menu:
    """`pages` are those of the current section; none where it has only one."""

    sections: tuple[MenuItem, ...] = ()
    pages: tuple[MenuItem, ...] = ()


def menu(visit: Any, path: str) -> Menu:
    """Sections and pages this visit may open; pages that are not installed are left out.

    The longest address that `path` starts with is the current page.
    """
    found = [(str(label), _open_pages(visit, pages)) for label, pages in MENU]
    sections = [(label, pages) for label, pages in found if pages]
    urls = [url for _label, pages in sections for url, _page in pages]
    here = max((url for url in urls if path.startswith(url)), key=len, default="")
    current = next((pages for _label, pages in sections if here in dict(pages)), [])
    return Menu(
        tuple(MenuItem(pages[0][0], label, pages is current) for label, pages in sections),
        tuple(MenuItem(url, label, url == here) for url, label in current)
        if len(current) > 1
        else (),
    )


def _open_pages(visit: Any, pages: tuple[tuple[str, Any, str], ...]) -> list[tuple[str, str]]:
    found = []
    for name, label, permission in pages:
        if permission and not visit.may(permission):
            continue
        try:
            found.append((reverse(name, args=[visit.project.code]), str(label)))
        except NoReverseMatch:
            continue
    return found
