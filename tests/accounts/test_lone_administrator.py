"""A site's only Administrateur mistypes his new address: he gets back in by the old one, alone (R39, R58).

Alone: nobody of the caisse, no letter, no other Administrateur; and whatever the nights do meanwhile.
"""

import datetime as dt

import pytest
import time_machine
from celery import current_app
from django.test import Client

import portal.celery
from accounts.letters import awaiting_letters
from accounts.models import EmailChange, User
from portal import clock
from portal.journal.models import Entry
from tests.accounts.conftest import link_in
from tests.accounts.own_account import (
    ask_address,
    browser_of,
    cancellation_link,
    confirmation_link,
    mail_of_kind,
    sign_in,
)
from tests.factories import PASSWORD, SiteFactory, UserFactory, owner_of
from tests.second_factor.apps import app_of, give_code, next_code

pytestmark = pytest.mark.django_db
FORMER, MISTYPED, RIGHT = "marie.keller@exemple.fr", "marie.keller@exmeple.fr", "marie@ailleurs.example"
NEW_PASSWORD = "Ardoise-Noire-8"


def nobodys():
    """No such address: the mail comes back, or never arrives."""


def somebody_elses():
    """The address has an account of its own."""
    UserFactory(email=MISTYPED)


def confirmed_by_a_stranger():
    """Whoever has that mailbox follows the link."""
    assert Client().post(confirmation_link(MISTYPED)).status_code == 302


def by_the_link_sent_to_the_old_address(link):
    page = Client().get(link).content.decode()
    Client().post(link, {"restore": "oui"} if "Reprendre" in page else {})
    return NEW_PASSWORD if "Reprendre" in page and reset_at_the_old_address() else PASSWORD


def by_a_new_password(link):
    reset_at_the_old_address()
    return NEW_PASSWORD


def reset_at_the_old_address():
    Client().post("/mot-de-passe/oublie/", {"email": FORMER})
    sent = {"password": NEW_PASSWORD, "password_again": NEW_PASSWORD}
    return Client().post(link_in(mail_of_kind(FORMER, "password_reset")), sent)["Location"] == "/connexion/"


def nights(now, days):
    """Every task that beat asks for, each night."""
    for _ in range(days):
        now.shift(dt.timedelta(days=1))
        for entry in portal.celery.app.conf.beat_schedule.values():
            current_app.tasks[entry["task"]]()


@pytest.fixture
def site():
    return SiteFactory()


@pytest.fixture
def person(site):
    return owner_of(site, email=FORMER)


CASES = [
    (nobodys, by_the_link_sent_to_the_old_address, 6),
    (nobodys, by_a_new_password, 45),  # the link is dead by then; nothing dies of waiting
    (somebody_elses, by_the_link_sent_to_the_old_address, 6),
    (somebody_elses, by_a_new_password, 45),
    (confirmed_by_a_stranger, by_the_link_sent_to_the_old_address, 6),
]


@pytest.mark.parametrize(("mistyped", "way", "days"), CASES)
def test_who_mistyped_is_back_on_his_site_by_the_old_address_alone(site, person, mistyped, way, days):
    """R39: and changes it rightly the next time."""
    portal.celery.app.loader.import_default_modules()
    with time_machine.travel(clock.now().replace(microsecond=0), tick=False) as now:
        if mistyped is somebody_elses:
            somebody_elses()
        ask_address(browser_of(person), MISTYPED)
        if mistyped is confirmed_by_a_stranger:
            confirmed_by_a_stranger()
        link = cancellation_link(FORMER)
        nights(now, days)
        assert not awaiting_letters().exists()  # nor does the site go to who asks for a new letter
        password = way(link)
        back = Client()
        assert sign_in(back, FORMER, password).status_code == 302
        assert back.get(f"/sites/{site.cibtp_id}/").status_code == 200
        assert back.get(f"/sites/{site.cibtp_id}/droits/").status_code == 200
        assert not EmailChange.objects.pending().exists()
        ask_address_with(back, RIGHT, password)
        assert Client().post(confirmation_link(RIGHT)).status_code == 302
    person.refresh_from_db()
    assert (person.email, person.is_active) == (RIGHT, True)
    assert [one.pk for one in User.objects.filter(pk=person.pk, delegations__site=site)] == [person.pk]
    acted = Entry.objects.filter(action__startswith="account.")
    assert set(acted.values_list("actor_id", flat=True)) <= {person.pk, None}


def ask_address_with(browser, address, password):
    """As `ask_address`, with another password than the usual one."""
    browser.post("/compte/adresse/", {"reauth_password": password})
    assert browser.post("/compte/adresse/", {"email": address, "email_again": address}).status_code == 302


def test_whoever_has_a_second_factor_keeps_it_and_is_asked_for_it(site, person):
    """R19, R39: taking the account back is no way round the factor."""
    app_of(person)
    browser = Client()
    sign_in(browser, FORMER)
    give_code(browser, next_code(person))
    ask_address(browser, MISTYPED)
    Client().post(cancellation_link(FORMER))
    back = Client()
    assert sign_in(back, FORMER)["Location"].startswith("/connexion/verification/")
    assert back.get(f"/sites/{site.cibtp_id}/").status_code == 302
    with time_machine.travel(clock.now() + dt.timedelta(minutes=2)):
        sign_in(back, FORMER)
        give_code(back, next_code(person))
    assert back.get(f"/sites/{site.cibtp_id}/").status_code == 200
