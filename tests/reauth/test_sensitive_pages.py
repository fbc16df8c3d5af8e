"""What needs a fresh proof: rights given, changed, closed, and lists that leave as files (R37)."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.test import Client
from django.urls import get_resolver

from portal import clock
from portal.access.checks import patterns
from portal.reauth.pages import FreshPage
from tests.access.world import make_world

pytestmark = pytest.mark.django_db
OF_A_SITE = "sites/<cibtp:cibtp_id>/"
# Every address that bears the mark today, with the methods that it takes. A page that gains it is added here.
SENSITIVE = {
    f"{OF_A_SITE}droits/ajouter/": "GET POST",
    f"{OF_A_SITE}droits/cabinet/": "GET POST",
    f"{OF_A_SITE}droits/plusieurs-sites/": "GET POST",
    f"{OF_A_SITE}droits/<int:number>/modifier/": "GET POST",
    f"{OF_A_SITE}droits/<int:number>/fermer/": "GET POST",
    f"{OF_A_SITE}droits/<int:number>/repondre/": "GET POST",
    f"{OF_A_SITE}droits/mes-droits/<int:number>/renoncer/": "GET POST",
    f"{OF_A_SITE}droits/second-facteur/": "GET POST",
    f"{OF_A_SITE}droits/export/": "POST",
    f"{OF_A_SITE}droits/journal/exporter/": "GET",
    f"{OF_A_SITE}salaries/exporter/": "POST",
    f"{OF_A_SITE}intemperies/remboursements/exporter/": "POST",
    "compte/securite/sessions/": "POST",
    "compte/securite/application/": "GET POST",
    "compte/securite/cle/": "GET POST",
    "compte/securite/codes/": "GET POST",
    "compte/mobile/": "GET POST",
}
# Where having just signed in is not enough (product.md 4.1), and staff's, shown with the second factor.
ASKED_AGAIN = {"compte/adresse/", "compte/mot-de-passe/", "compte/contact/"}
SHOWN_ELSEWHERE = {
    "admin/mot-de-passe/",
    "compte/securite/<int:number>/retirer/",
    "admin/second-facteur/",
    "admin/second-facteur/application/",
    "admin/second-facteur/cle/",
    "admin/second-facteur/codes/",
    "admin/second-facteur/<int:number>/retirer/",
    "admin/accounts/user/<path:object_id>/second-facteur/",
}
ASKED = "Confirmer votre identité"


def fresh_pages():
    """Every address whose page bears the mark."""
    return {
        route
        for route, pattern in patterns(get_resolver())
        if issubclass(getattr(pattern.callback, "view_class", object), FreshPage)
    }


def test_every_page_that_bears_the_mark_is_known_and_no_other():
    """R37."""
    assert fresh_pages() == {*SENSITIVE, *ASKED_AGAIN, *SHOWN_ELSEWHERE}


@pytest.mark.parametrize("route", sorted(ASKED_AGAIN))
def test_what_proves_a_person_asks_for_the_password_even_after_a_sign_in(route):
    """R37."""
    browser = make_world().client_of("owner")
    for method in ("GET", "POST"):
        assert ASKED in shown(browser, method, f"/{route}"), method


@pytest.mark.parametrize("route", SENSITIVE)
def test_five_minutes_and_a_second_after_the_sign_in_the_password_is_asked_for(route):
    """R37."""
    with time_machine.travel(clock.now(), tick=False) as now:
        world = make_world()
        address = world.address(route)
        if "mes-droits" in route:
            address = address.replace(str(world.right), str(world.people["owner"].delegations.get().pk))
        browser = world.client_of("owner")
        for method in SENSITIVE[route].split():
            assert ASKED not in shown(browser, method, address), method
        now.shift(dt.timedelta(minutes=5, seconds=1))
        browser = browser_signed_in_before(world, now)
        for method in SENSITIVE[route].split():
            assert ASKED in shown(browser, method, address), method


def browser_signed_in_before(world, now):
    """The owner's browser, whatever the page did to the first one."""
    now.shift(-dt.timedelta(minutes=5, seconds=1))
    browser = Client()
    browser.force_login(world.people["owner"])
    now.shift(dt.timedelta(minutes=5, seconds=1))
    return browser


def shown(browser, method, address):
    """What a method is answered, as far as it is text."""
    answer = browser.generic(method, address)
    return answer.content.decode("utf-8", "replace") if not answer.streaming else ""


def test_the_way_back_from_the_question_is_the_list(client):
    with time_machine.travel(clock.now(), tick=False) as now:
        world = make_world()
        browser = world.client_of("owner")
        now.shift(dt.timedelta(minutes=6))
        site = f"/sites/{world.site.cibtp_id}"
        for page, back in (
            ("droits/ajouter/", "droits/"),
            ("droits/journal/exporter/", "droits/journal/"),
        ):
            assert f'href="{site}/{back}">Annuler' in browser.get(f"{site}/{page}").content.decode()
        for page in ("salaries/", "intemperies/remboursements/"):
            asked = browser.post(f"{site}/{page}exporter/", {"format": "csv"}).content.decode()
            assert f'href="{site}/{page}">Annuler' in asked


def test_a_list_asked_for_too_late_leaves_once_the_password_is_given():
    from tests.factories import PASSWORD

    with time_machine.travel(clock.now(), tick=False) as now:
        world = make_world()
        browser = world.client_of("owner")
        now.shift(dt.timedelta(minutes=6))
        address = f"/sites/{world.site.cibtp_id}/salaries/exporter/"
        assert ASKED in browser.post(address, {"format": "csv"}).content.decode()
        sent = {"format": "csv", "reauth_resumed": "1", "reauth_password": PASSWORD}
        answer = browser.post(address, sent)
        assert answer["Content-Disposition"].startswith("attachment")
        assert "csv" in answer["Content-Disposition"]
