"""/composants/ shows every shared part, reads no table, and exists on one's own machine only."""

import re
from pathlib import Path

import pytest
from django.template.engine import Engine

from portal.components.catalogue import FAMILIES
from portal.components.forms import as_typed
from tests.deploy_check import production_environment, run_under_production

TEMPLATES = Path(__file__).parents[2] / "templates"
SHARED = {
    str(path.relative_to(TEMPLATES))
    for folder in ("pages", "forms", "frame")
    for path in (TEMPLATES / folder).rglob("*.html")
}
PAGES = [
    f"/composants/{family.slug}/{example.slug}/".replace("//", "/")
    for family in FAMILIES
    for example in family.examples
]


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/composants/", *PAGES])
def test_each_page_answers_anybody_without_a_query(client, path, django_assert_num_queries):
    with django_assert_num_queries(0):
        page = client.get(path)
    assert page.status_code == 200
    assert re.search(r"<title>[^<]+ – Espace sécurisé</title>", page.content.decode())


def test_every_shared_template_is_shown(client):
    assert "pages/_table.html" in SHARED
    rendered = {template.name for path in PAGES for template in client.get(path).templates}
    assert SHARED - rendered == set(), "show it in portal/components/catalogue.py"


def test_every_component_has_an_address_of_its_own():
    assert len(set(PAGES)) == len(PAGES)
    for family in FAMILIES:
        assert family.examples[0].slug == ""


@pytest.mark.parametrize("path", ["/composants/inconnu/", "/composants/boutons/inconnu/"])
@pytest.mark.django_db
def test_what_is_not_in_the_catalogue_is_not_found(client, path):
    assert client.get(path).status_code == 404


def test_the_ids_of_a_page_are_unique_and_what_refers_to_them_exists(client):
    for path in PAGES:
        html = client.get(path).content.decode()
        ids = re.findall(r'\sid="([^"]+)"', html)
        assert len(ids) == len(set(ids)), path
        for named in re.findall(
            r'\s(?:for|form|aria-describedby|aria-labelledby|aria-controls)="([^"]+)"', html
        ):
            assert set(named.split()) <= set(ids), (path, named)


def test_a_form_that_is_sent_is_checked_and_forgotten(client):
    wrong = client.post("/composants/formulaires/", as_typed(hired_on="demain", mobile="06 12"))
    assert "Le formulaire comporte 2 erreurs" in wrong.content.decode()
    right = client.post("/composants/formulaires/", as_typed())
    assert "Rien n’a été enregistré" in right.content.decode()
    assert "Barthélemy" not in right.content.decode()


def test_the_steps_lead_to_the_confirmation(client):
    path = "/composants/etapes/"
    for number in range(4):
        page = client.post(path, {} if number == 2 else as_typed(), follow=True)
        if number < 3:
            path = page.redirect_chain[-1][0]
    assert path == "/composants/etapes/confirmation/"
    assert page.status_code == 405


def test_the_list_sorts_filters_and_turns_its_pages(client):
    page = client.get("/composants/listes/?tri=-embauche&college=Cadre&state=Sorti&lignes=10")
    rows = page.context["page_obj"].object_list
    assert {(row.college, row.state) for row in rows} == {("Cadre", "Sorti")}
    days = [row.hired_on for row in rows]
    assert days == sorted(days, reverse=True)
    assert 'aria-sort="descending"' in page.content.decode()
    assert "Salariés (page 2 sur 10)" in client.get("/composants/listes/?page=2").content.decode()


def test_nothing_that_a_user_sees_leads_there():
    engine = Engine.get_default()
    for path in TEMPLATES.rglob("*.html"):
        name = str(path.relative_to(TEMPLATES))
        if not name.startswith("components/"):
            assert "components:" not in engine.get_template(name).source, name


def test_production_does_not_know_the_address():
    script = "import django; django.setup(); from django.urls import resolve; resolve('{}')"
    known = run_under_production(["-c", script.format("/connexion/")], production_environment())
    assert known.returncode == 0, known.stderr
    unknown = run_under_production(["-c", script.format("/composants/")], production_environment())
    assert "Resolver404" in unknown.stderr
