"""« Voir ce que verra ce bénéficiaire »: what a matrix opens on a site, from the portal's own registries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from adherents.models import Site
from delegations.matrix import RightsMatrix
from delegations.models import Role
from portal.access.features import Feature, all_features, get
from portal.access.levels import Access, College
from portal.access.site_access import SiteAccess
from portal.home.registry import Entry, Menu, navigation, tiles


@dataclass(frozen=True)
class Seen:
    """Something that will be seen, and how far."""

    label: str
    how: str


@dataclass(frozen=True)
class SeenMenu:
    """A menu and its entries."""

    label: str
    entries: list[Seen]


@dataclass(frozen=True)
class Preview:
    """The menus, the tiles, and the rows whose page is not there yet."""

    menus: list[SeenMenu]
    tiles: list[Seen]
    coming: list[Seen]
    closed: bool

    def __bool__(self) -> bool:
        return bool(self.menus or self.coming)


def preview_of(matrix: RightsMatrix, role: Role, site: Site) -> Preview:
    """What somebody who held nothing else there would see; a closed site is only read."""
    held = matrix.read_only() if site.is_closed() else matrix
    access = SiteAccess(
        site,
        administers=role is Role.ADMINISTRATOR,
        read_bits=held.read_bits,
        write_bits=held.write_bits,
        gives_for_firm=role in (Role.HEAD, Role.DEPUTY),
    )
    entries = navigation.visible_to(access)
    menus = [SeenMenu(menu.value, _seen(held, [one for one in entries if one.menu is menu])) for menu in Menu]
    paged = {entry.rule for entry in navigation}
    coming = [
        Seen(feature.label, levels_in_words(held, feature))
        for feature in all_features()
        if held.read_bits & feature.mask and feature.code not in paged
    ]
    found = [menu for menu in menus if menu.entries]
    return Preview(found, _seen(held, tiles.visible_to(access)), coming, site.is_closed())


def _seen(held: RightsMatrix, entries: Iterable[Entry]) -> list[Seen]:
    return [Seen(entry.label, _how(held, entry)) for entry in entries]


def _how(held: RightsMatrix, entry: Entry) -> str:
    """The level; nothing for a page that is open to whoever enters the site, or by a role."""
    return levels_in_words(held, get(entry.rule)) if isinstance(entry.rule, str) else ""


def levels_in_words(held: RightsMatrix, feature: Feature) -> str:
    """« Mise à jour », or « Consultation pour ETAM, Mise à jour pour Cadre » where the collèges differ."""
    levels = {college: held.level(feature, college) for college in College}
    if len(set(levels.values())) == 1:
        return levels[College.ETAM].label
    by_level = [(level, [one.label for one in College if levels[one] is level]) for level in reversed(Access)]
    parts = [f"{level.label} pour {' et '.join(names)}" for level, names in by_level if level and names]
    return ", ".join(parts)
