"""A code by SMS proves that one holds a number, and nothing else: never who one is (R44)."""

from __future__ import annotations

import ast

import pytest
from django.test import Client

from accounts import certifying
from accounts.mobile import certify_mobile
from portal.messaging.models import Sms
from portal.origin import COMMAND
from tests.accounts.conftest import link_in, mails_to
from tests.accounts.mobile_codes import NUMBER, PAGE, SEND, latest_code
from tests.deploy_check import ROOT
from tests.factories import PASSWORD, SiteFactory, UserFactory, owner_of
from tests.fresh import long_ago
from tests.second_factor.apps import VERIFICATION, app_of, give_password

pytestmark = pytest.mark.django_db
NEW = {"password": "Ardoise-Noire-8", "password_again": "Ardoise-Noire-8"}


@pytest.fixture
def person():
    holder = owner_of(SiteFactory(), mobile=NUMBER)
    certify_mobile(user=holder, number=NUMBER, origin=COMMAND)
    return holder


def test_codes_by_sms_are_sent_and_tried_by_the_certification_of_a_number_alone():
    """R44: whoever makes another use of them adds it here, and says what else is proved besides."""
    users = set()
    for app in ("portal", "accounts", "delegations", "adherents", "employees", "contact"):
        for path in (ROOT / app).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and getattr(node.func, "attr", "") in {"try_code", "consume"}:
                    users.add(path.relative_to(ROOT).as_posix())
    assert users == {"accounts/certifying.py"}
    assert certifying.PURPOSE == "mobile"


def test_a_forgotten_password_is_answered_by_mail_and_never_by_sms(person):
    """R44."""
    Client().post("/mot-de-passe/oublie/", {"email": person.email})
    assert len(mails_to(person.email)) == 1
    assert not Sms.objects.exists()
    page = Client().get(link_in(mails_to(person.email)[-1]), follow=True).content.decode()
    assert "SMS" not in page.partition("<main")[2]


def test_a_certified_mobile_is_no_second_factor(person, client):
    """R44: the ways to prove one are an app, a passkey, a recovery code; an SMS code opens nothing."""
    app_of(person)
    give_password(client, person)
    page = client.get(VERIFICATION).content.decode().partition("<main")[2]
    assert "SMS" not in page
    own = Client()
    own.force_login(person)
    own.post(PAGE, SEND)
    for way in ("application", "secours", "sms"):
        sent = {"par": way, "code": latest_code(), "recovery_code": latest_code()}
        assert client.post(VERIFICATION, sent).status_code == 200
    assert client.get("/compte/").status_code == 302


def test_an_sms_code_is_no_fresh_proof(person):
    """R44: what matters asks for the password, which the code does not stand for."""
    browser = Client()
    browser.force_login(person)
    browser.post(PAGE, SEND)
    long_ago(browser)
    code = latest_code()
    for sent in ({"reauth_password": code}, {"mobile_code": code}, {"code": code}):
        answer = browser.post("/compte/adresse/", sent)
        assert "Mot de passe actuel" in answer.content.decode()
    assert browser.post("/compte/adresse/", {"reauth_password": PASSWORD}).status_code == 302


def test_the_page_says_what_an_sms_is_worth_and_offers_better(client):
    """R44."""
    client.force_login(UserFactory(mobile=NUMBER))
    page = client.get(PAGE).content.decode()
    assert "Un SMS peut être lu ou détourné" in page
    assert "application d’authentification" in page
