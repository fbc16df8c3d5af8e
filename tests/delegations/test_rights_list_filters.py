"""« Gérer les droits d'accès »: the inactive, filters, order and pages of the list (product.md 6.4)."""

import datetime as dt
import re

import pytest
import time_machine

from delegations.models import Outcome
from portal import clock
from tests.delegations.rights import READ, WRITE, invited, names, person_named, rights, rows, words
from tests.factories import UserFactory, beneficiary_of, firm_of, owner_of, passed_on

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def test_who_is_inactive_is_left_out_until_asked_for(client, site, owner):
    now = clock.now()
    over = ((Outcome.REFUSED, "Refus"), (Outcome.CLOSED, "Ferme"), (Outcome.RENOUNCED, "Renonce"))
    for outcome, name in over:
        beneficiary_of(site, READ, beneficiary=person_named(name), over_at=now, outcome=outcome)
    yesterday = clock.today() - DAY
    past = {"starts_on": yesterday, "ends_on": yesterday}
    beneficiary_of(site, READ, beneficiary=person_named("Expire"), **past)
    beneficiary_of(site, READ, beneficiary=person_named("Venir"), starts_on=clock.today() + DAY)
    assert names(client.get(rights(site))) == ["Aubry", "Venir"]
    everybody = client.get(rights(site), {"inactifs": "oui", "lignes": "10"})
    assert names(everybody) == ["Aubry", "Expire", "Ferme", "Refus", "Renonce", "Venir"]
    unticked = client.post(rights(site), {"role": "user"})
    assert unticked["Location"] == rights(site, "?role=user&inactifs=oui")
    ticked = client.post(rights(site), {"role": "user", "sans_inactifs": "oui"})
    assert ticked["Location"] == rights(site, "?role=user")


def test_asking_for_a_status_of_the_inactive_shows_them(client, site, owner):
    beneficiary_of(site, READ, beneficiary=person_named("Ferme"), over_at=clock.now(), outcome=Outcome.CLOSED)
    response = client.get(rights(site), {"statut": "closed"})
    assert names(response) == ["Ferme"]
    assert 'id="sans-inactifs" form="liste-filtres">' in response.content.decode()  # not ticked


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"role": "administrator"}, ["Aubry"]),
        ({"role": "head"}, ["Humbert"]),
        ({"statut": "coming"}, ["Colin"]),
        ({"debut": "01/07/2026"}, ["Colin"]),
        ({"fin": "31/08/2026"}, ["Didier"]),
        ({"role": "user", "statut": "active"}, ["Didier"]),
    ],
)
def test_each_filter_narrows_the_list(client, site, asked, found):
    with time_machine.travel(dt.datetime(2026, 6, 1, 12, tzinfo=dt.UTC)):
        client.force_login(owner_of(site, last_name="Aubry", first_name="Anne"))
        beneficiary_of(site, READ, beneficiary=person_named("Colin"), starts_on=dt.date(2026, 7, 1))
        beneficiary_of(site, READ, beneficiary=person_named("Didier"), ends_on=dt.date(2026, 8, 31))
        firm_of(site, READ, beneficiary=person_named("Humbert"))
        assert names(client.get(rights(site), asked)) == found


def test_the_last_day_filtered_and_sorted_is_the_one_that_shows(client, site):
    today = clock.today()
    firm = firm_of(site, WRITE, ends_on=today + 10 * DAY)
    client.force_login(firm.beneficiary)
    passed_on(firm, READ, beneficiary=person_named("Colin"), ends_on=today + 20 * DAY)
    passed_on(firm, READ, beneficiary=person_named("Didier"), ends_on=today + 5 * DAY)
    shown = f"{today + 10 * DAY:%d/%m/%Y}"
    response = client.get(rights(site), {"fin": shown})
    assert names(response) == ["Colin"]
    assert shown in rows(response)[0]
    assert names(client.get(rights(site), {"tri": "fin"})) == ["Didier", "Colin"]


@pytest.mark.parametrize("typed", ["élo", "ELODIE", "œuvrard élodie", "  Oeuvrard  "])
def test_a_name_is_found_without_accents_and_by_post_only(client, site, owner, typed):
    beneficiary_of(site, READ, beneficiary=UserFactory(last_name="Œuvrard", first_name="Élodie"))
    posted = client.post(rights(site), {"nom": typed, "sans_inactifs": "oui"})
    assert posted.status_code == 200
    (row,) = rows(posted)
    assert "Œuvrard Élodie" in row
    assert len(rows(client.get(rights(site), {"nom": "personne", "courriel": "personne"}))) == 2


def test_a_search_for_a_person_keeps_all_its_ways_out_of_the_address(client, site, owner):
    for place in range(12):
        beneficiary_of(site, READ, beneficiary=person_named(f"Colin{place}", email=f"c{place}@exemple.fr"))
    searches = {"nom": "colin", "courriel": "exemple", "sans_inactifs": "oui", "tri": "-nom", "page": "2"}
    response = client.post(rights(site), searches)
    body = response.content.decode()
    addresses = re.findall(r'(?:href|action)="([^"]*)"', body)
    assert not [address for address in addresses if "colin" in address or "exemple" in address]
    assert '<input type="hidden" name="nom" value="colin">' in body
    assert 'name="page" value="3"' in body
    assert 'aria-sort="descending"' in body
    assert len(rows(response)) == 5


def test_an_invited_person_stands_under_the_address_and_can_be_found_by_it(client, site, owner):
    invited(site, owner, "basile@exemple.fr")
    response = client.get(rights(site))
    assert "En attente" in rows(response)[1]
    assert "Renvoyer l’invitation" in rows(response)[1]
    (row,) = rows(client.post(rights(site), {"courriel": "BASILE@"}))
    assert "basile@exemple.fr" in row


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("", ["Aubry", "Colin", "Didier"]),
        ("-nom", ["Didier", "Colin", "Aubry"]),
        ("role", ["Aubry", "Colin", "Didier"]),
        ("statut", ["Didier", "Aubry", "Colin"]),
        ("debut", ["Colin", "Aubry", "Didier"]),
        ("fin", ["Colin", "Aubry", "Didier"]),
        ("-fin", ["Colin", "Aubry", "Didier"]),
        ("courriel", ["Didier", "Colin", "Aubry"]),
        ("n-importe-quoi", ["Aubry", "Colin", "Didier"]),
    ],
)
def test_each_column_sorts_and_says_so(client, site, sort, order):
    today = clock.today()
    client.force_login(owner_of(site, last_name="Aubry", first_name="Anne", email="z@exemple.fr"))
    early = {"starts_on": today - DAY, "ends_on": today + DAY}
    beneficiary_of(site, READ, beneficiary=person_named("Colin", email="m@exemple.fr"), **early)
    late = {"starts_on": today + DAY}
    beneficiary_of(site, READ, beneficiary=person_named("Didier", email="a@exemple.fr"), **late)
    response = client.get(rights(site), {"tri": sort} if sort else {})
    assert names(response) == order
    direction = "descending" if sort.startswith("-") else "ascending"
    assert response.content.decode().count(f'aria-sort="{direction}"') == 1


def test_five_lines_a_page_unless_more_are_asked_for(client, site, owner):
    for place in range(12):
        beneficiary_of(site, READ, beneficiary=person_named(f"Colin{place:02}"))
    assert len(rows(client.get(rights(site)))) == 5
    second = client.get(rights(site), {"page": "2"})
    assert names(second)[0] == "Colin04"
    assert "(page 2 sur 3)" in second.content.decode().partition("</title>")[0]
    for size, count in (("10", 10), ("25", 13), ("50", 13), ("7", 5), ("5000", 5)):
        assert len(rows(client.get(rights(site), {"lignes": size}))) == count
    for wrong in ("0", "99", "x", "-1"):
        assert names(client.get(rights(site), {"page": wrong}))[0] == "Aubry"


def test_a_day_that_is_none_is_told_beside_its_filter(client, site, owner):
    response = client.get(rights(site), {"debut": "32/13/2026"})
    assert response.status_code == 422
    assert "Écrivez la date sous la forme jj/mm/aaaa" in words(response)
    assert 'value="32/13/2026"' in response.content.decode()


def test_a_worn_address_narrows_nothing(client, site, owner):
    worn = {"role": "roi", "statut": "mort", "tri": "age", "lignes": "0", "cote": "jardin"}
    assert names(client.get(rights(site), worn)) == ["Aubry"]


def test_filtered_to_nothing_says_so_and_offers_to_clear(client, site, owner):
    response = client.get(rights(site), {"role": "user"})
    assert "Aucune ligne ne correspond aux filtres." in words(response)
    assert rights(site, "export/") not in response.content.decode()
    assert f'href="{rights(site)}?"' in response.content.decode()


def test_what_was_closed_shows_sorts_and_answers_by_the_day_it_really_ended(client, site, owner):
    today, later = clock.today(), clock.today() + 30 * DAY
    over = {"over_at": clock.now(), "outcome": Outcome.CLOSED, "ends_on": later}
    beneficiary_of(site, READ, beneficiary=person_named("Colin"), **over)
    beneficiary_of(site, READ, beneficiary=person_named("Didier"), ends_on=today + DAY)
    every = {"inactifs": "oui", "lignes": "50"}
    assert names(client.get(rights(site), every | {"fin": f"{today:%d/%m/%Y}"})) == ["Colin"]
    assert names(client.get(rights(site), every | {"fin": f"{later:%d/%m/%Y}"})) == []
    assert names(client.get(rights(site), every | {"tri": "fin"})) == ["Colin", "Didier", "Aubry"]
    (row,) = [row for row in rows(client.get(rights(site), every)) if "Colin" in row]
    assert f"{today:%d/%m/%Y} {today:%d/%m/%Y}" in row


def test_filtered_to_nothing_there_is_nothing_to_export(client, site, owner):
    assert "droits/export/" in client.get(rights(site)).content.decode()
    assert "droits/export/" not in client.get(rights(site) + "?role=user").content.decode()
    searched = client.post(rights(site), {"nom": "introuvable"})
    assert "droits/export/" not in searched.content.decode()
