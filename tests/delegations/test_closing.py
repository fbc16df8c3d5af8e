"""Ending rights: closed by the giver's side, given back by the person, with all that hangs from them."""

import pytest
import time_machine

from delegations.models import Delegation, Outcome, Role, Side, Status
from delegations.refusals import AlreadyOver, LastAdministrator, NoLongerGiver, OwnRights
from tests.delegations.scenes import (
    Watch,
    close,
    day,
    firm_on,
    fresh,
    give,
    given,
    of_role,
    refused,
    renounce,
    terms,
    to_firm,
)
from tests.factories import SiteFactory, UserFactory, owner_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_noon")]
LAST = "Ce site n’aurait plus d’Administrateur\u00a0: nommez d’abord une autre personne"


@pytest.fixture
def held(site_and_owner):
    """What a user of the company may read."""
    site, owner = site_and_owner
    return given(owner, site, terms())


@pytest.fixture
def staffed(site_and_owner):
    """A firm, a deputy, a user, and somebody who has not answered."""
    site, owner = site_and_owner
    firm = firm_on(site, owner)
    head = firm.beneficiary
    deputy = given(head, site, of_role(Role.DEPUTY), "deputy@exemple.fr", Side.FIRM)
    user = given(head, site, terms(), "user@exemple.fr", Side.FIRM)
    return firm, deputy, user, give(head, site, terms(), "waiting@exemple.fr", Side.FIRM)


def test_closing_ends_the_right_at_once_with_one_line_and_one_mail(site_and_owner, held):
    site, owner = site_and_owner
    watch = Watch()
    close(owner, held)
    assert fresh(held).status_on() is Status.CLOSED
    assert not held.beneficiary.has_perm("employees.read_employee", site)
    (line,) = watch.lines
    assert (line.action, line.actor_id, line.cibtp_id) == ("rights.closed", owner.pk, site.cibtp_id)
    assert held.beneficiary.get_full_name() in line.sentence
    assert line.before == {
        "Bénéficiaire": held.address,
        "Rôle": "Utilisateur",
        "Date d’effet": "10/06/2026",
        "Date de fin": "sans date de fin",
        "Gérer mes salariés": "Consultation",
    }
    assert watch.recipients == [held.address]


def test_closing_what_nobody_answered_writes_to_nobody(site_and_owner):
    site, owner = site_and_owner
    waiting = give(owner, site, terms())
    watch = Watch()
    close(owner, waiting)
    assert (watch.actions, watch.mails) == (["rights.closed"], [])


def test_what_is_closed_never_comes_back(site_and_owner, held):
    _, owner = site_and_owner
    close(owner, held)
    for act in (lambda: close(owner, held), lambda: renounce(held)):
        with refused(AlreadyOver, "Cette délégation est terminée"):
            act()


def test_nobody_closes_his_own(site_and_owner):
    site, owner = site_and_owner
    given(owner, site, of_role(Role.ADMINISTRATOR))
    with refused(OwnRights, "Vous ne pouvez pas modifier vos propres droits"):
        close(owner, owner.delegations.get())


def test_what_is_not_in_ones_list_does_not_exist(site_and_owner, held, staffed):
    _, owner = site_and_owner
    firm, _, user, _ = staffed
    with pytest.raises(Delegation.DoesNotExist):
        close(owner, user)
    for other in (held, firm):
        with pytest.raises(Delegation.DoesNotExist):
            close(firm.beneficiary, other, Side.FIRM)
    elsewhere = owner_of(SiteFactory())
    for person, side in ((elsewhere, Side.COMPANY), (user.beneficiary, Side.FIRM), (owner, Side.FIRM)):
        with pytest.raises(NoLongerGiver):
            close(person, held, side)


def test_a_deputy_closes_another_of_the_firm(staffed):
    _, deputy, user, _ = staffed
    close(deputy.beneficiary, user, Side.FIRM)
    assert fresh(user).status_on() is Status.CLOSED


@pytest.mark.parametrize("how", ["closed", "renounced"])
def test_with_the_firm_all_that_it_passed_on_ends_for_good(site_and_owner, staffed, how):
    site, owner = site_and_owner
    firm, deputy, user, waiting = staffed
    watch = Watch()
    if how == "closed":
        close(owner, firm)
        told = [firm.address, deputy.address, user.address]
    else:
        renounce(firm)
        told = [owner.email, deputy.address, user.address]
    assert {fresh(one).outcome for one in (deputy, user, waiting)} == {Outcome.CLOSED}
    assert not user.beneficiary.has_perm("employees.read_employee", site)
    assert watch.recipients == sorted(told)
    assert watch.actions == [f"rights.{how}"] + ["rights.closed"] * 3
    assert {line.cibtp_id for line in watch.lines} == {site.cibtp_id}


def test_what_had_ended_before_its_firm_stays_as_it_ended(site_and_owner):
    site, owner = site_and_owner
    firm = firm_on(site, owner)
    short = given(firm.beneficiary, site, terms(ends_on=day(1)), side=Side.FIRM)
    with time_machine.travel("2026-06-12T00:00:00+02:00", tick=False):
        watch = Watch()
        close(owner, firm)
        assert fresh(short).status_on() is Status.EXPIRED
        assert watch.recipients == sorted(
            [short.email, firm.address, firm.address]
        )  # its end, then the firm's
        assert watch.actions == ["rights.expired", "rights.closed"]


@pytest.mark.parametrize("how", ["closed", "renounced"])
def test_the_last_administrator_stays(site_and_owner, how):
    site, owner = site_and_owner
    other = given(owner, site, of_role(Role.ADMINISTRATOR, ends_on=day(9)))
    with refused(LastAdministrator, LAST):
        close(other.beneficiary, owner.delegations.get()) if how == "closed" else renounce(
            owner.delegations.get()
        )
    assert owner.has_perm("adherents.write_profile", site)


@pytest.mark.parametrize("how", ["closed", "renounced"])
def test_one_of_two_may_leave_and_one_with_a_last_day_always(site_and_owner, how):
    site, owner = site_and_owner
    for days in ({}, {"ends_on": day(9)}):
        other = given(owner, site, of_role(Role.ADMINISTRATOR, **days), f"eve{len(days)}@exemple.fr")
        close(owner, other) if how == "closed" else renounce(other)
        assert fresh(other).status_on() is Status.CLOSED


def test_renouncing_is_one_line_of_ones_own_and_tells_the_others_of_the_givers_side(site_and_owner):
    site, owner = site_and_owner
    other = given(owner, site, of_role(Role.ADMINISTRATOR))
    watch = Watch()
    renounce(other)
    (line,) = watch.lines
    assert (line.action, line.actor_id) == ("rights.renounced", other.beneficiary_id)
    assert watch.recipients == [owner.email]
    assert fresh(other).outcome == Outcome.RENOUNCED


def test_within_a_firm_its_head_and_deputies_are_told(staffed):
    firm, deputy, user, _ = staffed
    watch = Watch()
    renounce(user)
    assert watch.recipients == sorted([firm.address, deputy.address])
    assert fresh(firm).status_on() is Status.ACTIVE


def test_nobody_renounces_for_another(site_and_owner, held):
    _, owner = site_and_owner
    for person in (owner, UserFactory()):
        with pytest.raises(Delegation.DoesNotExist):
            renounce(held, person)


def test_what_waits_for_the_company_can_be_given_back(site_and_owner):
    site, owner = site_and_owner
    firm = given(owner, site, to_firm())
    renounce(firm)
    assert fresh(firm).status_on() is Status.CLOSED
    assert give(owner, site, to_firm(), "other@exemple.fr")
