"""Small things every page of a signed-in person needs."""

from __future__ import annotations

from django.http import HttpRequest, QueryDict

from indicators.models import User

HIGHEST_PAGE = 100_000


class SignedInRequest(HttpRequest):
    """A request that has passed the sign-in middleware."""

    user: User


def page_number(request: HttpRequest) -> int:
    """The page asked for; anything that is not a page number means the first."""
    text = request.GET.get("page", "")
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 1
    return min(max(number, 1), HIGHEST_PAGE)


def posted(request: HttpRequest) -> QueryDict | None:
    """What a form was sent with, empty or not; None when it is only looked at."""
    return request.POST if request.method == "POST" else None


def plain(text: str) -> str:
    """Text of an address or a form without zero bytes, which PostgreSQL refuses in a query."""
    return text.replace("\x00", "").strip()
