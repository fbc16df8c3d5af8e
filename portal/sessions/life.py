"""A session ends on time, on the server: after half an hour without a request, and after its day (R30)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse

from portal import clock
from portal.sessions.store import SessionStore

ENDED = "fin"  # what the sign-in page is told in its address, so that it can say why one is there


class SessionLifeMiddleware:
    """Ends what is over, before anybody asks whose session it is; marks what is in use as seen."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Flush a session that is over."""
        session = request.session
        if isinstance(session, SessionStore) and session.row and session.row.is_over(clock.now()):
            session.flush()
            request.session_ended = True  # type: ignore[attr-defined]
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        """Seen, unless the page is one that a browser asks for by itself (`asked_by_itself`)."""
        by_itself = getattr(getattr(view, "view_class", view), "asked_by_itself", False)
        session = request.session
        # Whose account sleeps is nobody for the portal: his session is not kept awake by being shown.
        if (
            isinstance(session, SessionStore)
            and not by_itself
            and session.row
            and request.user.is_authenticated
        ):
            session.seen()
