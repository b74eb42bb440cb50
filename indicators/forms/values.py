"""Odd answers and what they mean, sent side by side."""

from __future__ import annotations

from django.http import QueryDict

DASHES = ("-", "–", "—", "−")  # as a keyboard gives them: no answer
MOST = 300


def chosen_values(posted: QueryDict) -> dict[tuple[str, str], str | None] | None:
    """(Name of the item, answer) -> option or number, empty for no answer, None when not decided.

    None instead of the whole when the lists do not belong together.
    """
    items, values, meanings = (posted.getlist(name) for name in ("item", "value", "meaning"))
    if not items or len(items) > MOST or not len(items) == len(values) == len(meanings):
        return None
    return {
        (item, value): _meaning(meaning)
        for item, value, meaning in zip(items, values, meanings, strict=True)
    }


def _meaning(text: str) -> str | None:
    said = text.replace("\x00", "").strip()
    if said in DASHES:
        return ""
    return said or None
