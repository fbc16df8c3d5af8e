"""A request on its way when its account is put to sleep or its session ended acts for nobody (R32 to R34)."""

from __future__ import annotations

import io
from urllib.parse import urlencode

import pytest
from django.contrib.sessions.exceptions import SessionInterrupted
from django.test import Client

import accounts.sign_in
from accounts import address_change
from accounts.models import Factor, User
from accounts.second_factor import checking, factors
from accounts.views import verification
from portal import clock
from portal.origin import COMMAND
from portal.second_factor import totp
from portal.sessions.closing import close_others
from portal.sessions.models import Session
from tests.accounts.own_account import confirmation_link
from tests.factories import PASSWORD, SiteFactory, owner_of
from tests.second_factor.apps import SEED, app_of, code, give_code, give_password

pytestmark = pytest.mark.django_db


@pytest.fixture
def person():
    return owner_of(SiteFactory())


def put_to_sleep(person):
    address_change.ask(person=person, address="nouvelle@exemple.fr", origin=COMMAND)


def given_another_password(person):
    person.set_password("Ardoise-Noire-8")
    person.save()
    close_others(person)


def meanwhile(monkeypatch, module, name, act):
    """That function, after which something else happens before its caller goes on."""
    genuine = getattr(module, name)

    def overtaken(*given, **named):
        found = genuine(*given, **named)
        act()
        return found

    monkeypatch.setattr(module, name, overtaken)


@pytest.mark.parametrize("act", [put_to_sleep, given_another_password])
def test_whoever_signs_in_while_the_account_changes_opens_no_session(person, monkeypatch, act):
    meanwhile(monkeypatch, accounts.sign_in, "authenticate", lambda: act(User.objects.get(pk=person.pk)))
    browser = Client()
    answer = browser.post("/connexion/", {"email": person.email, "password": PASSWORD})
    assert answer.status_code == 200
    assert not Session.objects.filter(user=person).exists()


@pytest.mark.parametrize("act", [put_to_sleep, given_another_password])
def test_nor_does_whoever_proves_a_second_factor_meanwhile(person, monkeypatch, act):
    app_of(person)
    browser = Client()
    give_password(browser, person)
    meanwhile(monkeypatch, checking, "proves", lambda: act(User.objects.get(pk=person.pk)))
    assert verification.checking is checking
    assert give_code(browser, code())["Location"] == "/connexion/"
    assert not Session.objects.filter(user=person).exists()


def test_a_session_left_open_on_a_sleeping_account_is_not_kept_awake_and_ends_when_it_wakes(person):
    thief = Client()
    thief.post("/connexion/", {"email": person.email, "password": PASSWORD})
    key = thief.cookies["session"].value
    kept = Session.objects.get(pk=key)
    put_to_sleep(person)
    kept.save(force_insert=True)  # as if it had been opened all the same
    before = Session.objects.get(pk=key).seen_at
    assert thief.post("/compte/session/").json() == {"open": False}
    assert thief.get("/compte/").status_code == 302
    assert Session.objects.get(pk=key).seen_at == before
    Client().post(confirmation_link())
    assert not Session.objects.filter(pk=key).exists()


class HeldBack(io.BytesIO):
    """A body whose sender waits for something before he sends it."""

    def __init__(self, body, act):
        super().__init__(body)
        self.act = act

    def read(self, *given):
        self.act()
        return super().read(*given)


def test_a_body_held_back_until_its_session_ended_does_nothing(person):
    """R32: it is read before anybody asks whose session it is."""
    browser = Client()
    browser.force_login(person)
    site = person.delegations.get().site
    body = urlencode({"nom": "MEYER"}).encode()
    held = HeldBack(body, lambda: close_others(person))
    sent = {"wsgi.input": held, "CONTENT_LENGTH": str(len(body))}
    form = "application/x-www-form-urlencoded"
    answer = browser.post(f"/sites/{site.cibtp_id}/salaries/", b"x", content_type=form, **sent)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/connexion/")


def test_a_session_that_ended_meanwhile_adds_and_takes_away_no_factor(person):
    """R33, R46."""
    ended = "a" * 32
    step = totp.step_at(clock.now())
    facts = {"user": person, "origin": COMMAND, "session": ended}
    with pytest.raises(SessionInterrupted):
        factors.add_totp(name="Le mien", seed=SEED, step=step, proved=True, **facts)
    assert not Factor.objects.exists()
    app = app_of(person)
    with pytest.raises(SessionInterrupted):
        factors.remove(number=app.pk, **facts)
    assert Factor.objects.get() == app
