"""No page takes a body larger than its form: refused before a byte of it is read or stored.

What is small is read whole before anybody asks whose session it is: a body that is held back would let its
request act later for a session that has ended meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.request import UnreadablePostError
from django.template import loader

LARGEST = 3 * 1024 * 1024  # bytes; above what the largest form weighs, a stop's hours


class BodySizeMiddleware:
    """Refuses (413) by the announced length, then reads; a body without one is read as empty by WSGI."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Let through what is small."""
        announced = request.META.get("CONTENT_LENGTH") or "0"
        if announced.isdigit() and int(announced.lstrip("0")[:12] or "0") > LARGEST:
            return HttpResponse(loader.get_template("400.html").render(), status=413)
        try:
            request.body  # noqa: B018  kept by the request
        except UnreadablePostError:
            return HttpResponse(loader.get_template("400.html").render(), status=400)
        return self.get_response(request)
