"""Where each app registers its entries: navigation, right bar, footer, tiles, and what waits."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import Enum

from django.urls import reverse

from portal import clock
from portal.access.levels import Rule
from portal.access.pages import SiteRequest
from portal.access.site_access import SiteAccess


class Menu(Enum):
    """The navigation's menus, in their order (product.md 5.4)."""

    COMPANY = "Mon espace adhérent"
    EMPLOYEES = "Mes salariés"
    BAD_WEATHER = "Chômage intempéries"
    DOCUMENTS = "Mes documents"
    SUPPORT = "Aide et support"
    PERSONAL = "Mon compte"


@dataclass(frozen=True)
class Entry:
    """A way to a page of the site, shown to whoever meets its rule."""

    name: str  # stable: uses are counted under it
    label: str
    url_name: str
    rule: str | Rule
    icon: str
    summary: str = ""
    menu: Menu = Menu.SUPPORT
    always: bool = False  # a tile that shows whatever one uses most

    def url(self, cibtp_id: str) -> str:
        """The entry's address on a site."""
        return reverse(self.url_name, kwargs={"cibtp_id": cibtp_id})


@dataclass(frozen=True)
class Waiting:
    """Something that waits for the person on this site."""

    sentence: str
    url: str
    due: dt.date | None = None

    @property
    def overdue(self) -> bool:
        """Whether its last day is past."""
        return self.due is not None and self.due < clock.today()


class Registry:
    """Entries in the order of their registration; adding the same one twice changes nothing."""

    def __init__(self) -> None:
        self._entries: dict[str, Entry] = {}

    def add(self, entry: Entry) -> None:
        """Register an entry under its name."""
        self._entries[entry.name] = entry

    def __iter__(self) -> Iterator[Entry]:
        return iter(self._entries.values())

    def visible_to(self, access: SiteAccess) -> list[Entry]:
        """The entries whose rule the person meets."""
        return [entry for entry in self if access.meets(entry.rule)]


@dataclass(frozen=True)
class FooterLink:
    """A page that anybody may read, at the foot of every page."""

    label: str
    url_name: str


@dataclass(frozen=True)
class SideLink:
    """What the right bar holds where one stands on no site."""

    label: str
    url_name: str
    icon: str


WaitingProvider = Callable[[SiteRequest], Iterable[Waiting]]

navigation = Registry()
side_bar = Registry()
tiles = Registry()
footer: list[FooterLink] = []
side_links: list[SideLink] = []
waiting_providers: list[WaitingProvider] = []


def what_waits(request: SiteRequest) -> list[Waiting]:
    """What waits on this site, the most urgent first, what has no date last."""
    found = [item for provider in waiting_providers for item in provider(request)]
    return sorted(found, key=lambda item: (item.due is None, item.due or dt.date.max))
