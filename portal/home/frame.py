"""What the frame of every page shows: the caisse, the site, the menus this person may open."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from portal.access.answers import has_several_sites
from portal.access.site_access import SiteAccess
from portal.caisse import current_caisse
from portal.home.registry import Menu, SideLink, footer, navigation, side_bar, side_links
from portal.sessions.left import left_of
from portal.web.sessions import STAFF_PAGES


@dataclass(frozen=True)
class ShownEntry:
    """An entry as the frame shows it."""

    label: str
    url: str
    icon: str
    current: bool


@dataclass(frozen=True)
class ShownMenu:
    """A menu with the entries that this person may open; `current` when he stands in it."""

    label: str
    entries: list[ShownEntry]

    @property
    def current(self) -> bool:
        """Whether one of its entries is the page shown."""
        return any(entry.current for entry in self.entries)


def shown_menus(request: HttpRequest, access: SiteAccess) -> list[ShownMenu]:
    """The navigation: menus without an entry are not shown."""
    menus = []
    visible = navigation.visible_to(access)
    for menu in Menu:
        entries = [shown(request, access, entry) for entry in visible if entry.menu is menu]
        if entries and menu is not Menu.PERSONAL:
            menus.append(ShownMenu(menu.value, entries))
    return menus


def shown(request: HttpRequest, access: SiteAccess, entry: Any) -> ShownEntry:
    """One entry with its address on the site."""
    url = entry.url(access.site.cibtp_id)
    return ShownEntry(entry.label, url, entry.icon, current=request.path.startswith(url))


def account_entry(request: HttpRequest) -> ShownEntry:
    """One's own account: on no site, and in everybody's menu."""
    url = reverse("accounts:account")
    return ShownEntry("Gérer mon compte utilisateur", url, "user-circle", request.path.startswith(url))


def elsewhere(request: HttpRequest, link: SideLink) -> ShownEntry:
    """What the right bar holds where one stands on no site."""
    url = reverse(link.url_name)
    return ShownEntry(link.label, url, link.icon, current=request.path == url)


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context processor: queries only as far as a template asks."""
    context: dict[str, Any] = {
        "caisse": current_caisse(),
        "embedded": settings.EMBEDDED,
        "footer_links": [{"label": link.label, "url": reverse(link.url_name)} for link in footer],
    }
    user = getattr(request, "user", None)  # absent when the failure came before sessions
    if user is not None and user.is_authenticated:
        context["several_sites"] = SimpleLazyObject(lambda: has_several_sites(user))
        inside = request.path.startswith(STAFF_PAGES)
        context["sign_out_url"] = reverse("admin:logout" if inside else "accounts:sign_out")
        context["session_left"] = left_of(request)
        context["session_url"] = reverse("accounts:staff_session" if inside else "accounts:session")
        context["sign_in_url"] = reverse(settings.LOGIN_URL)
        if not inside:
            context["personal_menu"] = [account_entry(request)]
            context["side_bar"] = [elsewhere(request, link) for link in side_links]
        context["choice_url"] = reverse("admin:index" if inside else settings.LOGIN_REDIRECT_URL)
    access: SiteAccess | None = getattr(request, "access", None)
    if access is not None:
        personal = [entry for entry in navigation.visible_to(access) if entry.menu is Menu.PERSONAL]
        context |= {
            "site": access.site,
            "access": access,
            "navigation": SimpleLazyObject(lambda: shown_menus(request, access)),
            "personal_menu": [account_entry(request), *(shown(request, access, entry) for entry in personal)],
            "side_bar": [shown(request, access, entry) for entry in side_bar.visible_to(access)],
            "several_sites": access.elsewhere,
            "choice_url": f"{context['choice_url']}?retour={access.site.cibtp_id}",
        }
    return context
