"""A page asked by a method that it does not take: refused, with a page that says so and the way on."""

import pytest

from tests.factories import SiteFactory, owner_of

pytestmark = pytest.mark.django_db


def test_a_page_that_takes_a_form_only_says_so_and_leads_home(client):
    site = SiteFactory()
    client.force_login(owner_of(site))
    answer = client.get(f"/sites/{site.cibtp_id}/droits/export/")
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert "Cette page ne s’ouvre pas ainsi" in answer.content.decode()
    assert int(answer["Content-Length"]) == len(answer.content)


@pytest.mark.parametrize("path", ["/connexion/", "/admin/", "/zzz/"])
def test_a_method_that_no_page_takes_has_the_same_page(client, path):
    answer = client.put(path)
    assert answer.status_code == 405
    assert answer["Allow"] == "GET, HEAD, OPTIONS, POST"
    assert "Retour à l’accueil" in answer.content.decode()


def test_asked_for_its_heads_only_it_has_no_body(client):
    client.force_login(owner_of(SiteFactory()))
    answer = client.head("/sites/favori/")
    assert (answer.status_code, answer["Allow"], answer.content) == (405, "POST, OPTIONS", b"")
