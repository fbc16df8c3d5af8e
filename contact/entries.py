"""What the contact pages add to the frame and to the home page."""

from portal.access.levels import Rule
from portal.home.registry import Entry, Menu, navigation, side_bar, tiles


def register() -> None:
    """Add « Contacter ma caisse » to the menu, the right bar and the tiles that always show."""
    entry = Entry(
        name="contact",
        label="Contacter ma caisse",
        url_name="contact:caisse",
        rule=Rule.MEMBER,
        icon="envelope",
        summary="Téléphone, horaires, adresse et courriel.",
        menu=Menu.SUPPORT,
        always=True,
    )
    navigation.add(entry)
    side_bar.add(entry)
    tiles.add(entry)
