"""« Choix de l'adhérent et du site déclarant » (product.md 5.1)."""

import datetime as dt
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.html import escape

from adherents.models import Site
from delegations.choice import sites_of
from delegations.models import Delegation, FavouriteSite
from portal import clock
from portal.access.levels import Access
from portal.folding import Folded, fold
from tests.delegations.rights import READ, invited, words
from tests.factories import (
    AdherentFactory,
    DelegationFactory,
    SiteFactory,
    UserFactory,
    beneficiary_of,
    firm_of,
    owner_of,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(client):
    user = UserFactory()
    client.force_login(user)
    return user


def give(user, *names, **fields):
    sites = [SiteFactory(adherent=AdherentFactory(company_name=name), **fields) for name in names]
    for site in sites:
        DelegationFactory(site=site, beneficiary=user)
    return sites


def shown(response):
    return re.findall(r'name="site" value="([\d-]+)"', response.content.decode())


def test_with_no_site_at_all_the_page_says_why_and_whom_to_ask(client, person):
    page = client.get("/sites/").content.decode()
    assert "Aucun site ne vous est ouvert" in page


def test_with_nothing_yet_the_page_says_what_is_waited_for(client, person):
    coming, unconfirmed = SiteFactory(name="AGENCE DE TROYES"), SiteFactory()
    soon = clock.today() + dt.timedelta(days=3)
    beneficiary_of(coming, READ, beneficiary=person, starts_on=soon)
    firm_of(unconfirmed, READ, beneficiary=person, confirmed_at=None, answer_by=soon)
    with CaptureQueriesContext(connection) as queries:
        page = words(client.get("/sites/"))
    assert f"{coming.adherent.company_name}, AGENCE DE TROYES À venir le {soon:%d/%m/%Y}" in page
    company = unconfirmed.adherent.company_name
    assert f"À confirmer par {company}, au plus tard le {soon:%d/%m/%Y}" in page
    assert "Aucun droit ne vous est donné" not in page
    assert len(queries) <= 6


def test_an_invitation_is_told_to_the_address_that_was_certified_only(client, person):
    site = SiteFactory()
    invited(site, owner_of(site), email=person.email)
    told = f"Invitation envoyée le {clock.today():%d/%m/%Y} à {person.email}"
    assert told in words(client.get("/sites/"))
    type(person).objects.update(email_certified_at=None)
    page = words(client.get("/sites/", follow=True))
    assert "Certifiez de nouveau votre adresse électronique" in page
    assert told not in page
    assert site.cibtp_id not in page


def test_with_one_site_one_goes_straight_to_it(client, person):
    (site,) = give(person, "KELLER")
    assert client.get("/sites/")["Location"] == f"/sites/{site.cibtp_id}/"


def test_only_ones_own_sites_are_listed_by_name(client, person):
    b, a = give(person, "BETA", "ALPHA")
    SiteFactory()
    assert shown(client.get("/sites/")) == [a.cibtp_id, b.cibtp_id]


def test_valider_leads_to_the_chosen_site_and_to_ones_own_only(client, person):
    mine, _ = give(person, "ALPHA", "BETA")
    foreign = SiteFactory()
    assert client.post("/sites/", {"site": mine.cibtp_id})["Location"] == f"/sites/{mine.cibtp_id}/"
    for wrong in (foreign.cibtp_id, "99999-999-99", "", "x"):
        response = client.post("/sites/", {"site": wrong})
        assert response.status_code == 422
        assert "Choisissez un site dans la liste" in response.content.decode()
        assert foreign.adherent.company_name not in response.content.decode()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("keller", ["CHARPENTES KELLER"]),
        ("charp kell", ["CHARPENTES KELLER"]),
        ("toul", ["PERRIN"]),
        ("rien", []),
    ],
)
def test_search_finds_names_and_towns(client, person, text, found):
    give(person, "CHARPENTES KELLER", town="METZ")
    give(person, "PERRIN", town="TOUL")
    page = client.get("/sites/", {"q": text})
    names = [Site.objects.get(cibtp_id=cibtp_id).adherent.company_name for cibtp_id in shown(page)]
    assert names == found


@pytest.mark.parametrize(
    "text",
    ["étanchéité", "ETANCHEITE", "œuvrard", "oeuvrard", "d'arc-vallon", "D’ARC VALLON", "siege", "Mâcon"],
)
def test_search_reads_french_however_it_is_typed(client, person, text):
    (found,) = give(person, "ÉTANCHÉITÉ ŒUVRARD D'ARC-VALLON", town="MÂCON")
    give(person, "BENALI", name="AGENCE", town="TOUL")
    assert shown(client.get("/sites/", {"q": text})) == [found.cibtp_id]


def test_names_are_sorted_as_a_french_reader_looks_for_them(client, person):
    give(person, "ZINGUERIE", "ÉTANCHÉITÉ", "BÉGUIN", "BENALI", "TERRASSEMENT")
    page = client.get("/sites/")
    names = [Site.objects.get(cibtp_id=cibtp_id).adherent.company_name for cibtp_id in shown(page)]
    assert names == ["BÉGUIN", "BENALI", "ÉTANCHÉITÉ", "TERRASSEMENT", "ZINGUERIE"]


@pytest.mark.parametrize("text", ["Éàâç Ñü", "L’Œuvre-Æ", "ÿŸ", "déjà"])
def test_the_database_folds_as_the_program_does(text):
    site = SiteFactory(name=text)
    assert Site.objects.filter(pk=site.pk).values_list(Folded("name"), flat=True).get() == fold(text)


def test_search_finds_identifiers_and_sirets_with_or_without_dashes(client, person):
    one, two = give(person, "ALPHA", "BETA")
    for text in (one.cibtp_id, one.cibtp_id.replace("-", ""), one.cibtp_id[:9], one.siret, one.siret_grouped):
        assert shown(client.get("/sites/", {"q": text})) == [one.cibtp_id], text
    assert two.cibtp_id not in shown(client.get("/sites/", {"q": one.siret}))


def test_a_foreign_site_is_never_found(client, person):
    give(person, "ALPHA", "BETA")
    foreign = SiteFactory(adherent=AdherentFactory(company_name="GAMMA CANARI"))
    for text in ("canari", foreign.cibtp_id, foreign.siret):
        page = client.get("/sites/", {"q": text}).content.decode()
        assert "GAMMA" not in page.replace("canari", "")


def test_sort_follows_the_heads_and_nothing_else(client, person):
    a, b, c = give(person, "ALPHA", "BETA", "GAMMA")
    ids = [site.cibtp_id for site in (a, b, c)]
    assert shown(client.get("/sites/", {"tri": "-raison-sociale"})) == ids[::-1]
    assert shown(client.get("/sites/", {"tri": "identifiant"})) == sorted(ids)
    for forged in ("password", "adherent__siren", "-pk", "'", "_connector"):
        assert shown(client.get("/sites/", {"tri": forged})) == ids


def test_pages_are_of_twenty_five_rows_and_an_unknown_page_is_the_nearest(client, person):
    give(person, *[f"SOCIÉTÉ {n:02}" for n in range(30)])
    assert len(shown(client.get("/sites/"))) == 25
    assert len(shown(client.get("/sites/", {"page": "2"}))) == 5
    assert len(shown(client.get("/sites/", {"page": "99"}))) == 25
    assert len(shown(client.get("/sites/", {"page": "x"}))) == 25
    assert len(shown(client.get("/sites/", {"lignes": "10"}))) == 10
    assert len(shown(client.get("/sites/", {"lignes": "100000"}))) == 25


def test_a_favourite_comes_first_and_gives_no_right(client, person):
    a, b = give(person, "ALPHA", "BETA")
    foreign = SiteFactory()
    client.post("/sites/favori/", {"favori": b.cibtp_id})
    assert shown(client.get("/sites/")) == [b.cibtp_id, a.cibtp_id]
    client.post("/sites/favori/", {"favori": b.cibtp_id})
    assert shown(client.get("/sites/")) == [a.cibtp_id, b.cibtp_id]
    assert client.post("/sites/favori/", {"favori": foreign.cibtp_id}).status_code == 404
    FavouriteSite.objects.create(user=person, site=foreign)
    assert foreign.cibtp_id not in shown(client.get("/sites/"))
    assert client.get(f"/sites/{foreign.cibtp_id}/").status_code == 404


def test_annuler_goes_back_where_one_came_from_if_it_is_ones_own(client, person):
    mine, _ = give(person, "ALPHA", "BETA")
    foreign = SiteFactory()
    assert (
        f'href="/sites/{mine.cibtp_id}/">Annuler'
        in client.get("/sites/", {"retour": mine.cibtp_id}).content.decode()
    )
    assert ">Annuler</a>" not in client.get("/sites/", {"retour": foreign.cibtp_id}).content.decode()


def test_the_number_of_queries_does_not_grow_with_the_sites(client, person, django_assert_num_queries):
    give(person, "A", "B")
    client.get("/sites/")
    with CaptureQueriesContext(connection) as few:
        client.get("/sites/")
    give(person, *[f"S{n}" for n in range(40)])
    with django_assert_num_queries(len(few)):
        client.get("/sites/")
    assert len(few) <= 8


def test_a_site_whose_delegation_ended_is_not_listed(client, person):
    a, b, c = give(person, "ALPHA", "BETA", "GAMMA")
    Delegation.objects.filter(site=b).update(over_at="2026-01-01T00:00Z", outcome="closed")
    assert shown(client.get("/sites/")) == [a.cibtp_id, c.cibtp_id]


@pytest.mark.parametrize(
    "query", ["lignes=²", "lignes=" + "9" * 5000, "q=%00", "page=-1", "page=" + "9" * 400, "tri=%00"]
)
def test_nothing_in_the_address_breaks_the_page(client, person, query):
    give(person, "ALPHA", "BETA")
    assert client.get(f"/sites/?{query}").status_code == 200


@pytest.mark.parametrize("favourite", ["\0", "", "29209-001-12\n", "٢٩٢٠٩-٠٠١-١٢"])
def test_a_favourite_that_is_no_identifier_is_a_404(client, person, favourite):
    assert client.post("/sites/favori/", {"favori": favourite}).status_code == 404


def test_favourites_come_first_over_all_the_pages_and_no_site_is_lost_or_shown_twice(client, person):
    sites = give(person, *[f"SOCIÉTÉ {n:02}" for n in range(24)])
    ids = [site.cibtp_id for site in sites]
    kept = [ids[2], *ids[10:22]]
    for site in Site.objects.filter(cibtp_id__in=kept):
        FavouriteSite.objects.create(user=person, site=site)
    pages = [shown(client.get("/sites/", {"lignes": "10", "page": str(n)})) for n in (1, 2, 3)]
    assert [len(page) for page in pages] == [10, 10, 4]
    assert [cibtp_id for page in pages for cibtp_id in page] == [
        *kept,
        *[cibtp_id for cibtp_id in ids if cibtp_id not in kept],
    ]


def test_a_search_keeps_favourites_first_and_counts_what_it_finds(client, person):
    _, mason, _, other_mason = give(person, "ALPHA", "MAÇON B", "BETA", "MAÇON A")
    FavouriteSite.objects.create(user=person, site=mason)
    response = client.get("/sites/", {"q": "macon"})
    assert shown(response) == [mason.cibtp_id, other_mason.cibtp_id]
    assert "2 sites sur 4" in response.content.decode()


@pytest.mark.parametrize("text", ["{cibtp_id}", "{0} {x!r}", "}{", "<b>&\"'"])
def test_names_are_shown_as_they_are_whatever_they_hold(client, person, text):
    give(person, text, name=text, town=text[::-1])
    give(person, "BETA")
    page = client.get("/sites/").content.decode()
    assert page.count(escape(text)) >= 4
    assert "<b>" not in page


def test_a_site_held_on_both_sides_is_counted_and_listed_once(client, person):
    first, _ = give(person, "ALPHA", "BETA")
    firm_of(first, {("adherents.profile", None): Access.READ}, beneficiary=person)
    response = client.get("/sites/")
    assert len(shown(response)) == 2
    assert "2 sites" in response.content.decode()


@pytest.mark.postgresql
def test_names_come_in_order_from_an_index(person):
    rows = sites_of(person).order_by(Folded("adherent__company_name"), "cibtp_id")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_sort = off")
        cursor.execute("SET LOCAL enable_seqscan = off")
    assert "adherent_by_folded_name" in rows.explain()
