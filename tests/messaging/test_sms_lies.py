"""A provider that lies: the person is told, nothing is sent twice, no receipt is forged (R84)."""

import datetime as dt

import pytest
import time_machine
from django.test import Client
from django.urls import get_resolver

from accounts.mobile import has_certified_mobile
from portal import clock
from portal.access.checks import patterns
from portal.messaging import tasks
from portal.messaging.models import Sms, SmsState
from portal.messaging.sms import outbox as sms_outbox
from portal.messaging.sms.gateway import NotSent, Refused, Uncertain
from tests.access.world import routes
from tests.factories import UserFactory
from tests.headers.addresses import every_route
from tests.messaging.gateways import NUMBER, Kept

pytestmark = pytest.mark.django_db
PAGE, SEND = "/compte/mobile/", {"mobile_step": "send"}
A_MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def now():
    with time_machine.travel(clock.now(), tick=False) as travelled:
        yield travelled


@pytest.fixture
def gateway(monkeypatch):
    made = Kept(reference="41")
    monkeypatch.setattr(sms_outbox, "current_gateway", lambda: made)
    return made


@pytest.fixture
def person():
    return UserFactory(mobile=NUMBER)


@pytest.fixture
def browser(person):
    client = Client()
    client.force_login(person)
    return client


def read(browser):
    return browser.get(PAGE).content.decode().replace("\u00a0", " ").replace("&nbsp;", " ")


def ask(browser):
    """Ask for a code; what it is."""
    assert browser.post(PAGE, SEND).status_code == 302
    return Sms.objects.latest("pk").secret


def sweeps(now, times=12):
    for _ in range(times):
        now.shift(dt.timedelta(seconds=10))
        tasks.sweep_sms()


def type_in(browser, code):
    browser.post(PAGE, {"mobile_step": "check", "mobile_code": code})


def test_it_says_sent_then_that_it_was_not_the_person_is_told_and_asks_for_another(
    browser, gateway, person, now
):
    """R84: sent, it said; its receipt says refused."""
    ask(browser)
    sweeps(now, 1)
    assert "Un code a été envoyé" in read(browser)
    gateway.delivered = SmsState.REFUSED
    sweeps(now)
    assert "a été refusé par l’opérateur" in read(browser)
    assert len(gateway.sent) == 1
    code = ask(browser)
    sweeps(now, 1)
    assert len(gateway.sent) == 2
    type_in(browser, code)
    person.refresh_from_db()
    assert has_certified_mobile(person)


def test_it_says_sent_and_nothing_ever_comes_the_person_asks_for_another(browser, gateway, person, now):
    ask(browser)
    sweeps(now)
    page = read(browser)
    assert "Un code a été envoyé" in page
    assert "Recevoir un autre code" in page
    assert len(gateway.sent) == 1
    code = ask(browser)
    sweeps(now)
    assert len(gateway.sent) == 2
    type_in(browser, code)
    person.refresh_from_db()
    assert has_certified_mobile(person)


@pytest.mark.parametrize("failure", [Refused("400"), Uncertain("500"), RuntimeError("no")])
def test_it_says_failed_and_the_sms_came_it_is_not_sent_again_and_its_code_dies_with_the_next(
    browser, gateway, person, now, failure
):
    """R41, R84: whichever of two codes is typed, one only serves, the last."""
    gateway.failure = failure
    came = ask(browser)
    sweeps(now)
    assert len(gateway.sent) == 1
    gateway.failure = None
    code = ask(browser)
    sweeps(now)
    assert len(gateway.sent) == 2
    type_in(browser, came)
    person.refresh_from_db()
    assert not has_certified_mobile(person)
    type_in(browser, code)
    person.refresh_from_db()
    assert has_certified_mobile(person)


def test_it_says_come_back_and_took_it_all_the_same_the_repeat_is_the_same_sms_of_the_same_row(
    browser, gateway, now, monkeypatch
):
    """What it is told under the same Idempotency-Key, it may know for a repeat."""
    rows = []
    genuine = gateway.send
    monkeypatch.setattr(gateway, "send", lambda **given: rows.append(given["row"]) or genuine(**given))
    gateway.failure = NotSent("429")
    ask(browser)
    sweeps(now, 1)
    gateway.failure = None
    sweeps(now)
    assert len(rows) == 2
    assert len(set(rows)) == len(set(gateway.sent)) == 1


@pytest.mark.parametrize("first", [SmsState.DELIVERED, SmsState.REFUSED])
def test_of_two_receipts_the_first_holds(browser, gateway, now, first):
    """R84."""
    other = {SmsState.DELIVERED: SmsState.REFUSED, SmsState.REFUSED: SmsState.DELIVERED}[first]
    ask(browser)
    sweeps(now, 1)
    sent = Sms.objects.get()
    gateway.delivered = first
    sweeps(now)
    gateway.delivered = other
    sms_outbox.follow(sent)  # a worker that was slower: it asked before the first receipt was written
    sweeps(now)
    assert Sms.objects.get().state == first
    assert len(gateway.sent) == 1


def test_a_receipt_is_asked_for_by_number_and_row_and_settles_no_other_sms(gateway, now, monkeypatch):
    """R84: a provider that gives two SMS one reference."""
    browsers = []
    for number in (NUMBER, "+33745123434"):
        browser = Client()
        browser.force_login(UserFactory(mobile=number))
        ask(browser)
        browsers.append(browser)
    sweeps(now, 1)
    mine, others = Sms.objects.order_by("pk")

    def of_mine_only(*, reference, number, row):
        return SmsState.DELIVERED if (reference, number, row) == ("41", NUMBER, mine.pk) else None

    monkeypatch.setattr(gateway, "became", of_mine_only)
    sweeps(now)
    mine.refresh_from_db()
    others.refresh_from_db()
    assert (mine.state, others.state) == (SmsState.DELIVERED, SmsState.SENT)


def test_no_address_takes_a_receipt_and_no_view_goes_without_the_forms_token(browser, gateway, now):
    """R84: whoever forges one has nowhere to send it."""
    ask(browser)
    sweeps(now, 1)
    before = Sms.objects.values().get()
    stranger = Client(raise_request_exception=False)
    forged = {"id": "41", "reference": "41", "status": "delivered", "deliveryReceipt": 1, "state": "refused"}
    tried = 0
    for route in every_route(cibtp_id="29209-001-12", token="41", app_label="messaging"):
        for sent in ({"data": forged}, {"data": str(forged), "content_type": "application/json"}):
            assert stranger.post(route.address, **sent).status_code < 500, route.pattern
            tried += 1
    assert tried >= len(list(routes()))
    for path in ("/sms/", "/sms/recu/", "/messaging/sms/", "/webhook/", "/admin/messaging/sms/41/"):
        assert stranger.post(path, forged).status_code in {302, 404}, path
    assert Sms.objects.values().get() == before
    views = [pattern.callback for _, pattern in patterns(get_resolver())]
    assert len(views) > 50
    assert [view for view in views if getattr(view, "csrf_exempt", False)] == []
