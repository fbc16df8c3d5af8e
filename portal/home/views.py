"""The home page of a site."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.views.generic import TemplateView

from portal.access.levels import Rule
from portal.access.pages import SitePage, SiteRequest
from portal.home import registry
from portal.home.registry import Entry
from portal.home.uses import uses

USED_TILES = 6


@dataclass(frozen=True)
class Tile:
    """An entry as the home page shows it."""

    label: str
    url: str
    icon: str
    summary: str


def chosen_tiles(request: SiteRequest) -> list[Entry]:
    """The entries this person uses most here, then those that always show; order of registration
    decides between equals."""
    counted = uses(request)
    visible = registry.tiles.visible_to(request.access)
    used = sorted(
        (entry for entry in visible if not entry.always), key=lambda entry: -counted.get(entry.name, 0)
    )
    return used[:USED_TILES] + [entry for entry in visible if entry.always]


class HomePage(SitePage, TemplateView):
    """What waits first, then the tiles (product.md 5.3)."""

    rule = Rule.MEMBER
    template_name = "home/home.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What waits, and the tiles."""
        cibtp_id = self.site_request.site.cibtp_id
        tiles = [
            Tile(entry.label, entry.url(cibtp_id), entry.icon, entry.summary)
            for entry in chosen_tiles(self.site_request)
        ]
        waiting = registry.what_waits(self.site_request)
        return super().get_context_data(tiles=tiles, waiting=waiting, **kwargs)
