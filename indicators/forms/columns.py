"""Columns and the questions they hold, sent side by side."""

from __future__ import annotations

from django.http import QueryDict

NOT_DECIDED, LEFT_OUT = "", "-"
MOST = 1000


def chosen_columns(posted: QueryDict) -> dict[str, str | None] | None:
    """Header -> name of the item, empty to leave it out, None when not decided.

    None instead of the whole when the two lists do not belong together.
    """
    headers, items = posted.getlist("header"), posted.getlist("item")
    if not headers or len(headers) != len(items) or len(headers) > MOST:
        return None
    said: dict[str, str | None] = {NOT_DECIDED: None, LEFT_OUT: ""}
    return {
        header: said.get(item, item.replace("\x00", ""))
        for header, item in zip(headers, items, strict=True)
    }
