"""/compte/session/: what is left, and prolonging it (R30, R31)."""

from __future__ import annotations

import datetime as dt
import json

import pytest
import time_machine
from django.test import Client

from portal import clock
from portal.sessions.models import Session
from tests.factories import SiteFactory, owner_of

pytestmark = pytest.mark.django_db
ADDRESS = "/compte/session/"
MINUTE, HOUR = dt.timedelta(minutes=1), dt.timedelta(hours=1)


@pytest.fixture
def now():
    with time_machine.travel(clock.now(), tick=False) as now:
        yield now


@pytest.fixture
def browser(now):
    made = Client()
    made.force_login(owner_of(SiteFactory()))
    return made


def test_a_person_reads_what_is_left(browser, now):
    now.shift(10 * MINUTE)
    told = browser.get(ADDRESS).json()
    assert (told["open"], told["seconds"], told["extendable"]) == (True, 20 * 60, True)


def test_nobody_reads_that_there_is_none():
    assert Client().get(ADDRESS).json() == {"open": False}
    assert Client().post(ADDRESS).json() == {"open": False}


def test_prolonging_counts_from_now_even_just_after_a_page(browser, now):
    now.shift(28 * MINUTE)
    assert browser.post(ADDRESS).json()["seconds"] == 30 * 60
    now.shift(dt.timedelta(seconds=5))
    assert browser.post(ADDRESS).json()["seconds"] == 30 * 60


def test_prolonging_comes_too_late_after_the_end(browser, now):
    now.shift(30 * MINUTE)
    assert browser.post(ADDRESS).json() == {"open": False}


def test_near_the_last_instant_asking_prolongs_nothing_and_it_is_said(browser, now):
    Session.objects.update(begun_at=clock.now() - 10 * HOUR + 30 * MINUTE)
    assert browser.get(ADDRESS).json()["extendable"] is False
    now.shift(29 * MINUTE)
    told = browser.post(ADDRESS).json()
    assert (told["seconds"], told["extendable"]) == (60, False)
    page = browser.get("/compte/").content.decode()
    assert 'data-session-extendable="0"' in page
    assert "Une session dure 10 heures au plus" in page


def test_another_person_in_the_same_browser_is_another_and_neither_is_named(browser):
    mine = browser.get(ADDRESS).json()["person"]
    other = owner_of(SiteFactory())
    browser.force_login(other)
    theirs = browser.get(ADDRESS).json()
    assert theirs["person"] != mine
    assert other.email not in json.dumps(theirs)
    assert f'data-session-person="{theirs["person"]}"' in browser.get("/compte/").content.decode()


def test_prolonging_needs_its_token(browser):
    strict = Client(enforce_csrf_checks=True)
    strict.cookies["session"] = browser.cookies["session"].value
    assert strict.post(ADDRESS).status_code == 403
