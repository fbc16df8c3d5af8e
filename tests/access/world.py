"""A small caisse in which every address leads somewhere, and the people who try them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import Any

from django.apps import apps
from django.test import Client
from django.urls import get_resolver

from accounts.models import CodeRequest, EmailChange, Opening, Recertification, User
from adherents import profile_changes
from adherents.models import AccountingFirm, Adherent, Site
from delegations.giving import give
from delegations.matrix import RightsMatrix
from delegations.models import Delegation, Role, Side
from delegations.terms import Terms
from intemperies.models import Stoppage
from intemperies.taking import take as take_stoppages
from portal import clock
from portal.access.checks import patterns
from portal.access.features import all_features
from portal.access.levels import Access, College
from portal.journal.models import Kind
from portal.journal.recording import record
from portal.limits.counting import Limit, take
from portal.messaging.outbox import queue_mail
from portal.messaging.sms.outbox import queue_sms
from portal.origin import COMMAND
from tests.factories import (
    AdherentFactory,
    DelegationFactory,
    SiteFactory,
    UserFactory,
    WorksiteFactory,
    employee_of,
    letters_of,
    owner_of,
    stoppage_of,
)
from tests.intemperies.declared import declared

_DAY = dt.timedelta(days=1)
PERSONAS = ("anonymous", "owner", "reader", "other owner", "staff", "superuser")
OF_RIGHTS, OF_STOPPAGES, OF_WORKSITES = "/droits/", "/arrets/", "/chantiers/"
PLACEHOLDER = re.compile(r"<(?:\w+:)?(\w+)>")
OF_A_MODEL = re.compile(r"admin/(\w+)/(\w+)/<path:object_id>")


def reader_of(site: Site, level: Access = Access.READ) -> User:
    """A person who may read every row on that site, and write none unless told."""
    matrix = RightsMatrix.of({(row.code, None): min(level, row.highest) for row in all_features()})
    bits = {"read_bits": matrix.read_bits, "write_bits": matrix.write_bits}
    beneficiary: User = DelegationFactory(site=site, role=Role.USER, **bits).beneficiary
    return beneficiary


@dataclass
class Foreign:
    """A site that the owner has no right on, and what only its own people may read."""

    site: Site
    number: int
    right: int  # the number of a delegation
    stoppage: Stoppage
    canaries: tuple[str, ...]

    def number_on(self, route: str) -> int:
        """What a number stands for at that address."""
        return numbered(route, self)


def foreign(company: str, **of: Any) -> Foreign:
    """Another company's site, or another of the same one, with a change that was refused and an employee."""
    site = SiteFactory(name=f"CANARI-SITE-{company}", **of)
    person = owner_of(site, first_name="Canari", last_name=f"Personne-{company}")
    values = profile_changes.current_values(site.adherent) | {"manager_first_name": f"Canari-{company}"}
    asked = profile_changes.ask_change(site=site, person=person, values=values, origin=COMMAND)
    profile_changes.refuse(number=asked.pk, staff=person, origin=COMMAND, reason=f"Canari-motif-{company}")
    employee = employee_of(site, College.ETAM, last_name=f"CANARI-SALARIE-{company}")
    worksite = WorksiteFactory(site=site, name=f"CANARI-CHANTIER-{company}")
    stoppage = stoppage_of(
        site, employee, worksite=worksite, begun_by=person, work=f"Canari-travaux-{company}"
    )
    canaries = (
        site.name,
        f"CANARI-SALARIE-{company}",
        f"CANARI-CHANTIER-{company}",
        f"Canari-travaux-{company}",
        f"Personne-{company}",
        f"Canari-{company}",
        f"Canari-motif-{company}",
        site.cibtp_id,
    )
    return Foreign(site, asked.pk, site.delegations.get().pk, stoppage, canaries)


@dataclass
class World:
    """The site that is tried, and one person of each kind."""

    site: Site
    number: int
    right: int  # the number of a delegation that waits for its person
    stoppage: Stoppage  # a draft
    foreign: list[Foreign]
    people: dict[str, User | None] = field(default_factory=dict)
    cookies: dict[str, SimpleCookie] = field(default_factory=dict)  # of those who signed in already

    def client_of(self, persona: str) -> Client:
        """A browser in which that person is signed in."""
        browser, person = Client(), self.people[persona]
        if persona in self.cookies:
            browser.cookies = deepcopy(self.cookies[persona])
        elif person is not None:
            browser.force_login(person)
        return browser

    def sign_in(self, personas: Iterable[str]) -> None:
        """Once for all the browsers of each of them."""
        self.cookies = {persona: self.client_of(persona).cookies for persona in personas}

    def address(self, route: str) -> str:
        """The route with what this world knows in its places."""
        of_a_model = OF_A_MODEL.match(route)
        known = {
            "cibtp_id": self.site.cibtp_id,
            "number": str(numbered(route, self)),
            "token": "x",
            "name": "x",
            "object_id": latest_of(*of_a_model.groups()) if of_a_model else "1",
            "content_type_id": "1",
            "app_label": "adherents",
            "url": "nulle-part/",
            "family": "formulaires",
            "example": "remplis",
        }
        plain = route.replace("^(?P<app_label>", "<app_label>").replace("(?P<url>.*)$", "<url>")
        plain = re.sub(r"<app_label>[^/]*/\$", "<app_label>/", plain)
        return "/" + PLACEHOLDER.sub(lambda found: known[found.group(1)], plain)


def numbered(route: str, what: Foreign | World) -> int:
    """What a number stands for at an address of a site."""
    if OF_WORKSITES in route:
        return what.stoppage.worksite_id
    if OF_STOPPAGES in route:
        return what.stoppage.pk
    return what.right if OF_RIGHTS in route else what.number


def latest_of(app: str, model: str) -> str:
    """The key of the latest row of that model; the world holds one of each at least."""
    return str(apps.get_model(app, model)._base_manager.order_by("-pk").values_list("pk", flat=True)[0])


def routes() -> Iterator[str]:
    """Every address that the portal answers, as its urlconf spells it."""
    yield from sorted({route for route, _ in patterns(get_resolver())})


def make_world() -> World:
    """A site with an owner, a reader, letters, an opening, a mail, a counter, a change that waits."""
    firm = AccountingFirm.objects.create(siret="52918344400015", name="CABINET")
    site = SiteFactory(adherent=AdherentFactory(accounting_firm=firm))
    owner = owner_of(site)
    sister = foreign("soeur", adherent=site.adherent)
    stranger = foreign("etranger", adherent=AdherentFactory(company_name="CANARI-SOCIETE"))
    other = owner_of(SiteFactory())
    _, code = letters_of(site)
    pending: Any = UserFactory(is_active=False)
    CodeRequest.objects.create(site=site)
    Opening.objects.create(site=site, code=code, user=pending, attempt="6b1f0c1e-0000-4000-8000-000000000000")
    EmailChange.objects.create(user=pending, former="a@exemple.fr", address="b@exemple.fr")
    Recertification.objects.create(user=pending, address="a@exemple.fr")
    context = {"person": owner, "url": "http://localhost:8000/x/"}
    queue_mail("accounts/mails/password_reset", to="marie@exemple.fr", context=context)
    lives = clock.now() + dt.timedelta(minutes=10)
    queue_sms("accounts/sms/mobile_changed", to="+33612345612", context={}, expires_at=lives)
    record("world.made", "Un monde", kind=Kind.ACCOUNT, origin=COMMAND)
    take((Limit("Essai", {9: None}, forget_after=_DAY, sliding=False, cleared_by_success=False), "x"))
    asked = profile_changes.ask_change(
        site=site, person=owner, values=asked_values(site.adherent), origin=COMMAND
    )
    stoppage = stoppage_of(site, employee_of(site), begun_by=owner)
    declared(SiteFactory())
    take_stoppages(UserFactory(is_staff=True), COMMAND)
    people = {
        "anonymous": None,
        "owner": owner,
        "reader": reader_of(site),
        "other owner": other,
        "staff": UserFactory(is_staff=True),
        "superuser": UserFactory(is_staff=True, is_superuser=True),
    }
    return World(site, asked.pk, invited_to(site, owner).pk, stoppage, [sister, stranger], people)


def invited_to(site: Site, owner: User) -> Delegation:
    """Rights offered to somebody who has not answered."""
    terms = Terms(Role.USER, RightsMatrix.of({("adherents.profile", None): Access.READ}))
    email = "invitee@exemple.fr"
    made: Delegation = give(
        person=owner, site=site, side=Side.COMPANY, email=email, terms=terms, origin=COMMAND
    )
    return made


def asked_values(adherent: Adherent) -> dict[str, str]:
    """A change of the company's file."""
    return profile_changes.current_values(adherent) | {"phone": "+33329112233"}
