"""Small things every page of a signed-in person needs."""

from __future__ import annotations

from django.http import HttpRequest

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
