"""Middleware of ours."""

import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

RENEW_AFTER = 15 * 60


def renew_session(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Let the end of a session follow its use; one write per quarter of an hour, not per page."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            now = int(time.time())
            if now - request.session.get("renewed_at", 0) >= RENEW_AFTER:
                request.session["renewed_at"] = now
        return get_response(request)

    return middleware
