"""Whoever a page leads to add a second factor is told why, and comes back to it (product.md 4.5, R72)."""

from __future__ import annotations

import datetime as dt
from urllib.parse import urlencode

import pytest
import time_machine
from django.test import Client

from tests.factories import PASSWORD, SiteFactory, UserFactory, owner_of
from tests.second_factor.apps import give_password
from tests.second_factor.test_enrolling import APP, CODES, LIST, confirm, offered

pytestmark = pytest.mark.django_db
HOSTILE = ("//e.example/", "https://e.example/", "/\\e.example", "javascript:alert(1)", "/admin/")


@pytest.fixture
def person():
    return owner_of(SiteFactory())


@pytest.fixture
def browser(client, person):
    give_password(client, person)
    return client


def test_whoever_was_led_here_comes_back_once_the_factor_is_added(browser):
    """Through every step: the reason, the key, the confirmed identity, the codes."""
    way, query = "/sites/29209-001-12/?a=1", "?next=%2Fsites%2F29209-001-12%2F%3Fa%3D1"
    page = browser.get(LIST + query).content.decode()
    assert "La page que vous ouvriez demande un second facteur" in page
    assert f'href="{APP}{query}"' in page
    assert f'href="/compte/securite/cle/{query}"' in page
    sealed, seed = offered(browser, APP + query)
    assert f'href="{LIST}{query}"' in confirm(browser, sealed, seed, APP + query, code="12").content.decode()
    assert confirm(browser, sealed, seed, APP + query)["Location"] == CODES + query
    assert f'href="{way}">Plus tard' in browser.get(CODES + query).content.decode()
    assert f'href="{way}">J’ai gardé ces codes' in browser.post(CODES + query).content.decode()
    sealed, seed = offered(browser, APP + query)
    assert confirm(browser, sealed, seed, APP + query, name="Tablette")["Location"] == way


def test_confirming_ones_identity_on_the_way_forgets_nothing(person):
    query = "?next=%2Fsites%2F29209-001-12%2F"
    with time_machine.travel("2026-03-02T12:00:10+01:00", tick=False) as clock:
        browser = Client()
        give_password(browser, person)
        clock.shift(dt.timedelta(minutes=6))
        asked = browser.get(APP + query).content.decode()
        assert f'action="{APP}{query}"' in asked
        assert browser.post(APP + query, {"reauth_password": PASSWORD})["Location"] == APP + query


def test_the_reason_names_the_site_to_who_enters_it_and_to_nobody_else(browser, person):
    mine, other = person.delegations.get().site, SiteFactory(second_factor_required=True)
    page = browser.get(f"{LIST}?next=/sites/{other.cibtp_id}/").content.decode()
    assert other.adherent.company_name not in page
    type(mine).objects.filter(pk=mine.pk).update(second_factor_required=True)
    page = browser.get(f"{LIST}?next=/sites/{mine.cibtp_id}/").content.decode()
    assert f"Le site {mine.cibtp_id}, {mine.adherent.company_name}" in page
    assert "demande un second facteur à tous ceux qui y entrent" in page


@pytest.mark.parametrize("way", HOSTILE)
def test_nobody_is_led_elsewhere(browser, way):
    """R72."""
    page = browser.get(LIST, {"next": way}).content.decode()
    assert "vous reviendrez" not in page
    assert f'href="{APP}"' in page
    address = f"{APP}?{urlencode({'next': way})}"
    sealed, seed = offered(browser, address)
    assert confirm(browser, sealed, seed, address)["Location"] == CODES


def test_who_comes_by_himself_is_told_no_reason(browser):
    assert "vous reviendrez" not in browser.get(LIST).content.decode()


def test_staff_come_back_to_the_page_of_theirs_that_asked():
    staff, browser, own = UserFactory(is_staff=True, is_superuser=True), Client(), "/admin/second-facteur/"
    give_password(browser, staff)
    led = browser.get("/admin/accounts/user/?q=meyer")["Location"]
    query = "?next=%2Fadmin%2Faccounts%2Fuser%2F%3Fq%3Dmeyer"
    assert led == own + query
    assert f'href="{own}application/{query}"' in browser.get(led).content.decode()
    address = f"{own}application/{query}"
    sealed, seed = offered(browser, address)
    assert confirm(browser, sealed, seed, address)["Location"] == f"{own}codes/{query}"
    shown = browser.get(f"{own}codes/{query}").content.decode()
    assert 'href="/admin/accounts/user/?q=meyer">Plus tard' in shown
    assert "vous reviendrez" not in browser.get(f"{own}?next=/sites/").content.decode()
