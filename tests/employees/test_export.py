"""The list as a file: exactly what is shown, inert, noted in the journal."""

import csv
import datetime as dt
import io

import pytest
from django.test import Client
from openpyxl import load_workbook

from employees import exporting
from portal import clock
from portal.access.levels import College
from portal.journal.models import Entry, Kind
from tests.factories import SiteFactory, employee_of, owner_of
from tests.imports.extract_files import FORMULA

pytestmark = pytest.mark.django_db


@pytest.fixture
def site():
    site = SiteFactory()
    employee_of(site, College.ETAM, last_name="ŒUVRARD", first_name="Zoé", matricule="0042")
    employee_of(site, last_name=FORMULA, first_name="Ali", matricule="0007")
    employee_of(site, last_name="GONE", left_on=dt.date(2026, 1, 31))
    return site


@pytest.fixture
def browser(site):
    browser = Client()
    browser.force_login(owner_of(site))
    return browser


def export(browser, site, **sent):
    return browser.post(f"/sites/{site.cibtp_id}/salaries/exporter/", sent)


def test_a_csv_is_for_a_french_excel(site, browser):
    answer = export(browser, site, format="csv")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    name = f"salaries-{site.cibtp_id}-{clock.today():%Y-%m-%d}.csv"
    assert answer["Content-Disposition"] == f'attachment; filename="{name}"'
    assert answer["Cache-Control"] == "no-store"
    assert answer.content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    assert rows == [
        list(exporting.HEADS),
        [f"'{FORMULA}", "Ali", "Ouvrier", "0007", "N2P1", "018", "02/03/2015", "Présent", ""],
        ["ŒUVRARD", "Zoé", "ETAM", "0042", "N2P1", "018", "02/03/2015", "Présent", ""],
    ]


def test_a_workbook_keeps_days_as_days_and_formulas_as_texts(site, browser):
    answer = export(browser, site, format="xlsx", situation="tous")
    assert answer["Content-Disposition"].endswith('.xlsx"')
    sheet = load_workbook(io.BytesIO(answer.content)).active
    rows = list(sheet.iter_rows())
    assert [cell.value for cell in rows[0]] == list(exporting.HEADS)
    assert (rows[1][0].value, rows[1][0].data_type) == (f"'{FORMULA}", "s")
    gone = next(row for row in rows if row[0].value == "GONE")
    assert (gone[6].value, gone[6].number_format) == (dt.datetime(2015, 3, 2), "dd/mm/yyyy")
    assert gone[8].value == dt.datetime(2026, 1, 31)
    assert sheet.freeze_panes == "A2"


@pytest.mark.parametrize(
    ("sent", "names"),
    [
        ({}, [FORMULA, "ŒUVRARD"]),
        ({"situation": "sortis"}, ["GONE"]),
        ({"college": "etam"}, ["ŒUVRARD"]),
        ({"nom": "zoe"}, ["ŒUVRARD"]),  # of GONE too, who is not present
        ({"tri": "-matricule", "lignes": "10"}, ["ŒUVRARD", FORMULA]),
        ({"nom": "zzz"}, []),
    ],
)
def test_the_file_holds_what_the_list_shows_and_no_nir(site, browser, sent, names):
    shown = browser.post(f"/sites/{site.cibtp_id}/salaries/", sent, follow=True)
    assert [row.last_name for row in shown.context["page_obj"].object_list] == names
    text = export(browser, site, format="csv", **sent).content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text), delimiter=";"))[1:]
    assert [row[0].lstrip("'") for row in rows] == names
    assert not [person.nir for person in site.employees.all() if person.nir in text]


def test_the_journal_says_who_took_how_many_away_and_no_name(site, browser):
    export(browser, site, nom="zoe")
    entry = Entry.objects.get(action="employees.exported")
    assert entry.sentence == "Exporte la liste des salariés\u00a0: 1 salarié présent (Ouvrier, ETAM, Cadre)."
    assert (entry.kind, entry.cibtp_id) == (Kind.COMPANY, site.cibtp_id)
    assert entry.actor_id == site.delegations.get().beneficiary_id
    assert (entry.before, entry.after) == (None, None)


def test_a_list_that_is_too_long_is_not_exported_and_says_what_to_do(site, browser, monkeypatch):
    monkeypatch.setattr(exporting, "MOST", 2)
    assert export(browser, site, format="csv").status_code == 200
    page = browser.post(f"/sites/{site.cibtp_id}/salaries/exporter/", {"situation": "tous"}, follow=True)
    assert "filtrez-la par collège ou par nom" in page.content.decode()
    assert len(page.context["page_obj"].object_list) == 3
    assert Entry.objects.filter(action="employees.exported").count() == 1


def test_the_export_is_only_posted(site, browser):
    assert browser.get(f"/sites/{site.cibtp_id}/salaries/exporter/").status_code == 405
