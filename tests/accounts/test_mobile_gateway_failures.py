"""« Certifier » when the gateway refuses, is silent or lies: the person is told, nothing is sent twice."""

import pytest
import time_machine
from django.test import Client

from accounts.mobile import has_certified_mobile
from portal import clock
from portal.messaging import tasks
from portal.messaging.models import Sms, SmsState
from portal.messaging.sms.gateway import NotSent, Refused, Uncertain
from tests.accounts.mobile_codes import NUMBER, PAGE, SEND, check, latest_code, words
from tests.factories import UserFactory
from tests.fresh import for_long

pytestmark = pytest.mark.django_db


@pytest.fixture
def person():
    return UserFactory(mobile=NUMBER)


@pytest.fixture
def browser(person):
    client = Client()
    client.force_login(person)
    return for_long(client)


@pytest.mark.parametrize(
    ("failure", "said"),
    [
        (Refused("400"), "a été refusé par l’opérateur"),
        (Uncertain("TimeoutError"), "Nous ne savons pas si le SMS est parti"),
        (RuntimeError("lies"), "Nous ne savons pas si le SMS est parti"),
    ],
)
def test_the_person_is_told_and_nothing_is_sent_twice(browser, gateway, failure, said):
    gateway.failure = failure
    browser.post(PAGE, SEND)
    for _ in range(3):
        tasks.sweep_sms()
    page = words(browser.get(PAGE))
    assert said in page
    assert "Certifier" in page or "Recevoir un autre code" in page
    assert len(gateway.sent) == 1


def test_a_code_that_may_have_left_can_still_be_typed(browser, gateway, person):
    gateway.failure = Uncertain("TimeoutError")
    browser.post(PAGE, SEND)
    code = latest_code()
    tasks.sweep_sms()
    browser.post(PAGE, check(code))
    person.refresh_from_db()
    assert has_certified_mobile(person)


def test_a_gateway_that_is_away_too_long_is_said_to_be(browser, gateway):
    gateway.failure = NotSent("ConnectionRefusedError")
    with time_machine.travel(clock.now(), tick=False) as now:
        browser.post(PAGE, SEND)
        tasks.sweep_sms()
        assert "Un code part vers" in words(browser.get(PAGE))
        while Sms.objects.get().state == SmsState.WAITING:
            now.move_to(Sms.objects.get().next_try_at)
            tasks.sweep_sms()
        assert "n’a pas pu partir" in words(browser.get(PAGE))
        gateway.failure = None
        browser.post(PAGE, SEND)
        tasks.sweep_sms()
        assert "Un code a été envoyé" in words(browser.get(PAGE))


def test_a_caisse_without_a_gateway_offers_nothing_and_says_it_to_nobody(browser, settings, client, letters):
    settings.SMS_GATEWAY = ""
    assert browser.get(PAGE).status_code == browser.post(PAGE, SEND).status_code == 404
    client.post("/ouverture/", letters.typed)
    page = client.get("/ouverture/connexion/").content.decode()
    assert "Certifier" not in page
    assert "certification" not in page.lower()
