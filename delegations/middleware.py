"""An address under /sites/<identifiant>/ resolves its site once: `request.site`, `request.access`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from delegations.backend import remember
from delegations.deciding import access_of


def enter(request: Any, cibtp_id: str) -> bool:
    """Set `request.site` and `request.access` when the person holds any right there today."""
    access = access_of(request.user, cibtp_id) if request.user.is_authenticated else None
    if access is None:
        return False
    request.site = access.site
    request.access = access
    remember(request.user, access)
    return True


class SiteMiddleware:
    """Another's site and a site that does not exist are the same 404."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Nothing before the address is resolved."""
        return self.get_response(request)

    def process_view(self, request: Any, view: Any, args: Any, kwargs: dict[str, Any]) -> None:
        """Find the person's access to the site of the address. Raises Http404 without one."""
        cibtp_id = kwargs.get("cibtp_id")
        if cibtp_id is None:
            return
        if not enter(request, cibtp_id):
            raise Http404
