"""Accepting and declining: by the invited address only, once, and what waits then (product.md 6.3)."""

import pytest
import time_machine

from delegations import accepting, giving
from delegations.models import Delegation, Outcome, Role, Side, Status
from delegations.refusals import AlreadyAnswered, AlreadyGiven, Refused
from tests.delegations.scenes import (
    NOON,
    ORIGIN,
    TODAY,
    Watch,
    accept,
    change,
    close,
    day,
    firm_on,
    fresh,
    give,
    given,
    of_role,
    refused,
    terms,
    to_firm,
)
from tests.factories import SiteFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_noon")]
ANSWERED = "Cette invitation a déjà reçu une réponse, ou ces droits ont pris fin."


@pytest.fixture
def eve():
    return UserFactory(email="eve@exemple.fr", email_certified_at=None)


def decline(delegation, person=None):
    return accepting.decline(invitation=delegation.invitation, origin=ORIGIN, person=person)


def test_before_the_answer_nothing_is_open(site_and_owner, eve):
    site, owner = site_and_owner
    give(owner, site, terms())
    assert not eve.has_perm("employees.read_employee", site)


def test_accepting_opens_certifies_the_address_and_tells_the_giver(site_and_owner, eve):
    site, owner = site_and_owner
    offered = give(owner, site, terms())
    watch = Watch()
    accepted = accept(offered, eve)
    assert accepted.status_on() is Status.ACTIVE
    assert accepted.beneficiary == eve
    assert eve.has_perm("employees.read_employee", site)
    eve.refresh_from_db()
    assert eve.email_certified_at is not None
    (line,) = watch.lines
    assert (line.action, line.actor_id, line.cibtp_id) == ("rights.accepted", eve.pk, site.cibtp_id)
    assert watch.recipients == [owner.email]


def test_a_right_to_come_is_accepted_and_waits_for_its_day(site_and_owner, eve):
    site, owner = site_and_owner
    accepted = accept(give(owner, site, terms(starts_on=day(1))), eve)
    assert accepted.status_on() is Status.COMING
    assert not eve.has_perm("employees.read_employee", site)
    with time_machine.travel("2026-06-11T00:00:00+02:00", tick=False):
        assert eve.has_perm("employees.read_employee", site)


def test_a_head_waits_for_the_company_whose_administrators_are_asked(site_and_owner, eve):
    site, owner = site_and_owner
    other = given(owner, site, of_role(Role.ADMINISTRATOR), "other@exemple.fr")
    offered = give(owner, site, to_firm())
    watch = Watch()
    accepted = accept(offered, eve)
    assert accepted.status_on() is Status.TO_CONFIRM
    assert accepted.answer_by == day(30)
    assert not eve.has_perm("employees.read_employee", site)
    assert watch.recipients == sorted([owner.email, other.address])
    assert watch.actions == ["rights.accepted"]


def test_unanswered_after_thirty_days_it_is_expired(site_and_owner, eve):
    site, owner = site_and_owner
    accepted = accept(give(owner, site, to_firm()), eve)
    assert accepted.status_on(day(30)) is Status.TO_CONFIRM
    assert accepted.status_on(day(31)) is Status.EXPIRED


@pytest.mark.parametrize("who", ["another address", "a disabled account"])
def test_an_invitation_is_bound_to_its_address(site_and_owner, who):
    site, owner = site_and_owner
    offered = give(owner, site, terms())
    account = {"is_active": False, "email": offered.email} if who == "a disabled account" else {}
    with refused(Refused, "Cette invitation est pour une autre adresse électronique."):
        accept(offered, UserFactory(**account))
    assert fresh(offered).status_on() is Status.INVITED


def test_an_invitation_is_accepted_once(site_and_owner, eve):
    site, owner = site_and_owner
    offered = give(owner, site, terms())
    accept(offered, eve)
    for act in (lambda: accept(offered, eve), lambda: decline(offered)):
        with refused(AlreadyAnswered, ANSWERED):
            act()


@pytest.mark.parametrize("end", ["closed", "declined", "past its last day", "its firm ended"])
def test_what_ended_is_not_accepted(site_and_owner, eve, end):
    site, owner = site_and_owner
    firm = firm_on(site, owner)
    offered = give(firm.beneficiary, site, terms(ends_on=day(2)), side=Side.FIRM)
    if end == "closed":
        close(firm.beneficiary, offered, Side.FIRM)
    elif end == "declined":
        decline(offered)
    elif end == "its firm ended":
        close(owner, firm)
    moment = "2026-06-13T00:00:00+02:00" if end == "past its last day" else NOON
    with time_machine.travel(moment, tick=False), refused(AlreadyAnswered, ANSWERED):
        accept(offered, eve)
    assert not eve.delegations.exists()


def test_what_is_accepted_is_what_stands_not_what_was_mailed(site_and_owner, eve):
    site, owner = site_and_owner
    offered = give(owner, site, terms())
    change(owner, offered, terms(levels={("adherents.profile", None): 1}))
    accept(offered, eve)
    assert eve.has_perm("adherents.read_profile", site)
    assert not eve.has_perm("employees.read_employee", site)


def test_what_a_narrowed_firm_offered_is_met_with_what_it_holds(site_and_owner, eve):
    site, owner = site_and_owner
    firm = firm_on(site, owner)
    offered = give(firm.beneficiary, site, terms(), side=Side.FIRM)
    change(owner, firm, to_firm({("adherents.profile", None): 1}))
    accept(offered, eve)
    assert not eve.has_perm("employees.read_employee", site)


def test_several_sites_are_accepted_together_but_where_the_side_is_held(site_and_owner, eve):
    site, owner = site_and_owner
    second = SiteFactory(adherent=site.adherent)
    giving.name_administrator(site=second, user=owner, origin=ORIGIN)
    eve.email = "former@exemple.fr"
    eve.save()
    accept(give(owner, site, terms(), eve.email), eve)
    giving.give_on(
        person=owner,
        sites=[site, second],
        side=Side.COMPANY,
        email="eve@exemple.fr",
        terms=terms(),
        origin=ORIGIN,
    )
    eve.email = "eve@exemple.fr"
    eve.save()
    offered = Delegation.objects.filter(email="eve@exemple.fr").order_by("pk")
    taken = accepting.accept(invitation=offered[0].invitation, person=eve, origin=ORIGIN)
    assert [one.site for one in taken] == [second]
    with refused(AlreadyGiven, "eve@exemple.fr a déjà une délégation sur ce site"):
        accept(offered[0], eve)


def test_a_line_past_its_last_day_does_not_stand_in_the_way(site_and_owner, eve):
    """Held under a former address until yesterday, offered under the new one."""
    site, owner = site_and_owner
    eve.email = "former@exemple.fr"
    eve.save()
    former = accept(give(owner, site, terms(ends_on=TODAY), eve.email), eve)
    offered = give(owner, site, terms(), "eve@exemple.fr")
    eve.email = "eve@exemple.fr"
    eve.save()
    with pytest.raises(AlreadyGiven):
        accept(offered, eve)
    with time_machine.travel("2026-06-11T00:00:00+02:00", tick=False):
        accept(offered, eve)
        assert eve.has_perm("employees.read_employee", site)
        assert fresh(former).status_on() is Status.EXPIRED


def test_declining_ends_all_that_waits_and_tells_the_givers_side(site_and_owner):
    site, owner = site_and_owner
    offered = give(owner, site, terms())
    watch = Watch()
    decline(offered)
    assert fresh(offered).outcome == Outcome.REFUSED
    assert fresh(offered).status_on() is Status.REFUSED
    (line,) = watch.lines
    assert (line.action, line.actor_id, line.actor_name) == ("rights.declined", None, "eve@exemple.fr")
    assert watch.recipients == [owner.email]


def test_a_firms_offer_declined_tells_the_firms_givers(site_and_owner):
    site, owner = site_and_owner
    firm = firm_on(site, owner)
    offered = give(firm.beneficiary, site, terms(), side=Side.FIRM)
    watch = Watch()
    decline(offered)
    assert watch.recipients == [firm.address]
