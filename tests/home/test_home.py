"""Home: what waits first, then tiles by use (product.md 5.3)."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.access.levels import Rule
from portal.home import registry
from portal.home.registry import Entry, Menu, Waiting
from portal.home.uses import uses
from tests.factories import SiteFactory, owner_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def home(client):
    site = SiteFactory()
    client.force_login(owner_of(site))
    return f"/sites/{site.cibtp_id}/"


def an_entry(name, **changes):
    values = {"label": name, "url_name": "adherents:profile", "rule": Rule.MEMBER, "icon": "star"}
    return Entry(name=name, **(values | changes))


def tiles_of(page):
    return [part.split("</span>")[0] for part in page.split('<span class="tile-label">')[1:]]


def test_home_greets_in_the_words_of_the_guide(client, home):
    page = client.get(home).content.decode().replace("&nbsp;", "\u00a0")
    assert "Bienvenue sur votre espace sécurisé\u00a0!" in page
    assert "Pour commencer, accédez directement à vos actions courantes\u00a0:" in page


def test_the_tiles_one_uses_most_come_first_and_evolve(client, home, monkeypatch):
    fresh = registry.Registry()
    for entry in (an_entry("alpha"), an_entry("adherents.profile"), an_entry("aide", always=True)):
        fresh.add(entry)
    monkeypatch.setattr(registry, "tiles", fresh)
    assert tiles_of(client.get(home).content.decode()) == ["alpha", "adherents.profile", "aide"]
    client.get(home + "adherent/informations/")
    assert tiles_of(client.get(home).content.decode()) == ["adherents.profile", "alpha", "aide"]


def test_uses_of_one_site_do_not_count_on_another(client, home):
    client.get(home + "adherent/informations/")

    class Request:
        user, site = owner_of(SiteFactory()), SiteFactory()

    assert uses(Request()) == {}


def test_what_waits_comes_with_the_most_urgent_first(client, home, monkeypatch):
    late, soon = dt.date(2026, 12, 24), dt.date(2026, 12, 1)
    monkeypatch.setattr(
        registry,
        "waiting_providers",
        [lambda request: [Waiting("Un document à lire", "/a/"), Waiting("Tard", "/b/", late)],
         lambda request: [Waiting("Tôt", "/c/", soon)]],
    )  # fmt: skip
    page = client.get(home).content.decode()
    assert page.index("Tôt") < page.index("Tard") < page.index("Un document à lire")
    assert "01/12/2026" in page


def test_a_menu_without_an_entry_one_may_open_is_not_shown(client, home):
    page = client.get(home).content.decode()
    assert Menu.COMPANY.value in page
    assert Menu.DOCUMENTS.value not in page


def test_opening_a_page_writes_no_table_but_the_session(client, home):
    with CaptureQueriesContext(connection) as queries:
        client.get(home + "adherent/informations/")
        client.get(home)
    written = [query["sql"] for query in queries if not query["sql"].startswith("SELECT")]
    assert written == []
