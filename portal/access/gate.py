"""The base of what is asked of whoever is signed in, before any page of his: each gate knows one thing."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any, ClassVar
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from portal.access.pages import SAFE_METHODS


class Gate(ABC):
    """A middleware that leads elsewhere who has not done what it asks; the way on is remembered.

    Pages for anybody (`login_not_required`) stay open unless they say `gated_when_signed_in`: they act in
    the name of whoever is signed in. Open too are those that say `before_gates`: one's own account, where
    what is asked is done (but to a gate that shuts it, `account_open`); and those that name this gate in
    `passes_gates`.

    Sub-classes say `leads_to`; it costs every request, so it asks the database nothing that the session or
    the person already says.
    """

    name: ClassVar[str] = ""  # how a page's `passes_gates` names it
    account_open: ClassVar[bool] = True

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Nothing before the page is known; an address that is none asks `led_elsewhere`."""
        request.gates = (*getattr(request, "gates", ()), self)  # type: ignore[attr-defined]
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """Redirect to what is asked, or let through."""
        if self.lets_through(view) or not request.user.is_authenticated:
            return None
        way = self.leads_to(request)
        if way is None:
            return None
        query = urlencode({"next": request.get_full_path()}) if request.method in SAFE_METHODS else ""
        return HttpResponseRedirect(f"{way}?{query}" if query else way)

    def lets_through(self, view: Any) -> bool:
        """Whether the page is open to whoever has not done what is asked."""
        page = getattr(view, "view_class", view)
        if not getattr(view, "login_required", True) and not getattr(page, "gated_when_signed_in", False):
            return True
        before = self.account_open and getattr(page, "before_gates", False)
        return before or self.name in getattr(page, "passes_gates", ())

    @abstractmethod
    def leads_to(self, request: HttpRequest) -> str | None:
        """The address of what this person has to do first; None when nothing is asked of him."""


def led_elsewhere(request: HttpRequest) -> bool:
    """Whether a gate asks something first of whoever is signed in."""
    if not request.user.is_authenticated:
        return False
    return any(gate.leads_to(request) for gate in getattr(request, "gates", ()))
