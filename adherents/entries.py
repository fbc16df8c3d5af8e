"""What the company's pages add to the navigation and to the home page."""

from adherents.features import PROFILE
from portal.home.registry import Entry, Menu, navigation, tiles


def register() -> None:
    """Add « Mes informations adhérent » to the menu and to the tiles."""
    entry = Entry(
        name=PROFILE,
        label="Mes informations adhérent",
        url_name="adherents:profile",
        rule=PROFILE,
        icon="building-office-2",
        summary="Coordonnées, gérant et établissements de votre entreprise.",
        menu=Menu.COMPANY,
    )
    navigation.add(entry)
    tiles.add(entry)
