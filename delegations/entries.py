"""What the rights add to the personal menu, and to what waits at home."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse

from delegations.models import Delegation, Side
from portal.access.levels import Rule
from portal.access.pages import SiteRequest
from portal.home.registry import Entry, Menu, Waiting, navigation, waiting_providers


def register() -> None:
    """Add « Gérer les droits d'accès », « Mes droits », and the firms that wait for an answer."""
    navigation.add(
        Entry(
            name="rights",
            label="Gérer les droits d’accès",
            url_name="rights:list",
            rule=Rule.ADMINISTRATION,
            icon="key",
            menu=Menu.PERSONAL,
        )
    )
    navigation.add(
        Entry(
            name="rights.mine",
            label="Mes droits",
            url_name="rights:mine",
            rule=Rule.MEMBER,
            icon="identification",
            menu=Menu.PERSONAL,
        )
    )
    if firms_to_confirm not in waiting_providers:
        waiting_providers.append(firms_to_confirm)


def firms_to_confirm(request: SiteRequest) -> Iterator[Waiting]:
    """The firm's delegation that waits for the answer of the site's Administrateurs (product.md 6.3)."""
    if not request.access.administers:
        return
    asked = Delegation.objects.open().filter(
        site=request.site, side=Side.FIRM, parent=None, accepted_at__isnull=False, confirmed_at=None
    )
    for delegation in asked.select_related("firm"):
        place = {"cibtp_id": request.site.cibtp_id, "number": delegation.pk}
        sentence = f"{delegation.firm} attend votre confirmation"
        yield Waiting(sentence, reverse("rights:answer", kwargs=place), delegation.answer_by)
