"""What the rights add to the personal menu, and to what waits at home."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import DateField, QuerySet
from django.urls import reverse

from adherents.models import Site
from delegations.models import Delegation, Side
from portal import clock
from portal.access.levels import Rule
from portal.access.pages import SiteRequest
from portal.home.registry import Entry, Menu, Waiting, navigation, waiting_providers
from portal.prepared import Blank, Prepared


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
    for number, firm, answer_by in ASKED.rows(site=request.site.pk, day=clock.today()):
        place = {"cibtp_id": request.site.cibtp_id, "number": number}
        yield Waiting(f"{firm} attend votre confirmation", reverse("rights:answer", kwargs=place), answer_by)


def asked_there() -> QuerySet[Delegation, tuple[Any, ...]]:
    """What firms accepted on one site and nobody answered: home asks it at each view."""
    waiting = Delegation.objects.open(Blank("day", DateField())).filter(
        site=Blank("site", Site._meta.pk),
        side=Side.FIRM,
        parent=None,
        accepted_at__isnull=False,
        confirmed_at=None,
    )
    return waiting.values_list("pk", "firm__name", "answer_by")


ASKED = Prepared(asked_there)
