"""Findings and quotes in words."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext

HINTS = ("phone", "mail", "name")


def doubt_text(hints: Iterable[str]) -> str:
    """What in a quote looks as if it named a person; empty without a doubt."""
    words = {
        "phone": gettext("a telephone number"),
        "mail": gettext("an e-mail address"),
        "name": gettext("a name of a person"),
    }
    found = [words[str(hint)] for hint in hints]
    if not found:
        return ""
    return gettext(
        "The words hold what looks like %(what)s. Look once more before others read them."
    ) % {"what": ", ".join(found)}
