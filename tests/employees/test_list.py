"""« Gérer mes salariés »: filters, order, pages, and names that stay out of addresses (R81)."""

import datetime as dt
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from employees.models import CollegePeriod, Contract
from portal import clock
from portal.access.levels import College
from tests.factories import DelegationFactory, EmployeeFactory, SiteFactory, employee_of, owner_of

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
MOST_QUERIES = 10


@pytest.fixture
def site():
    return SiteFactory()


@pytest.fixture
def browser(site):
    browser = Client()
    browser.force_login(owner_of(site))
    return browser


@pytest.fixture
def address(site):
    return f"/sites/{site.cibtp_id}/salaries/"


def names_of(page):
    return [row.name for row in page.context["page_obj"].object_list]


def crowd(site, count):
    """That many people in one collège, written at once."""
    people = EmployeeFactory._meta.model.objects.bulk_create(EmployeeFactory.build_batch(count, site=site))
    hired_on = dt.date(2015, 3, 2)
    Contract.objects.bulk_create(Contract(employee=each, hired_on=hired_on) for each in people)
    CollegePeriod.objects.bulk_create(
        CollegePeriod(employee=each, college=College.OUVRIER, starts_on=hired_on) for each in people
    )


def test_the_present_are_shown_by_name_with_what_is_known_of_them(site, browser, address):
    employee_of(site, College.ETAM, last_name="ŒUVRARD", first_name="Zoé", matricule="0042")
    employee_of(site, last_name="Élan", first_name="Ali")
    employee_of(site, last_name="GONE", left_on=clock.today() - DAY)
    page = browser.get(address)
    assert names_of(page) == ["Élan Ali", "ŒUVRARD Zoé"]
    html = page.content.decode()
    assert '<th scope="row" data-label="Nom et prénom">ŒUVRARD Zoé</th>' in html
    for text in ("0042", "ETAM", "N2P1", "métier 018", "02/03/2015", "Présent", "2 salariés présents"):
        assert text in html


def test_a_situation_follows_the_dates_of_the_contract(site, browser, address):
    today = clock.today()
    for name, hired_on, left_on in (
        ("A", today - 9 * DAY, today - DAY),
        ("B", today - 9 * DAY, today),
        ("C", today + DAY, None),
        ("D", today, None),
    ):
        employee_of(site, last_name=name, hired_on=hired_on, left_on=left_on)
    rows = browser.get(address, {"situation": "tous"}).context["page_obj"].object_list
    assert [row.situation for row in rows] == [
        f"Sorti le {today - DAY:%d/%m/%Y}",
        f"Présent jusqu’au {today:%d/%m/%Y}",
        f"Arrive le {today + DAY:%d/%m/%Y}",
        "Présent",
    ]
    assert [name[0] for name in names_of(browser.get(address))] == ["B", "C", "D"]
    assert [name[0] for name in names_of(browser.get(address, {"situation": "sortis"}))] == ["A"]


def test_somebody_hired_again_is_shown_under_his_latest_contract(site, browser, address):
    employee = employee_of(site, left_on=dt.date(2020, 1, 31))
    Contract.objects.create(employee=employee, classification="N4P1", hired_on=dt.date(2021, 5, 3))
    (row,) = browser.get(address).context["page_obj"].object_list
    assert (row.classification, row.hired_on, row.situation) == ("N4P1", dt.date(2021, 5, 3), "Présent")


def test_a_name_is_found_by_its_words_whatever_accents_and_capitals(site, browser, address):
    employee_of(site, last_name="D'ARC-VALLON", first_name="Françoise")
    employee_of(site, last_name="DARCY", first_name="Paul")
    for text in ("arc vallon", "FRANCOISE d’arc", " vallon  fran "):
        page = browser.post(address, {"nom": text})
        assert names_of(page) == ["D'ARC-VALLON Françoise"]
        assert page.context["count_text"] == "1 salarié présent sur 2"


def test_a_name_never_stands_in_an_address_and_is_not_read_from_one(site, browser, address):
    """R81."""
    for number in range(30):
        employee_of(site, last_name=f"MARTIN{number:02}")
    employee_of(site, last_name="DURAND")
    page = browser.post(address, {"nom": "martin", "lignes": "10", "tri": "-nom", "page": "2"})
    assert names_of(page)[0].startswith("MARTIN19")
    html = page.content.decode()
    assert not re.findall(r'(?:href|action)="[^"]*martin[^"]*"', html, re.IGNORECASE)
    assert '<button type="submit" form="liste-etat" name="page" value="3">' in html
    assert not re.findall(r'href="\?', html)  # what would lose the search
    kept = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', html))
    assert kept | {"csrfmiddlewaretoken": ""} == {
        "csrfmiddlewaretoken": "",
        "nom": "martin",
        "tri": "-nom",
        "lignes": "10",
    }
    assert len(names_of(browser.get(address, {"nom": "durand"}))) == 25


def test_filters_without_a_name_lead_to_an_address_that_says_them(browser, address):
    sent = {"nom": " ", "college": "etam", "situation": "tous", "tri": "-embauche", "lignes": "50"}
    answer = browser.post(address, sent)
    assert answer.status_code == 302
    assert answer["Location"] == f"{address}?college=etam&situation=tous&tri=-embauche&lignes=50"


def test_the_filters_go_along_from_page_to_page_and_from_order_to_order(site, browser, address):
    crowd(site, 60)
    employee_of(site, College.ETAM)
    page = browser.get(address, {"college": "ouvrier", "tri": "matricule", "lignes": "10", "page": "2"})
    html = page.content.decode().replace("&amp;", "&")
    assert 'href="?college=ouvrier&tri=matricule&lignes=10&page=3"' in html
    assert 'href="?college=ouvrier&tri=-matricule&lignes=10"' in html
    assert "<title>Gérer mes salariés (page 2 sur 6)" in html
    assert page.context["count_text"] == "60 salariés présents sur 61"


@pytest.mark.parametrize(
    ("sort", "first"),
    [
        ("nom", "A"),
        ("-nom", "C"),
        ("college", "B"),
        ("-college", "A"),
        ("matricule", "C"),
        ("-matricule", "A"),
        ("embauche", "B"),
        ("-embauche", "C"),
    ],
)
def test_each_head_sorts_both_ways_and_says_so(site, browser, address, sort, first):
    employee_of(site, College.OUVRIER, last_name="A", matricule="3", hired_on=dt.date(2012, 1, 1))
    employee_of(site, College.CADRE, last_name="B", matricule="2", hired_on=dt.date(2011, 1, 1))
    employee_of(site, College.ETAM, last_name="C", matricule="1", hired_on=dt.date(2013, 1, 1))
    page = browser.get(address, {"tri": sort})
    assert names_of(page)[0][0] == first
    direction = "descending" if sort.startswith("-") else "ascending"
    assert page.content.decode().count(f'aria-sort="{direction}"') == 1


@pytest.mark.parametrize(
    "asked",
    [
        {"tri": "nir"},
        {"tri": "site__adherent"},
        {"lignes": "7"},
        {"lignes": "100000"},
        {"page": "999"},
        {"page": "x"},
        {"college": "patron"},
        {"situation": "ailleurs"},
        {"nom": "\0"},
    ],
)
def test_what_is_not_understood_is_as_if_it_had_not_been_asked(site, browser, address, asked):
    employee_of(site)
    assert len(names_of(browser.get(address, asked))) == 1
    assert len(names_of(browser.post(address, asked, follow=True))) == 1


def test_an_empty_site_says_so_and_where_to_turn(browser, address):
    html = browser.get(address).content.decode()
    assert "0 salarié présent" in html
    assert "Aucun salarié n’est connu sur ce site." in html
    assert address.replace("salaries", "contact") in html
    assert "exporter" not in html


def test_a_list_filtered_to_nothing_says_so_and_offers_to_clear(site, browser, address):
    employee_of(site, left_on=clock.today() - DAY)
    page = browser.post(address, {"nom": "zzz", "situation": "tous"}).content.decode()
    assert "Aucune ligne ne correspond aux filtres." in page
    assert f'href="{address}">Effacer les filtres' in page
    assert f'href="{address}?situation=tous">Effacer les filtres' not in page


@pytest.mark.parametrize(("count", "words"), [(1, "Voir le salarié sorti"), (3, "Voir les 3 sortis")])
def test_where_everybody_left_the_list_says_so_and_leads_to_them(site, browser, address, count, words):
    for _ in range(count):
        employee_of(site, left_on=clock.today() - DAY)
    page = browser.get(address).content.decode()
    assert "Aucun salarié présent." in page
    assert f'href="{address}?situation=sortis">{words}' in page
    assert "Aucune ligne ne correspond" not in page


def test_no_nir_is_on_the_page(site, browser, address):
    """R81."""
    employee = employee_of(site)
    html = browser.get(address).content.decode() + browser.post(address, {"nom": "m"}).content.decode()
    assert employee.last_name in html
    assert employee.nir not in html
    assert employee.nir[5:13] not in html


def test_two_sites_in_two_tabs_do_not_mix(site, browser, address):
    other = SiteFactory()
    employee_of(site, last_name="MARTIN-ICI")
    employee_of(other, last_name="MARTIN-AILLEURS")
    DelegationFactory(site=other, beneficiary=site.delegations.get().beneficiary)
    there = f"/sites/{other.cibtp_id}/salaries/"
    assert [name.split()[0] for name in names_of(browser.post(address, {"nom": "ici"}))] == ["MARTIN-ICI"]
    assert [name.split()[0] for name in names_of(browser.get(there))] == ["MARTIN-AILLEURS"]
    assert [name.split()[0] for name in names_of(browser.post(address, {"nom": "martin"}))] == ["MARTIN-ICI"]


@pytest.mark.parametrize("sent", [{}, {"nom": "meyer", "college": "ouvrier", "lignes": "100"}])
def test_the_queries_are_as_many_for_five_hundred_as_for_ten(site, browser, address, sent):
    def queries():
        with CaptureQueriesContext(connection) as found:
            page = browser.post(address, sent, follow=True)
        assert page.context["page_obj"].paginator.count > 1
        return len(found)

    crowd(site, 10)
    few = queries()
    crowd(site, 490)
    assert queries() == few
    with CaptureQueriesContext(connection) as found:
        browser.get(address)
    assert len(found) <= MOST_QUERIES
