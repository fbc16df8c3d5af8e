"""Passkeys: made and proved for this portal, this session and this person only (R29, R46, R50)."""

from __future__ import annotations

import datetime as dt
import html
import json
import re

import pytest
import time_machine
from django.test import Client

from accounts.models import Factor
from portal.journal.models import Entry
from tests.factories import SiteFactory, UserFactory, owner_of
from tests.second_factor.apps import VERIFICATION, app_of, code, give_code, give_password
from tests.second_factor.authenticator import Authenticator

pytestmark = pytest.mark.django_db
ADD = "/compte/securite/cle/"
PROVE = f"{VERIFICATION}?par=cle"


@pytest.fixture
def person():
    return owner_of(SiteFactory())


@pytest.fixture
def browser(client, person):
    give_password(client, person)
    return client


def options(browser, address):
    page = browser.get(address).content.decode()
    return html.unescape(re.search(r'data-options="([^"]+)"', page).group(1))


def added(browser, authenticator, **more):
    credential = authenticator.make(options(browser, ADD))
    return browser.post(ADD, {"name": "Ma clé d’accès", "credential": credential} | more)


def waiting(person):
    """A browser that gave the password."""
    browser = Client()
    give_password(browser, person)
    return browser


def proved(browser, credential):
    return browser.post(VERIFICATION, {"par": "cle", "credential": credential})


@pytest.fixture
def key(browser):
    authenticator = Authenticator()
    assert added(browser, authenticator).status_code == 302
    return authenticator


def test_a_passkey_is_added_named_and_told(browser, person):
    before = browser.cookies["session"].value
    assert added(browser, Authenticator())["Location"] == "/compte/securite/codes/"
    assert browser.cookies["session"].value != before
    factor = Factor.objects.get(user=person)
    assert factor.kind == "passkey"
    assert factor.transports == ["internal"]
    assert (
        "Clé d’accès «\u00a0Ma clé d’accès\u00a0»"
        in Entry.objects.get(action="account.factor_added").sentence
    )


def test_a_passkey_opens_the_second_step(key, person):
    other = waiting(person)
    assert proved(other, key.sign(options(other, PROVE)))["Location"] == "/sites/"
    assert Factor.objects.get().sign_count == key.counter


def test_the_options_say_nothing_of_the_person_but_to_himself(browser, person):
    asked = json.loads(options(browser, ADD))
    assert asked["rp"]["id"] == "localhost"
    assert person.email not in asked["user"]["id"]
    assert asked["attestation"] == "none"


def test_what_was_signed_for_another_session_purpose_or_moment_proves_nothing(key, person):
    one, two = waiting(person), waiting(person)
    assert proved(two, key.sign(options(one, PROVE))).status_code == 200
    assert proved(two, key.make(options(two, PROVE))).status_code == 200
    with time_machine.travel(dt.datetime.now(dt.UTC) - dt.timedelta(minutes=6)):
        early = waiting(person)
        signed = key.sign(options(early, PROVE))
    assert proved(early, signed).status_code != 302 or early.get("/sites/")["Location"].startswith(
        "/connexion/"
    )
    stale = waiting(person)
    assert proved(stale, signed).status_code == 200


@pytest.mark.parametrize("counts", [True, False])
def test_a_signature_serves_once(browser, person, counts):
    """R46: also that of a passkey which does not count its uses, as synchronised ones do not."""
    key = Authenticator(counter=int(counts), counts=counts)
    added(browser, key)
    one = waiting(person)
    signed = key.sign(options(one, PROVE))
    assert proved(one, signed).status_code == 302
    assert proved(waiting(person), signed).status_code == 200


@pytest.mark.parametrize(
    "forged",
    ["", "{}", "[]", "x", '{"id": 1, "response": {}}', '{"id":"x","response":{"clientDataJSON":"e30"}}'],
)
def test_what_is_not_a_credential_is_refused_in_words(key, person, browser, forged):
    answer = proved(waiting(person), forged)
    assert answer.status_code == 200
    assert "error-summary" in answer.content.decode()
    made = browser.post(ADD, {"name": "Autre", "credential": forged})
    assert made.status_code == 200
    assert Factor.objects.count() == 1


@pytest.mark.parametrize("wrong", [{"origin": "https://ailleurs.example"}, {"rp_id": "ailleurs.example"}])
def test_a_passkey_of_another_origin_is_refused(browser, wrong):
    assert added(browser, Authenticator(**wrong)).status_code == 200
    assert not Factor.objects.exists()


def test_somebody_elses_passkey_and_a_copy_that_lags_behind_are_refused(key, person):
    other = owner_of(SiteFactory())
    app_of(other)
    browser = waiting(other)
    mine = waiting(person)
    signed = key.sign(options(mine, PROVE))
    assert proved(browser, signed).status_code == 200
    assert proved(mine, signed).status_code == 302
    copy, key.counter = waiting(person), 0
    assert proved(copy, key.sign(options(copy, PROVE))).status_code == 200


def test_the_same_passkey_is_added_once(browser, key):
    assert "déjà enregistrée" in added(browser, key, name="Encore").content.decode()
    assert Factor.objects.count() == 1


def test_refused_passkeys_are_counted_with_the_codes(key, person):
    browser = waiting(person)
    answers = [proved(browser, "{}").status_code for _ in range(5)]
    assert answers == [200, 200, 200, 200, 429]


def test_without_a_script_the_page_says_so_and_the_code_of_an_app_still_works(person):
    app_of(person)
    Factor.objects.create(user=person, kind="passkey", name="Clé", credential_id="AAAA", public_key="AAAA")
    browser = waiting(person)
    assert "demande JavaScript" in browser.get(PROVE).content.decode()
    assert "demande JavaScript" in proved(browser, "").content.decode()
    assert give_code(browser, code()).status_code == 302


def test_a_challenge_is_not_drawn_for_nobody(client):
    app_of(UserFactory())
    assert client.get(PROVE)["Location"] == "/connexion/"
