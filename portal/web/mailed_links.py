"""A mailed link's token leaves the address at once (R21), for a cookie that only its page is sent."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from portal.access.pages import SAFE_METHODS

MARK = "~"  # begins no token: none is signed with it
COOKIE = "lien"
TOKEN = "token"  # noqa: S105  how every route of a link names that part of its address


def handle_of(token: str) -> str:
    """What stands for a token in the address: of no use without the cookie, and its own in each tab."""
    return MARK + hashlib.sha256(token.encode()).hexdigest()[:16]


class MailedLinksMiddleware:
    """Following a link leads to the same page at an address without its token, and reads nothing else.

    The views know nothing of it: they are given the token whichever address is asked for. Where a browser
    keeps no cookie, they are given what stands for it, which is no link.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Nothing before the page is known."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """Give the view its token, or lead to the address that no longer holds it."""
        token = kwargs.get(TOKEN)
        if token is None:
            return None
        if token.startswith(MARK):
            kept = request.COOKIES.get(COOKIE, "")
            if handle_of(kept) == token:
                kwargs[TOKEN] = kept
            return None
        return _without_token(request, kwargs) if request.method in SAFE_METHODS else None


def _without_token(request: HttpRequest, kwargs: dict[str, Any]) -> HttpResponse:
    match = request.resolver_match
    assert match is not None  # a view is about to answer
    handle = handle_of(kwargs[TOKEN])
    address = reverse(match.view_name, kwargs={**kwargs, TOKEN: handle})
    query = request.META.get("QUERY_STRING", "")
    response = HttpResponseRedirect(f"{address}?{query}" if query else address)
    response.set_cookie(
        COOKIE,
        kwargs[TOKEN],
        path=address,
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",  # the link is followed from a webmail
    )
    return response
