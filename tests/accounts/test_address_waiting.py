"""« Modifier adresse mail » while the new address has not confirmed: nothing opens or is lost (R34, R39)."""

import datetime as dt

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client

from accounts import address_change
from accounts.letters import awaiting_letters
from accounts.models import EmailChange, User
from delegations.administrators import counts, keep_one, kept_by_one_alone
from delegations.deciding import access_of
from delegations.refusals import LastAdministrator
from portal import clock
from portal.origin import COMMAND
from portal.sessions.models import Session
from tests.accounts.invitations import invited, read, signed_in
from tests.accounts.own_account import (
    FORMER,
    NEW_ADDRESS,
    asked,
    browser_of,
    confirmation_link,
    kinds_to,
    mail_of_kind,
    sign_in,
)
from tests.factories import SiteFactory, owner_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def person():
    return owner_of(SiteFactory(), email=FORMER)


@pytest.fixture
def browser(person):
    return browser_of(person)


def test_asking_deactivates_the_account_and_ends_every_session(browser, person):
    """R39."""
    elsewhere = browser_of(person)
    assert elsewhere.get("/compte/").status_code == 200
    asked(browser)
    person.refresh_from_db()
    assert (person.is_active, person.address_changing, person.email) == (False, True, FORMER)
    for one in (browser, elsewhere):
        assert one.get("/compte/")["Location"].startswith("/connexion/")
    assert not Session.objects.filter(user=person).exists()
    assert "n’est pas correct" in read(sign_in(Client(), FORMER))
    assert "n’est pas correct" in read(sign_in(Client(), NEW_ADDRESS))


def test_the_page_that_follows_is_the_same_for_everybody_and_says_how_to_come_back(browser):
    asked(browser)
    page = read(browser.get("/compte/adresse/envoyee/")).replace("<wbr>", "")
    assert "24 heures" in page
    assert "7 jours" in page
    assert FORMER not in page


def test_the_page_that_follows_repeats_the_address_in_that_browser_for_half_an_hour(person, client):
    with time_machine.travel(clock.now(), tick=False) as now:
        browser = browser_of(person)
        asked(browser, "marie@exmeple.fr")
        sent = "/compte/adresse/envoyee/"
        for _ in range(2):
            assert "envoyé à <strong>marie@<wbr>exmeple<wbr>.fr</strong>" in read(browser.get(sent))
        assert "exmeple" not in read(client.get(sent))
        now.shift(dt.timedelta(minutes=31))
        assert "envoyé à la nouvelle adresse électronique" in read(browser.get(sent))


def test_the_address_that_was_asked_for_does_not_outlive_a_sign_in(browser):
    asked(browser)
    colleague = owner_of(SiteFactory())
    sign_in(browser, colleague.email)
    assert NEW_ADDRESS not in read(browser.get("/compte/adresse/envoyee/")).replace("<wbr>", "")


def test_both_addresses_are_written_to_at_once(browser):
    """R39."""
    asked(browser)
    assert kinds_to(NEW_ADDRESS) == ["address_confirmation"]
    assert kinds_to(FORMER) == ["address_change_asked"]
    assert NEW_ADDRESS not in mail_of_kind(FORMER, "address_change_asked").text


def test_a_pending_change_opens_no_right_and_still_counts_as_an_administrator(browser, person):
    (mine,) = person.delegations.all()
    asked(browser)
    person = User.objects.get()
    mine.refresh_from_db()
    assert access_of(person, mine.site.cibtp_id) is None
    assert not person.has_perm("adherents.read_profile", mine.site)
    assert counts(mine)
    assert list(kept_by_one_alone(person)) == [mine.site]
    with pytest.raises(LastAdministrator):
        keep_one(mine)
    other = owner_of(mine.site).delegations.get()
    keep_one(other)  # the one who waits is enough


def test_a_site_whose_only_administrator_waits_gets_no_letter_meanwhile(browser):
    asked(browser)
    assert not awaiting_letters().exists()
    User.objects.update(address_changing=False)  # as if he were disabled instead
    assert awaiting_letters().count() == 1


def test_one_change_at_a_time_is_held_by_the_database(browser, person):
    asked(browser)
    with pytest.raises(IntegrityError), transaction.atomic():
        EmailChange.objects.create(user=person, former=FORMER, address="a@exemple.fr")
    assert address_change.ask(person=person, address="a@exemple.fr", origin=COMMAND) is None
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.update(is_active=True)


def test_an_invitation_stays_bound_to_the_address_that_was_invited(browser, person):
    waiting = invited(FORMER)
    asked(browser)
    page = read(Client().get(waiting.link))
    assert "attend la confirmation d’une nouvelle adresse" in page
    Client().post(confirmation_link())
    person.refresh_from_db()
    there = signed_in(person)
    assert "vous êtes connecté avec une autre adresse" in read(there.get(waiting.link))
    there.post(waiting.link, {"accept": "oui"})
    assert waiting.now.accepted_at is None
