"""Ceilings of SMS: per minute, person, number, network, neighbourhood and hour (R12, R42)."""

import datetime as dt

import pytest
import time_machine
from django.test import Client

from accounts import certifying
from accounts.limits import NEIGHBOURS
from portal import clock
from portal.journal.models import Entry
from portal.messaging import tasks
from portal.messaging.models import Sms
from portal.origin import COMMAND
from tests.accounts.conftest import connection
from tests.accounts.mobile_codes import NUMBER, OTHER, PAGE, SEND, latest_code, words
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


def test_another_code_a_minute_later_and_not_before(browser):
    """R42."""
    with time_machine.travel(clock.now(), tick=False) as now:
        browser.post(PAGE, SEND)
        code = latest_code()
        page = browser.post(PAGE, SEND)
        assert page.status_code == 429
        assert page["Retry-After"] == "60"
        assert "Vous pourrez demander un autre code dans une minute." in words(page)
        assert latest_code() == code
        now.shift(dt.timedelta(seconds=59))
        assert browser.post(PAGE, SEND).status_code == 429
        now.shift(dt.timedelta(seconds=1))
        assert browser.post(PAGE, SEND).status_code == 302
    assert Sms.objects.count() == 2


def test_five_a_day_for_a_person_whatever_the_number(browser):
    """R42."""
    with time_machine.travel(clock.now(), tick=False) as now:
        for place in range(7):
            browser.post(PAGE, SEND | {"mobile": f"06 1{place} 34 56 12"})
            now.shift(dt.timedelta(minutes=2))
        assert Sms.objects.count() == 5
        page = browser.post(PAGE, SEND)
        assert (page.status_code, int(page["Retry-After"]) > 23 * 3600) == (429, True)
        assert "dans 24 heures" in words(page)
        now.shift(dt.timedelta(days=1))
        assert browser.post(PAGE, SEND).status_code == 302


def asking(number, place=0, address=None):
    """Somebody new asks from a network of his own."""
    client = Client(REMOTE_ADDR=address or f"198.51.{place // 250}.{place % 250 + 1}")
    client.force_login(UserFactory(mobile=number))
    return client.post(PAGE, SEND)


def test_five_a_day_for_a_number_whoever_asks():
    """R42."""
    answers = []
    with time_machine.travel(clock.now(), tick=False) as now:
        for place in range(7):
            answers.append(asking(NUMBER, place).status_code)
            now.shift(dt.timedelta(minutes=1))
    assert answers == [302] * 5 + [429] * 2
    assert Sms.objects.count() == 5


def test_one_a_minute_for_a_number_whoever_asks():
    with time_machine.travel(clock.now(), tick=False) as now:
        assert [asking(NUMBER, place).status_code for place in range(2)] == [302, 429]
        assert asking(OTHER, 3).status_code == 302
        now.shift(dt.timedelta(minutes=1))
        assert asking(NUMBER, 4).status_code == 302


def test_five_a_day_for_a_posted_code_however_often_its_first_step_is_begun_anew(letters):
    """R42: each first step is another attempt, with the same letter in hand."""
    answers = []
    with time_machine.travel(clock.now(), tick=False) as now:
        for place in range(6):
            visitor = Client(REMOTE_ADDR=f"198.51.7.{place + 1}")
            visitor.post("/ouverture/", letters.typed)
            sent = connection(mobile=f"06 1{place} 34 56 12") | SEND
            answers.append(visitor.post("/ouverture/connexion/", sent).status_code)
            now.shift(dt.timedelta(minutes=2))
    assert answers[-1] == 429
    assert Sms.objects.count() == 5


def test_twenty_a_day_for_a_network_whoever_asks_for_whatever_number():
    """R42."""
    answers = [asking(f"+3361{place:02}34{place:02}1") for place in range(22)]
    assert [answer.status_code for answer in answers] == [302] * 20 + [429] * 2


def test_whoever_walks_through_his_ipv6_networks_is_one_network():
    """R42: a /48 holds 65,536 networks of one home or firm each; the next /48 is somebody else's."""
    answers = [
        asking(f"+3361{place:02}34{place:02}1", address=f"2001:db8:7:{place:x}00::{place + 1}")
        for place in range(21)
    ]
    assert [answer.status_code for answer in answers] == [302] * 20 + [429]
    assert asking("+33698765432", address="2001:db8:8::1").status_code == 302


def test_neighbouring_numbers_are_stopped_and_staff_told_once(caplog):
    """What pumping looks like: one number after the other (R42)."""
    stem = NUMBER[:-NEIGHBOURS]
    answers = [asking(f"{stem}{place:03}", place).status_code for place in range(14)]
    assert answers == [302] * 10 + [429] * 4
    assert Sms.objects.count() == 10
    assert Entry.objects.filter(action="sms.neighbours").count() == 1
    assert asking(OTHER, 50).status_code == 302
    assert caplog.text.count("SMS stopped") == 1


def test_the_hourly_budget_stops_all_sending_and_staff_are_told_once(settings, caplog):
    """R42."""
    settings.SMS_HOURLY_BUDGET = 3
    with time_machine.travel(clock.now(), tick=False) as now:
        answers = [asking(f"+336{place + 10}345612", place) for place in range(6)]
        assert [answer.status_code for answer in answers] == [302] * 3 + [429] * 3
        assert Sms.objects.count() == 3
        assert Entry.objects.filter(action="sms.budget_spent").count() == 1
        assert caplog.text.count("SMS stopped: sms.budget_spent") == 1
        now.shift(dt.timedelta(hours=1))
        assert asking("+33630345612", 90).status_code == 302


def test_redis_away_the_limits_hold_and_the_sweep_sends(browser, settings, gateway, monkeypatch):
    """R12: nothing of it stands on the cache or the broker."""
    settings.CACHES = {
        "default": {
            "BACKEND": "portal.web.caching.ForgivingRedisCache",
            "LOCATION": "redis://127.0.0.1:1/0",
            "OPTIONS": {"socket_connect_timeout": 0.1},
        }
    }

    def away(*args, **kwargs):
        raise OSError("no broker")

    monkeypatch.setattr(tasks.send_sms, "apply_async", away)
    assert browser.post(PAGE, SEND).status_code == 302
    assert browser.post(PAGE, SEND).status_code == 429
    tasks.sweep_sms()
    assert len(gateway.sent) == 1


def test_the_alerts_are_of_limits_that_exist():
    claims = certifying.sms_claims("user:1", NUMBER, COMMAND)
    assert set(certifying.ALERTS) <= {limit.name for limit, _ in claims}
