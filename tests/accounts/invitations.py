"""Somebody is invited: to one site, to several, as a firm's head; and what the mail says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.test import Client

from accounts.models import User
from adherents.models import Site
from contact import terms
from delegations.giving import give, give_on
from delegations.matrix import RightsMatrix
from delegations.models import Delegation, Invitation, Role, Side
from delegations.terms import Terms
from portal.access.levels import Access, College
from portal.origin import COMMAND
from portal.web.mailed_links import handle_of
from tests.accounts.conftest import NEW_PASSWORD, link_in, mails_to
from tests.factories import AccountingFirmFactory, AdherentFactory, SiteFactory, owner_of

EMAIL = "ines.prevot@exemple.fr"
LEVELS = {
    ("employees.employee", College.ETAM): Access.WRITE,
    ("employees.planning", None): Access.READ,
    ("adherents.statement", None): Access.READ,
}
TYPED = {
    "password": NEW_PASSWORD,
    "password_again": NEW_PASSWORD,
    "last_name": "Prévôt",
    "first_name": "Inès",
    "landline": "",
    "mobile": "06 12 34 56 78",
}


@dataclass
class Invited:
    """An invitation, its first site, who gave, and the link of the last mail sent."""

    site: Site
    giver: User
    delegation: Delegation
    email: str = EMAIL

    @property
    def invitation(self) -> Invitation:
        """Its invitation as it stands."""
        return Invitation.objects.get(pk=self.delegation.invitation_id)

    @property
    def link(self) -> str:
        """The address in the last mail of invitation."""
        return [link_in(mail) for mail in mails_to(self.email) if "/delegation/" in mail.text][-1]

    @property
    def now(self) -> Delegation:
        """The delegation as it stands."""
        return Delegation.objects.get(pk=self.delegation.pk)


def terms_of(role: Role = Role.USER, **days: Any) -> Terms:
    """Some rights, or a role."""
    cells = RightsMatrix.of(LEVELS) if role in (Role.USER, Role.HEAD) else RightsMatrix()
    return Terms(role, cells, **days)


def invited(email: str = EMAIL, *, role: Role = Role.USER, site: Site | None = None, **days: Any) -> Invited:
    """Somebody invited by an Administrateur of a site."""
    site = site or SiteFactory(adherent=AdherentFactory(accounting_firm=AccountingFirmFactory()))
    giver = owner_of(site, first_name="Anaïs", last_name="Lefèvre")
    terms = terms_of(role, **days)
    made = give(person=giver, site=site, side=Side.COMPANY, email=email, terms=terms, origin=COMMAND)
    return Invited(site, giver, made, email)


def invited_on(*sites: Site, email: str = EMAIL) -> Invited:
    """Somebody invited at once on several sites of one Administrateur."""
    giver = owner_of(sites[0])
    for site in sites[1:]:
        owner_of(site).delegations.update(beneficiary=giver)
    facts = {"side": Side.COMPANY, "email": email, "terms": terms_of(), "origin": COMMAND}
    report = give_on(person=giver, sites=sites, **facts)
    first = report[0].delegation
    assert first is not None
    return Invited(sites[0], giver, first, email)


def read(response: Any) -> str:
    """A page's source, its no-break spaces made plain."""
    return str(response.content.decode().replace("\u00a0", " ").replace("&nbsp;", " "))


def signed_in(person: User) -> Client:
    """A browser in which that person is signed in."""
    text = terms.in_effect()
    if text and not person.is_staff:
        terms.accept(user=person, text=text, origin=COMMAND)
    browser = Client()
    browser.force_login(person)
    return browser


def without_token(link):
    """The address that a browser shows once it followed a link (R21)."""
    start, token = link.rstrip("/").rsplit("/", 1)
    return f"{start}/{handle_of(token)}/"
