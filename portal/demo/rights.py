"""Who may do what in the demo: colleagues, an accounting firm and its people; by the portal's own verbs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.contrib.auth.hashers import make_password

from accounts.models import User
from adherents.models import Site
from delegations.accepting import accept
from delegations.confirming import answer
from delegations.giving import give, give_on
from delegations.matrix import RightsMatrix
from delegations.models import Delegation, Invitation, Role, Side
from delegations.terms import Terms
from portal import clock
from portal.access.levels import Access, College
from portal.origin import COMMAND

Levels = Mapping[tuple[str, College | None], Access]
READ, WRITE = Access.READ, Access.WRITE


@dataclass(frozen=True)
class DemoPerson:
    """An account of the demo."""

    what: str  # what the guide calls it
    email: str
    password: str
    first_name: str
    last_name: str


PAYROLL = DemoPerson(
    "gestionnaire de paie", "nadia.benali@perrin-batiment.example", "Bulletin-Rouge-26", "Nadia", "Benali"
)
FOREMAN = DemoPerson(
    "conducteur de travaux", "hugo.muller@perrin-batiment.example", "Niveau-Orange-26", "Hugo", "Muller"
)
HEAD = DemoPerson(
    "cabinet, responsable", "sabine.ohlmann@ohlmann-associes.example", "Registre-Vert-26", "Sabine", "Ohlmann"
)
COLLABORATOR = DemoPerson(
    "cabinet, collaborateur", "mehmet.yilmaz@ohlmann-associes.example", "Classeur-Gris-26", "Mehmet", "Yilmaz"
)
PEOPLE = (PAYROLL, FOREMAN, HEAD, COLLABORATOR)
INVITED = "elise.come@perrin-batiment.example"

TO_PAYROLL: Levels = {
    ("employees.employee", None): WRITE,
    ("employees.group_leave", None): WRITE,
    ("employees.planning", None): READ,
    ("adherents.wage_declaration", None): WRITE,
    ("intemperies.stoppage", None): WRITE,
    ("intemperies.refund", None): READ,
}
TO_FOREMAN: Levels = {
    ("intemperies.stoppage", College.OUVRIER): WRITE,
    ("employees.employee", College.OUVRIER): READ,
}
TO_FIRM: Levels = {
    ("adherents.profile", None): READ,
    ("adherents.statement", None): READ,
    ("adherents.wage_declaration", None): WRITE,
    ("employees.employee", None): WRITE,
    ("intemperies.stoppage", None): WRITE,
    ("intemperies.refund", None): READ,
}
TO_COLLABORATOR: Levels = {
    ("adherents.wage_declaration", None): READ,
    ("employees.employee", College.ETAM): READ,
    ("intemperies.stoppage", College.ETAM): WRITE,
}


def share(employer: User, sites: Sequence[Site]) -> None:
    """His firm holds the same on all his sites and passes some on; a larger company has colleagues too."""
    to_firm = give_on(
        person=employer,
        sites=sites,
        side=Side.COMPANY,
        email=HEAD.email,
        terms=_levels(TO_FIRM, Role.HEAD),
        origin=COMMAND,
    )
    given = [one.delegation for one in to_firm if one.delegation]
    head = _joins(given[0].invitation, HEAD)
    for delegation in given:
        answer(person=employer, site=delegation.site, number=delegation.pk, confirmed=True, origin=COMMAND)
    passed_on = _give(head, given[0].site, Side.FIRM, COLLABORATOR.email, _levels(TO_COLLABORATOR))
    _joins(passed_on.invitation, COLLABORATOR)
    if len(sites) > 1:
        _colleagues(employer, sites[0])


def _colleagues(employer: User, site: Site) -> None:
    season = clock.today() + dt.timedelta(days=120)
    payroll = _give(employer, site, Side.COMPANY, PAYROLL.email, _levels(TO_PAYROLL))
    _joins(payroll.invitation, PAYROLL)
    foreman = _give(employer, site, Side.COMPANY, FOREMAN.email, _levels(TO_FOREMAN, ends_on=season))
    _joins(foreman.invitation, FOREMAN)
    _give(employer, site, Side.COMPANY, INVITED, _levels(TO_PAYROLL))


def _levels(levels: Levels, role: Role = Role.USER, ends_on: dt.date | None = None) -> Terms:
    return Terms(role, RightsMatrix.of(levels), ends_on=ends_on)


def _give(person: User, site: Site, side: Side, email: str, terms: Terms) -> Delegation:
    return give(person=person, site=site, side=side, email=email, terms=terms, origin=COMMAND)


def _joins(invitation: Invitation | None, invited: DemoPerson) -> User:
    """The invited person's account, made the first time, accepts."""
    user, _ = User.objects.get_or_create(
        email=invited.email,
        defaults={
            "password": make_password(invited.password),
            "first_name": invited.first_name,
            "last_name": invited.last_name,
            "is_active": True,
        },
    )
    assert invitation is not None
    accept(invitation=invitation, person=user, origin=COMMAND)
    return user
