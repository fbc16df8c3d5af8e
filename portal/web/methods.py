"""The methods that some page takes; anything else is refused before it reaches one."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed

from portal.web.errors import method_not_allowed

TAKEN = ("GET", "HEAD", "OPTIONS", "POST")


class MethodsMiddleware:
    """Refuses (405) every other method: the admin would take PUT for GET. Every 405 has a page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Let through what is known."""
        known = request.method in TAKEN
        response = self.get_response(request) if known else HttpResponseNotAllowed(TAKEN)
        return method_not_allowed(response) if response.status_code == 405 else response
