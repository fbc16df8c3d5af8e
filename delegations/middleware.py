"""An address under /sites/<identifiant>/ resolves its site once: `request.site`, `request.access`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from delegations.backend import remember
from delegations.deciding import access_of, administrators_of
from delegations.notices import place
from delegations.second_factor import is_missing
from portal.second_factor.verified import is_verified


def enter(request: Any, cibtp_id: str) -> bool:
    """Set `request.site` and `request.access` when the person holds any right there today.

    Not where the site asks for a second factor that this session did not prove: then only
    `request.asks_second_factor` names it.
    """
    access = access_of(request.user, cibtp_id) if request.user.is_authenticated else None
    if access is None:
        return False
    if is_missing(request, access.site):
        request.asks_second_factor = access.site
        return False
    request.site = access.site
    request.access = access
    request.user.second_factor_verified = is_verified(request)
    remember(request.user, access)
    return True


class SiteMiddleware:
    """Another's site and a site that does not exist are the same 404."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Nothing before the address is resolved."""
        return self.get_response(request)

    def process_view(self, request: Any, view: Any, args: Any, kwargs: dict[str, Any]) -> HttpResponse | None:
        """Find the person's access to the site of the address. Raises Http404 without one."""
        cibtp_id = kwargs.get("cibtp_id")
        if cibtp_id is None or enter(request, cibtp_id):
            return None
        site = getattr(request, "asks_second_factor", None)
        if site is None:
            raise Http404
        way = f"{reverse('accounts:verification')}?{urlencode({'next': request.path})}"
        people = [person for person in administrators_of(site) if person != request.user]
        context = {"asked_by": place(site), "way_on": way, "administrators": people}
        return render(request, "delegations/second_factor_needed.html", context, status=403)
