"""A site that asks a second factor of whoever enters it: its Administrateurs decide (product.md 4.5)."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.db import transaction
from django.db.models import QuerySet
from django.urls import Resolver404, resolve, reverse

from adherents.models import Site
from delegations.deciding import access_of
from delegations.givers import giver_on
from delegations.models import Delegation, Side
from delegations.notices import Notice, place, tell, whom_to_ask
from delegations.refusals import Refused
from portal.journal.models import Kind
from portal.journal.recording import record
from portal.messaging.outbox import absolute
from portal.origin import Origin
from portal.second_factor.verified import is_verified

FACT = "Second facteur"
WORDS = {True: "exigé", False: "facultatif"}


class NoFactorOneself(Refused):
    """Whoever asks it of others has proved one himself: else he would shut himself out."""

    def __init__(self) -> None:
        super().__init__(
            "Ajoutez d’abord un second facteur à votre propre compte\u00a0: sans lui, vous n’entreriez plus "
            "sur ce site."
        )


def is_missing(request: Any, site: Any) -> bool:
    """Whether the site asks for a second factor that this session did not prove; without a query."""
    return bool(site.second_factor_required) and not is_verified(request)


def open_to(sites: QuerySet[Site], person: Any) -> QuerySet[Site]:
    """Those of the sites whose pages the person's present session opens (see `delegations.middleware`)."""
    if getattr(person, "second_factor_verified", False):
        return sites
    return sites.filter(second_factor_required=False)


def required_of(person: Any) -> bool:
    """Whether one of the sites that the person enters today asks it."""
    held = Delegation.objects.in_force().filter(beneficiary=person)
    return held.filter(site__second_factor_required=True).exists()


def place_that_asks(person: Any, address: str) -> str:
    """The site of that address, in words, when the person enters it and it asks for a second factor."""
    try:
        cibtp_id = resolve(urlsplit(address).path).kwargs.get("cibtp_id")
    except (Resolver404, ValueError):
        return ""
    access = access_of(person, cibtp_id) if cibtp_id else None
    site = access.site if access is not None else None
    return place(site) if isinstance(site, Site) and site.second_factor_required else ""


@transaction.atomic
def ask(*, person: Any, site: Site, required: bool, proved: bool, origin: Origin) -> bool:
    """Ask it of everybody on the site, or no longer; False when it was so already.

    `proved` says whether the person proved his own in this session. Raises NoLongerGiver, NoFactorOneself.
    """
    site = Site.objects.locked().select_related("adherent").get(pk=site.pk)
    giver_on(person, site, Side.COMPANY)
    if required and not proved:
        raise NoFactorOneself
    if site.second_factor_required == required:
        return False
    site.second_factor_required = required
    site.save(update_fields=["second_factor_required"])
    record(
        "rights.second_factor",
        f"Second facteur {WORDS[required]} de tous les bénéficiaires"
        if required
        else "Second facteur rendu facultatif",
        kind=Kind.RIGHTS,
        origin=origin,
        actor=person,
        site=site,
        before={FACT: WORDS[not required]},
        after={FACT: WORDS[required]},
    )
    held = Delegation.objects.active().filter(site=site).select_related("beneficiary")
    tell(_notice(site, person, required), {one.beneficiary for one in held if one.beneficiary})
    return True


def _notice(site: Site, person: Any, required: bool) -> Notice:
    now = "demande désormais" if required else "ne demande plus"
    return Notice(
        subject=f"Un second facteur {'est exigé' if required else 'n’est plus exigé'} sur {site.cibtp_id}",
        before=[
            "Bonjour,",
            f"{person.get_full_name()} {now} un second facteur à tous ceux qui entrent sur {place(site)}.",
        ],
        between=[
            "À la connexion, en plus du mot de passe, vous donnerez un code affiché par une application, ou "
            "utiliserez une clé d’accès. Vous l’ajoutez à votre compte ici\u00a0:"
        ]
        if required
        else [],
        url=absolute(reverse("accounts:security")) if required else "",
        action="Ajouter un second facteur",
        after=[whom_to_ask(person)],
    )
