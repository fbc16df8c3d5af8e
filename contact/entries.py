"""What the contact pages add to the frame, its foot and the home page."""

from contact.models import LegalPage
from portal.access.levels import Rule
from portal.home.registry import (
    Entry,
    FooterLink,
    Menu,
    SideLink,
    footer,
    navigation,
    side_bar,
    side_links,
    tiles,
)


def register() -> None:
    """Add « Contacter ma caisse » to the menu, the right bar and the tiles that always show; the footer."""
    footer[:] = [FooterLink(page.label, f"legal:{page.value}") for page in LegalPage]
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
    side_links[:] = [SideLink(entry.label, "support:caisse", entry.icon)]
    tiles.add(entry)
