"""Whoever may only read, visits and posts everything, and changes no row of any table (R55, R53)."""

from __future__ import annotations

import hashlib
from html.parser import HTMLParser

import pytest
from django.apps import apps
from django.db import connection

from adherents import profile_changes
from adherents.models import ChangeRequest
from intemperies.models import Stoppage
from portal.access.levels import Access
from portal.origin import COMMAND
from tests.access.world import reader_of, routes

# What a reader changes of his own, and what the doors write for anybody: nothing of any site.
HIS_OWN = {
    "sites/favori/": {"delegations_favouritesite"},
    "deconnexion/": {"portal_session", "journal_entry"},
    "connexion/": set(),
    "compte/session/": {"portal_session"},
    "mot-de-passe/oublie/": {"limits_counter", "messaging_message"},
    "code-confidentiel/nouveau/": {"limits_counter", "journal_entry"},
    "ouverture/": {"limits_counter", "journal_entry"},
    "association/": {"limits_counter", "journal_entry"},
    # A wrong password is counted and written down, as at the sign-in page.
    "compte/adresse/": {"limits_counter", "journal_entry"},
    "compte/mot-de-passe/": {"limits_counter", "journal_entry"},
    "compte/contact/": {"limits_counter", "journal_entry"},
    "sites/<cibtp:cibtp_id>/salaries/exporter/": {"journal_entry"},
    "sites/<cibtp:cibtp_id>/intemperies/remboursements/exporter/": {"journal_entry"},
    # A wrong password where one is asked again.
    "compte/securite/application/": {"limits_counter", "journal_entry", "portal_session"},  # a sentence waits
    "compte/securite/cle/": {"limits_counter", "journal_entry"},
    "compte/securite/codes/": {"limits_counter", "journal_entry", "portal_session"},  # a sentence waits
}
TYPED = {
    "phone": "03 29 11 22 33",
    "email": "marie@exemple.fr",
    "manager_last_name": "KELLER",
    "fax": "",
    "mailing_postal_code": "57000",
    "decision": "accept",
}
ROUTES = [route for route in routes() if not route.startswith("admin/")]
OF_A_SITE = [route for route in ROUTES if route.startswith("sites/<cibtp:cibtp_id>/")]


class Fields(HTMLParser):
    """The names and values of a page's controls."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.values: dict[str, str] = {}
        self.feed(source)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag in {"input", "select", "textarea", "button"} and given.get("name"):
            self.values[given["name"]] = given.get("value") or "x"


def checksums() -> dict[str, str]:
    """A checksum of the rows of each table."""
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}" ORDER BY 1')
            found[table] = hashlib.sha256(repr(cursor.fetchall()).encode()).hexdigest()
    return found


def changed(before: dict[str, str], after: dict[str, str]) -> set[str]:
    """The tables whose rows are not the same."""
    return {table for table in before if before[table] != after[table]}


def forged(world, route) -> dict[str, str]:
    """What the owner's own form would send, and the name of every field that a model has."""
    page = world.client_of("owner").get(world.address(route))
    every = {field.name: "1" for model in apps.get_models() for field in model._meta.get_fields()}
    values = every | Fields(page.content.decode(errors="replace")).values | TYPED
    return values | {"favori": world.site.cibtp_id, "site": world.site.cibtp_id}


def visit_and_post(browser, address, body) -> None:
    """Everything that a person can do at an address."""
    browser.get(address)
    browser.head(address)
    browser.options(address)
    browser.get(address, body)
    browser.post(address)
    browser.post(address, body)


@pytest.fixture
def world(world):
    """The same, where everybody signs in anew: a session writes down each minute that it was used."""
    world.cookies.clear()
    return world


@pytest.mark.parametrize(
    ("route", "state"),
    [*((route, "waiting") for route in ROUTES), *((route, "answered") for route in OF_A_SITE)],
)
def test_a_reader_changes_no_row_of_any_table(world, route, state):
    if state == "answered":  # so that the form of a new request is open to whoever may write
        profile_changes.accept(number=world.number, staff=world.people["superuser"], origin=COMMAND)
    browser, body = world.client_of("reader"), forged(world, route)
    before = checksums()
    visit_and_post(browser, world.address(route), body)
    assert changed(before, checksums()) <= HIS_OWN.get(route, set())


@pytest.mark.parametrize("persona", ["anonymous", "other owner", "staff", "superuser"])
def test_nobody_from_outside_changes_a_row_through_a_sites_pages(world, persona):
    browser = world.client_of(persona)
    for route in OF_A_SITE:
        body = forged(world, route)
        before = checksums()
        visit_and_post(browser, world.address(route), body)
        assert changed(before, checksums()) == set(), route


def test_looking_at_the_admin_changes_no_row(world):
    browser = world.client_of("superuser")
    for route in [route for route in routes() if route.startswith("admin/")]:
        before = checksums()
        browser.get(world.address(route))
        browser.head(world.address(route))
        assert changed(before, checksums()) <= {"portal_session"}, route  # where its sentences wait


def test_whoever_may_write_does_change_rows_by_the_same_visits(world):
    writer = reader_of(world.site, Access.WRITE)
    world.people["writer"] = writer
    browser = world.client_of("writer")
    for route in OF_A_SITE:
        visit_and_post(browser, world.address(route), forged(world, route))
    assert Stoppage.objects.filter(pk=world.stoppage.pk, state="sent").exists()
    made = ChangeRequest.objects.filter(site=world.site).values_list("state", flat=True)
    assert set(made) == {"withdrawn", "waiting"}
