"""What bad weather adds to the navigation, to the home page and to what waits there."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse

from intemperies.features import REFUND, STOPPAGE
from intemperies.models import Stoppage
from portal.access.levels import Access
from portal.access.pages import SiteRequest
from portal.home.registry import Entry, Menu, Waiting, navigation, tiles, waiting_providers

ENTRIES = (
    Entry(
        name=STOPPAGE,
        label="Mes arrêts intempéries",
        url_name="intemperies:list",
        rule=STOPPAGE,
        icon="cloud",
        summary="Déclarer un arrêt de chantier, et suivre ceux qui sont envoyés.",
        menu=Menu.BAD_WEATHER,
    ),
    Entry(
        name=REFUND,
        label="Mes remboursements",
        url_name="intemperies:refunds",
        rule=REFUND,
        icon="banknotes",
        summary="Ce qui vous revient des indemnités versées, campagne par campagne.",
        menu=Menu.BAD_WEATHER,
    ),
)


def register() -> None:
    """Add both to the menu and to the tiles, and the drafts that wait."""
    for entry in ENTRIES:
        navigation.add(entry)
        tiles.add(entry)
    if drafts not in waiting_providers:
        waiting_providers.append(drafts)


def drafts(request: SiteRequest) -> Iterator[Waiting]:
    """The drafts that the person may go on with: a declaration lost or late is money never seen."""
    if not request.access.allows(STOPPAGE, Access.WRITE):
        return
    for stoppage in Stoppage.objects.visible_to(request.access).drafts().select_related("worksite")[:5]:
        url = reverse("intemperies:file", kwargs={"cibtp_id": request.site.cibtp_id, "number": stoppage.pk})
        yield Waiting(f"Un arrêt n’est pas encore envoyé\u00a0: {stoppage.worksite.name}", url)
