"""Staff's sessions travel in a cookie of their own, read under /admin/ and nowhere else (R35)."""

from __future__ import annotations

from importlib import import_module

from django.conf import settings
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse

STAFF_PAGES = "/admin/"
STAFF_SESSION = "staff"  # what a session says that staff opened by signing in


class TwoCookiesSessionMiddleware(SessionMiddleware):
    """Django's own, but a page of the portal never meets the session of a member of the staff.

    What a page of the portal could be made to do does not reach the admin, nor the reverse; a browser
    may hold both.
    """

    def process_request(self, request: HttpRequest) -> None:
        """Read the cookie that belongs to the address."""
        if request.path_info.startswith(STAFF_PAGES):
            cookies = {name: value for name, value in request.COOKIES.items() if name != _portal()}
            if _staff() in cookies:
                cookies[_portal()] = cookies[_staff()]
            request.COOKIES = cookies
        super().process_request(request)

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """Write the cookie that belongs to the session: staff sign in at the door of everybody."""
        response = super().process_response(request, response)
        written = response.cookies.get(_portal())
        if written is None:
            return response
        if not written.value and not getattr(request.session, "flushed", False):
            # A request that left before the session had its new id: its answer must not end that one.
            del response.cookies[_portal()]
            return response
        inside = request.path_info.startswith(STAFF_PAGES)
        if inside or request.session.get(STAFF_SESSION):
            del response.cookies[_portal()]
            response.cookies[_staff()] = written.value
            response.cookies[_staff()].update(written)
        if not inside and _staff() in response.cookies:
            _end(request.COOKIES.get(_staff()))
        return response


def _portal() -> str:
    return str(settings.SESSION_COOKIE_NAME)


def _staff() -> str:
    return str(settings.STAFF_SESSION_COOKIE_NAME)


def _end(key: str | None) -> None:
    """The session that a new one replaces in this browser (R29)."""
    if key:
        import_module(settings.SESSION_ENGINE).SessionStore(key).delete()
