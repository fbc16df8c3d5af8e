"""How the caisse is reached, from the right bar of every page (product.md 5.4)."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from tests.factories import PASSWORD, DelegationFactory, SiteFactory, UserFactory, owner_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def site():
    return SiteFactory()


@pytest.fixture
def owner(site):
    return owner_of(site)


@pytest.fixture
def browser(client, owner):
    client.force_login(owner)
    return client


def bar_of(answer):
    """Where the right bar of a page leads."""
    bar = answer.content.decode().partition('<nav class="side-bar"')[2].partition("</nav>")[0]
    return re.findall(r'href="([^"]+)"', bar)


@pytest.mark.parametrize("page", ["/compte/", "/compte/securite/", "/compte/adresse/", "/contact/"])
def test_the_account_has_the_right_bar_too(browser, page):
    assert bar_of(browser.get(page)) == ["/contact/"]


def test_the_choice_of_a_site_and_a_page_that_is_not_found_have_it(browser, owner):
    DelegationFactory(site=SiteFactory(), beneficiary=owner)
    assert bar_of(browser.get("/sites/")) == ["/contact/"]
    assert bar_of(browser.get("/nulle-part/")) == ["/contact/"]


def test_on_a_site_it_leads_to_that_sites_own_page(browser, site):
    home = f"/sites/{site.cibtp_id}/"
    assert bar_of(browser.get(home)) == [f"{home}contact/"]
    assert site.cibtp_id in browser.get(f"{home}contact/").content.decode()


def test_neither_visitors_nor_staff_have_it():
    assert bar_of(Client().get("/connexion/")) == []
    staff = Client()
    staff.force_login(UserFactory(is_staff=True, is_superuser=True))
    assert bar_of(staff.get("/admin/nulle-part/")) == []


def test_the_page_says_how_the_caisse_is_reached_whatever_the_site(browser, settings):
    page = browser.get("/contact/").content.decode()
    assert "l’identifiant CIBTP de votre site" in page
    assert settings.CAISSE.email in page


def test_whoever_has_not_accepted_the_terms_may_ask(client):
    newcomer = owner_of(SiteFactory(), accepts_terms=False)
    client.post("/connexion/", {"email": newcomer.email, "password": PASSWORD})
    assert client.get("/sites/")["Location"].startswith("/conditions-generales/accepter/")
    assert client.get("/contact/").status_code == 200
