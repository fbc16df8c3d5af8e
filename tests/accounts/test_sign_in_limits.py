"""How often an account, an address and a connection may try to sign in (R06 to R10)."""

import datetime as dt

import pytest
import time_machine
from django.test import Client

from portal import clock
from portal.journal.models import Entry
from tests.alike import neutral
from tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db


def sign_in(client, email, password=PASSWORD, **extra):
    return client.post("/connexion/", {"email": email, "password": password}, **extra)


# --- limits ------------------------------------------------------------------


def test_after_five_failures_an_account_waits_longer_each_time_and_stops_at_ten(client):
    """R07."""
    user = UserFactory()
    waits = []
    with time_machine.travel(clock.now(), tick=False) as now:
        for _ in range(4):
            assert sign_in(client, user.email, "faux").status_code == 200
        for _ in range(6):
            assert sign_in(client, user.email, "faux").status_code == 200
            blocked = sign_in(client, user.email)
            assert blocked.status_code == 429
            waits.append(int(blocked["Retry-After"]))
            now.shift(waits[-1])
    assert waits == [60, 300, 900, 3600, 3600, 86400]


def test_no_more_than_ten_passwords_a_day_are_compared_for_one_account(client):
    user = UserFactory()
    compared = 0
    with time_machine.travel(clock.now(), tick=False) as now:
        for _ in range(24 * 2):
            compared += sign_in(client, user.email, "faux").status_code == 200
            now.shift(1800)
    assert compared == 10


def test_tries_during_the_wait_do_not_lengthen_it(client):
    """R08."""
    user = UserFactory()
    with time_machine.travel(clock.now(), tick=False) as now:
        for _ in range(5):
            sign_in(client, user.email, "faux")
        for _ in range(10):
            now.shift(5)
            assert sign_in(client, user.email).status_code == 429
        now.shift(10)
        assert sign_in(client, user.email).status_code == 302


def test_a_known_and_an_unknown_address_wait_alike(client):
    """R01."""
    known, pages = UserFactory().email, []
    with time_machine.travel(clock.now(), tick=False):
        for email in (known, "inconnue@exemple.fr"):
            for _ in range(5):
                sign_in(client, email, "faux")
            blocked = sign_in(client, email, "faux")
            pages.append((blocked.status_code, blocked["Retry-After"], neutral(blocked)))
    assert pages[0] == pages[1]


def test_letter_case_and_spaces_share_the_count(client):
    """R06."""
    for typed in ("a@exemple.fr", "A@exemple.fr", " a@EXEMPLE.fr", "a@exemple.fr ", "Ａ@exemple.fr"):
        sign_in(client, typed, "faux")
    assert sign_in(client, "a@exemple.fr", "faux").status_code == 429


def test_no_way_of_typing_an_address_escapes_its_count(client):
    """R06."""
    user = UserFactory(email="loic@exemple.fr")
    invisible = ("\u200b ", "\u200b  ", "\u2060 \u200b", "\ufeff\u00a0", "\u200e ", "\t\u200b ")
    answers = [sign_in(client, prefix + user.email, "faux").status_code for prefix in invisible]
    assert answers == [200] * 5 + [429]
    assert sign_in(client, "\u200b   " + user.email).status_code == 429


def test_an_ipv6_client_cannot_wander_in_its_network(client):
    answers = [
        sign_in(client, f"a{n}@exemple.fr", "faux", REMOTE_ADDR=f"2001:db8:1:2::{n + 1:x}").status_code
        for n in range(45)
    ]
    assert answers == [200] * 40 + [429] * 5
    assert sign_in(client, "b@exemple.fr", "faux", REMOTE_ADDR="2001:db8:1:3::1").status_code == 200


def test_an_ipv4_address_is_one_however_it_is_written(client):
    sign_in(client, "a@exemple.fr", "faux", REMOTE_ADDR="::ffff:203.0.113.9")
    assert Entry.objects.get().address == "203.0.113.9"


def test_one_connection_that_tries_many_addresses_is_stopped(client):
    """R06."""
    answers = [sign_in(client, f"a{n}@exemple.fr", "faux").status_code for n in range(50)]
    assert answers[:40] == [200] * 40
    assert set(answers[40:]) == {429}


def test_many_connections_that_try_one_address_are_stopped(client):
    """R06."""
    answers = [
        sign_in(client, "a@exemple.fr", "faux", REMOTE_ADDR=f"10.0.0.{n}").status_code for n in range(50)
    ]
    assert answers.count(200) == 5


def test_signing_in_clears_the_account_but_never_the_connection(client):
    """R09."""
    mine, own, answers = UserFactory(), Client(), []
    for n in range(45):
        own.cookies.clear()
        assert sign_in(own, mine.email).status_code == (302 if n < 40 else 429)
        answers.append(sign_in(client, f"victime{n}@exemple.fr", "faux").status_code)
    assert answers.count(200) == 40


def test_a_forged_forwarding_header_does_not_hide_the_connection(client):
    """R10."""
    for n in range(40):
        headers = {"x-forwarded-for": f"8.8.8.{n}", "forwarded": f"for=9.9.9.{n}", "x-real-ip": f"7.7.7.{n}"}
        sign_in(client, f"a{n}@exemple.fr", "faux", headers=headers)
    assert sign_in(client, "z@exemple.fr", "faux").status_code == 429
    assert set(Entry.objects.values_list("address", flat=True)) == {"127.0.0.1"}


def test_behind_one_proxy_the_client_is_the_last_hop_that_it_wrote(client, settings):
    """R10."""
    settings.TRUSTED_PROXY_COUNT = 1
    sign_in(client, "a@exemple.fr", "faux", headers={"x-forwarded-for": "1.2.3.4, 203.0.113.9"})
    assert Entry.objects.get().address == "203.0.113.9"


def test_a_day_after_the_last_try_everything_is_forgotten(client):
    user = UserFactory()
    with time_machine.travel(clock.now(), tick=False) as now:
        for _ in range(4):
            sign_in(client, user.email, "faux")
        now.shift(dt.timedelta(days=1))
        for _ in range(4):
            assert sign_in(client, user.email, "faux").status_code == 200
        assert sign_in(client, user.email).status_code == 302
