"""The company's answer to its firm: by an Administrateur of that site, once for all (product.md 6.3)."""

import pytest
import time_machine

from delegations import confirming
from delegations.models import Delegation, Outcome, Role, Side, Status
from delegations.notices import CONFIRMATION, INVITATION
from delegations.refusals import AlreadyAnswered, NoLongerGiver
from portal import tokens
from tests.delegations.scenes import (
    NOON,
    ORIGIN,
    Watch,
    accept,
    close,
    confirm,
    fresh,
    give,
    given,
    of_role,
    opened_site,
    refused,
    renounce,
    terms,
    to_firm,
)
from tests.factories import SiteFactory, UserFactory, owner_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_noon")]


@pytest.fixture
def asked(site_and_owner):
    """A firm whose head accepted."""
    site, owner = site_and_owner
    return given(owner, site, to_firm(), "head@exemple.fr")


@pytest.mark.parametrize("confirmed", [True, False])
def test_the_answer_opens_or_ends_with_one_line_and_the_head_is_told(site_and_owner, asked, confirmed):
    site, owner = site_and_owner
    watch = Watch()
    confirm(owner, asked, confirmed=confirmed)
    found = fresh(asked)
    assert found.status_on() is (Status.ACTIVE if confirmed else Status.REFUSED)
    assert found.outcome == ("" if confirmed else Outcome.REFUSED)
    assert asked.beneficiary.has_perm("employees.read_employee", site) == confirmed
    (line,) = watch.lines
    assert line.action == ("rights.confirmed" if confirmed else "rights.refused")
    assert (line.actor_id, line.cibtp_id) == (owner.pk, site.cibtp_id)
    (mail,) = watch.mails
    assert mail.recipient == asked.address
    assert (" confirme les droits" in mail.text, " refuse les droits" in mail.text) == (
        confirmed,
        not confirmed,
    )


@pytest.mark.parametrize("second", [True, False])
@pytest.mark.parametrize("first", [True, False])
def test_the_first_answer_holds_for_all(site_and_owner, asked, first, second):
    site, owner = site_and_owner
    other = given(owner, site, of_role(Role.ADMINISTRATOR), "other@exemple.fr")
    confirm(owner, asked, confirmed=first)
    with refused(AlreadyAnswered, "Cette demande a déjà reçu une réponse, ou a expiré."):
        confirm(other.beneficiary, asked, confirmed=second)
    assert fresh(asked).status_on() is (Status.ACTIVE if first else Status.REFUSED)


@pytest.mark.parametrize("state", ["invited", "closed", "renounced", "expired"])
def test_only_what_waits_for_the_answer_is_answered(site_and_owner, state):
    site, owner = site_and_owner
    offered = give(owner, site, to_firm(), "head@exemple.fr")
    if state != "invited":
        accept(offered)
    if state == "closed":
        close(owner, offered)
    if state == "renounced":
        renounce(fresh(offered))
    moment = "2026-07-11T00:00:00+02:00" if state == "expired" else NOON
    with time_machine.travel(moment, tick=False), pytest.raises(AlreadyAnswered):
        confirm(owner, offered)


def test_it_is_answered_until_the_last_second_of_the_thirtieth_day(site_and_owner, asked):
    _, owner = site_and_owner
    with time_machine.travel("2026-07-10T23:59:59+02:00", tick=False):
        assert confirm(owner, asked).status_on() is Status.ACTIVE


def test_nobody_else_answers(site_and_owner, asked):
    site, owner = site_and_owner
    user = given(owner, site, terms(), "user@exemple.fr").beneficiary
    for person in (user, asked.beneficiary, UserFactory(), owner_of(SiteFactory())):
        with refused(NoLongerGiver, "Vous ne gérez plus les droits d’accès de ce site."):
            confirm(person, asked)


def test_an_administrator_of_another_site_does_not_reach_it_through_his_own(asked):
    site, owner = opened_site()
    with pytest.raises(Delegation.DoesNotExist):
        confirming.answer(person=owner, site=site, number=asked.pk, confirmed=True, origin=ORIGIN)


def test_a_user_or_the_firms_people_are_not_for_the_company_to_confirm(site_and_owner, asked):
    site, owner = site_and_owner
    user = given(owner, site, terms(), "user@exemple.fr")
    confirm(owner, asked)
    staff = give(asked.beneficiary, site, terms(), "staff@exemple.fr", Side.FIRM)
    for other in (user, staff):
        with pytest.raises(Delegation.DoesNotExist):
            confirm(owner, other)


def test_an_employer_named_head_of_his_own_firm_gains_this_site_only(site_and_owner):
    site, owner = site_and_owner
    client, client_owner = opened_site()
    client.adherent.accounting_firm = site.adherent.accounting_firm
    client.adherent.save()
    confirm(client_owner, given(client_owner, client, to_firm(), "head@exemple.fr"))
    colleague = given(owner, site, of_role(Role.ADMINISTRATOR), "collegue@exemple.fr").beneficiary
    mine = confirm(owner, accept(give(colleague, site, to_firm(), owner.email), owner))
    assert mine.status_on() is Status.ACTIVE
    assert not owner.has_perm("adherents.read_profile", client)
    with pytest.raises(NoLongerGiver):
        give(owner, client, terms(), side=Side.FIRM)


def test_a_link_names_its_delegation_also_once_its_time_is_over():
    made = tokens.make(CONFIRMATION, 12)
    assert confirming.read_confirmation(made) == 12
    with time_machine.travel("2027-01-01", tick=False):
        assert confirming.read_confirmation(made) == 12


def test_a_link_that_is_not_ours_names_nothing():
    for forged in ("x", "", tokens.make(INVITATION, 12), tokens.make(CONFIRMATION, 12)[:-1]):
        assert confirming.read_confirmation(forged) is None
