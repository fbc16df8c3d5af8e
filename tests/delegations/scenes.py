"""A site with its Administrateur, and the acts of its life in one line each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from delegations import accepting, changing, closing, confirming, giving
from delegations.matrix import RightsMatrix, everything
from delegations.models import Delegation, Role, Side
from delegations.refusals import Refused
from delegations.terms import Terms
from portal.access.levels import Access, College
from portal.journal.models import Entry, Kind
from portal.messaging.models import Message
from portal.origin import Origin
from tests.factories import AccountingFirmFactory, AdherentFactory, SiteFactory, UserFactory, owner_of

ORIGIN = Origin("web", "192.0.2.7")
TODAY = dt.date(2026, 6, 10)
NOON = "2026-06-10T12:00:00+02:00"
READS = {("employees.employee", None): Access.READ}
WRITES = {("employees.employee", None): Access.WRITE}
OF_ETAM = {("employees.employee", College.ETAM): Access.WRITE}


@contextmanager
def refused(kind: type[Refused], sentence: str) -> Iterator[None]:
    """The act is refused, in words that begin so."""
    with pytest.raises(kind) as caught:
        yield
    assert caught.value.sentence.startswith(sentence)


def day(number: int) -> dt.date:
    """That many days from the day of the tests."""
    return TODAY + dt.timedelta(days=number)


def terms(role: Role = Role.USER, levels: Any = None, **days: Any) -> Terms:
    """What is given: to read « Gérer mes salariés » unless told."""
    return Terms(role, RightsMatrix.of(READS if levels is None else levels), **days)


def of_role(role: Role, **days: Any) -> Terms:
    """A role, whose rights are computed."""
    return Terms(role, **days)


def to_firm(levels: Any = None, **days: Any) -> Terms:
    """What a company gives its firm: everything unless told."""
    return Terms(Role.HEAD, RightsMatrix.of(levels) if levels else everything(), **days)


def opened_site(**fields: Any) -> tuple[Any, Any]:
    """A site whose company has a firm on file, and the person who administers it."""
    site = SiteFactory(adherent=AdherentFactory(accounting_firm=AccountingFirmFactory()), **fields)
    return site, owner_of(site, first_name="Anne", last_name="Owner")


def give(
    person: Any, site: Any, what: Terms, email: str = "eve@exemple.fr", side: Side = Side.COMPANY
) -> Delegation:
    """Give, invite."""
    return giving.give(person=person, site=site, side=side, email=email, terms=what, origin=ORIGIN)


def accept(delegation: Delegation, person: Any = None) -> Delegation:
    """The invited person, made when there is none, accepts."""
    person = person or UserFactory(email=delegation.email)
    assert delegation.invitation is not None
    accepting.accept(invitation=delegation.invitation, person=person, origin=ORIGIN)
    return Delegation.objects.get(pk=delegation.pk)


def given(
    person: Any, site: Any, what: Terms, email: str = "eve@exemple.fr", side: Side = Side.COMPANY
) -> Delegation:
    """Given and accepted."""
    return accept(give(person, site, what, email, side))


def confirm(person: Any, delegation: Delegation, *, confirmed: bool = True) -> Delegation:
    """The company's answer to its firm."""
    facts = {"number": delegation.pk, "confirmed": confirmed, "origin": ORIGIN}
    return confirming.answer(person=person, site=delegation.site, **facts)


def firm_on(site: Any, owner: Any, levels: Any = None, **days: Any) -> Delegation:
    """The firm's delegation, accepted by its head and confirmed."""
    return confirm(owner, given(owner, site, to_firm(levels, **days), "head@exemple.fr"))


def change(
    person: Any, delegation: Delegation, what: Terms, side: Side = Side.COMPANY, version: int | None = None
) -> list[str]:
    """Change with the version that stands, unless told."""
    shown = Delegation.objects.get(pk=delegation.pk).version if version is None else version
    facts = {"number": delegation.pk, "terms": what, "version": shown, "origin": ORIGIN}
    return changing.change(person=person, site=delegation.site, side=side, **facts)


def close(person: Any, delegation: Delegation, side: Side = Side.COMPANY) -> Delegation:
    """Close from one's list."""
    return closing.close(person=person, site=delegation.site, side=side, number=delegation.pk, origin=ORIGIN)


def renounce(delegation: Delegation, person: Any = None) -> Delegation:
    """The beneficiary gives his rights back."""
    who = person or delegation.beneficiary
    return closing.renounce(person=who, site=delegation.site, number=delegation.pk, origin=ORIGIN)


def fresh(delegation: Delegation) -> Delegation:
    """The row as it stands now."""
    return Delegation.objects.select_related("parent").get(pk=delegation.pk)


class Watch:
    """What the journal and the outbox received since."""

    def __init__(self) -> None:
        self.start = Entry.objects.count(), Message.objects.count()

    @property
    def lines(self) -> list[Entry]:
        """The lines about rights, oldest first."""
        return list(Entry.objects.filter(kind=Kind.RIGHTS).order_by("pk"))[self.start[0] :]

    @property
    def actions(self) -> list[str]:
        """Their acts."""
        return [line.action for line in self.lines]

    @property
    def mails(self) -> list[Message]:
        """The mails, oldest first."""
        return list(Message.objects.order_by("pk"))[self.start[1] :]

    @property
    def recipients(self) -> list[str]:
        """To whom, in alphabetical order."""
        return sorted(mail.recipient for mail in self.mails)
