"""The journal as a sheet: the lines of the page, and nothing else (product.md 6.6, R65, R66)."""

import csv
import datetime as dt
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from delegations import journal_export
from portal import clock
from portal.journal.models import Entry, Kind
from portal.origin import Origin
from tests.access.world import reader_of
from tests.factories import SiteFactory, owner_of
from tests.journal.lines import a_line

pytestmark = pytest.mark.django_db
FROM = Origin("web", "203.0.113.77")
HEADS = ["Date et heure", "Genre", "Qui", "Ce qui s’est passé", "Détail"]


@pytest.fixture
def site(client):
    made = SiteFactory()
    client.force_login(owner_of(made))
    return made


def export(client, site, **asked):
    return client.get(f"/sites/{site.cibtp_id}/droits/journal/exporter/", asked)


def as_csv(response):
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response.content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"), newline=""), delimiter=";"))


def as_xlsx(response):
    sheet = load_workbook(io.BytesIO(response.content)).active
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def test_the_sheet_says_what_the_page_says(client, site):
    july = dt.datetime(2026, 7, 14, 22, 5, tzinfo=dt.UTC)
    changed = {
        "before": {"phone": "", "mailing_town": "METZ"},
        "after": {"phone": "", "mailing_town": "NANCY"},
    }
    a_line(at=july, site=site, action="company.x", kind=Kind.COMPANY, actor_name="Zoé", **changed)
    heads, row = as_csv(export(client, site, format="csv"))
    assert heads == HEADS
    assert row == [
        "15/07/2026 00:05:00",
        "Entreprise",
        "Zoé",
        "Une ligne",
        "Ville (adresse postale)\u00a0: METZ → NANCY",
    ]
    heads, row = as_xlsx(export(client, site, format="xlsx"))
    assert heads == HEADS
    assert row[0] == dt.datetime(2026, 7, 15, 0, 5)


@pytest.mark.parametrize("sheet_format", ["csv", "xlsx", "", "pdf"])
def test_the_file_bears_the_site_and_the_day(client, site, sheet_format):
    ending = "xlsx" if sheet_format == "xlsx" else "csv"
    name = f'filename="journal-{site.cibtp_id}-{clock.today():%Y-%m-%d}.{ending}"'
    assert name in export(client, site, format=sheet_format)["Content-Disposition"]


def test_what_the_page_hides_does_not_leave(client, site):
    for other in (SiteFactory(adherent=site.adherent), SiteFactory(), None):
        a_line(site=other, sentence="CANARI", actor_name="CANARI")
    for kind in (Kind.SIGN_IN, Kind.LETTERS, Kind.ACCOUNT):
        a_line(site=site, kind=kind, sentence="CANARI")
    a_line(site=site, origin=FROM)
    text = export(client, site, format="csv").content.decode()
    assert "CANARI" not in text
    assert FROM.address not in text
    assert [row[3] for row in as_xlsx(export(client, site, format="xlsx"))[1:]] == ["Une ligne"]


def test_the_filters_of_the_page_hold_and_its_links_bear_them(client, site):
    for kind, year in ((Kind.RIGHTS, 2025), (Kind.COMPANY, 2025), (Kind.COMPANY, 2026)):
        a_line(site=site, kind=kind, at=dt.datetime(year, 3, 1, tzinfo=dt.UTC), sentence=f"{kind} {year}")
    asked = {"genre": "company", "du": "01/01/2025", "au": "31/12/2025"}
    assert [row[3] for row in as_csv(export(client, site, format="csv", **asked))[1:]] == ["company 2025"]
    page = client.get(f"/sites/{site.cibtp_id}/droits/journal/", asked | {"page": "1", "x": "y"})
    link = 'exporter/?format=csv&amp;genre=company&amp;du=01%2F01%2F2025&amp;au=31%2F12%2F2025"'
    assert link in page.content.decode()


def test_filters_that_cannot_be_read_lead_back_to_the_page_which_says_so(client, site):
    a_line(site=site)
    response = client.get(f"/sites/{site.cibtp_id}/droits/journal/exporter/", {"du": "hier"}, follow=True)
    assert response.redirect_chain == [(f"/sites/{site.cibtp_id}/droits/journal/?du=hier", 302)]
    assert "Écrivez la date" in response.content.decode()


def test_what_people_typed_is_no_formula(client, site):
    a_line(site=site, actor_name="=1+1", sentence="@SUM(A1)", action="rights.x", after={"Rôle": "-2+3"})
    for row in (
        as_csv(export(client, site, format="csv"))[1],
        as_xlsx(export(client, site, format="xlsx"))[1],
    ):
        assert row[2:4] == ["'=1+1", "'@SUM(A1)"]
        assert row[4].startswith("Rôle")


def test_too_many_lines_are_refused_in_words(client, site, monkeypatch):
    monkeypatch.setattr(journal_export, "MOST", 3)
    for _ in range(3):
        a_line(site=site)
    assert len(as_csv(export(client, site, format="csv"))) == 4
    a_line(site=site)
    refused = client.get(f"/sites/{site.cibtp_id}/droits/journal/exporter/", {"genre": "rights"}, follow=True)
    assert refused.redirect_chain[0][0].endswith("/droits/journal/?genre=rights")
    assert "plus de 5\u00a0000 lignes" in refused.content.decode()


def test_as_many_queries_for_many_lines_as_for_one_and_nothing_is_recorded(client, site):
    counts = []
    for _ in range(2):
        a_line(site=site)
        before = Entry.objects.count()
        with CaptureQueriesContext(connection) as queries:
            export(client, site)
        counts.append(len(queries))
        assert Entry.objects.count() == before
    assert counts[0] == counts[1] <= 5


def test_an_empty_journal_offers_no_export(client, site):
    assert "exporter/" not in client.get(f"/sites/{site.cibtp_id}/droits/journal/").content.decode()


def test_only_who_administers_the_site_exports_it(client, site):
    for person, status in ((reader_of(site), 403), (owner_of(SiteFactory()), 404)):
        client.force_login(person)
        assert export(client, site).status_code == status
