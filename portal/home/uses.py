"""Which entries a person uses most on a site: counted in the cache, because a GET writes no table.

Losing the counts costs nothing but the order of the tiles.
"""

from __future__ import annotations

from typing import Any

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse

from portal.access.pages import SitePage, SiteRequest

KEPT_SECONDS = 180 * 24 * 3600


def _key(request: SiteRequest) -> str:
    return f"uses:{request.user.pk}:{request.site.pk}"


def uses(request: SiteRequest) -> dict[str, int]:
    """How often the person opened each entry of this site."""
    counted: dict[str, int] = cache.get(_key(request)) or {}
    return counted


def count_use(request: SiteRequest, name: str) -> None:
    """Count one opening of an entry."""
    counted = uses(request)
    counted[name] = counted.get(name, 0) + 1
    cache.set(_key(request), counted, KEPT_SECONDS)


class CountedPage(SitePage):
    """A page whose opening counts for the tiles, under the name of its rule."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Count the opening of what is shown."""
        response: HttpResponse = super().get(request, *args, **kwargs)  # type: ignore[misc]
        count_use(self.site_request, str(self.rule))
        return response
