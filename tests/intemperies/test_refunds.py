"""« Mes remboursements »: three figures a campaign, never mixed; the formula; the file that leaves."""

import csv
import datetime as dt
import io
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from intemperies.models import CampaignFigures, RefundState, State, Stoppage
from intemperies.refund_exporting import HEADS
from portal import clock
from portal.access.levels import College
from portal.journal.models import Entry, Kind
from tests.factories import AdherentFactory, SiteFactory, WorksiteFactory, employee_of, owner_of
from tests.intemperies.declaring import address as stops
from tests.intemperies.declaring import chosen, lost, sent_by, stop, version
from tests.intemperies.refunds import address, figures, refund_line, said, sent, signed_in, words

pytestmark = pytest.mark.django_db
NBSP = "\u00a0"
LAST_OF_MARCH, FIRST_OF_APRIL = dt.date(2026, 3, 31), dt.date(2026, 4, 1)


@pytest.fixture
def site():
    return SiteFactory(adherent=AdherentFactory(payroll=Decimal("480600.00")))


@pytest.fixture
def browser(site):
    return signed_in(owner_of(site))


def test_a_site_without_any_refund_says_so_in_words(site, browser):
    page = browser.get(address(site))
    assert "Aucun remboursement n’est connu sur ce site." in words(page)
    assert "Exporter" not in words(page)


def test_estimate_provisional_and_final_stand_side_by_side_and_are_never_added(site, browser):
    sent(site, {College.OUVRIER: "100.00"})
    refund_line(site, "30.00")
    refund_line(site, "7.00", state=RefundState.FINAL)
    page = browser.get(address(site))
    amounts = {"Estimation": f"100,00{NBSP}€", "Provisoire": f"30,00{NBSP}€", "Définitif": f"7,00{NBSP}€"}
    assert figures(page) == {"2025-2026": amounts}
    for mixed in ("130,00", "137,00", "107,00", "37,00"):
        assert mixed not in words(page)


def test_each_figure_adds_up_its_own_kind_alone(site, browser):
    sent(site, {College.OUVRIER: "10.10", College.ETAM: "0.20"})
    sent(site, {College.CADRE: "1.05"})
    refund_line(site, "20.00")
    refund_line(site, "0.50", College.ETAM)
    refund_line(site, "5.00", period=dt.date(2026, 2, 1))
    found = figures(browser.get(address(site)))["2025-2026"]
    assert found["Estimation"] == f"11,35{NBSP}€"
    assert found["Provisoire"] == f"25,50{NBSP}€"
    assert found["Définitif"] == "Pas encore"


def test_the_latest_campaign_comes_first_and_has_its_number(site, browser):
    for year in (2023, 2025, 2024):
        refund_line(site, "10.00", start_year=year, period=dt.date(year + 1, 3, 1))
    page = browser.get(address(site))
    assert [each.years for each in page.context["campaigns"]] == ["2025-2026", "2024-2025", "2023-2024"]
    assert "80e campagne (2025-2026)" in words(page)
    assert page.context["count_text"] == "3 campagnes"


def test_a_declaration_is_of_the_campaign_in_which_its_stop_begins(site, browser):
    """Rule 26."""
    sent(site, {College.OUVRIER: "1.00"}, day=LAST_OF_MARCH)
    sent(site, {College.OUVRIER: "2.00"}, day=FIRST_OF_APRIL)
    found = figures(browser.get(address(site)))
    assert found["2025-2026"]["Estimation"] == f"1,00{NBSP}€"
    assert found["2026-2027"]["Estimation"] == f"2,00{NBSP}€"


def test_a_stop_across_the_31_of_march_is_of_two_campaigns_each_hour_in_its_own(site):
    """Rule 26. 14 €/h: 7 h on each of 30 and 31 March and 1 April, an hour of carence, six at 10 %.

    80th: 385,560/480,600 × (6 × 10.50 × 10 % + 7 × 10.50 × 85 %) = 0.802247 × 68.775 = 55.17 €;
    81st: 384,432/480,600 × (7 × 10.50 × 85 %) = 0.799900 × 62.475 = 49.97 €.
    """
    with time_machine.travel("2026-04-08T12:00:00+02:00", tick=False):
        browser = signed_in(owner_of(site))
        dates = {"stop_day_0": "30/03/2026", "resume_day_0": "02/04/2026"}
        browser.post(stops(site, "nouveau/"), stop(WorksiteFactory(site=site), **dates))
        draft = Stoppage.objects.get()
        person = chosen(employee_of(site)) | {"version": version(draft)}
        browser.post(stops(site, "salaries/", draft.pk), person)
        days = (dt.date(2026, 3, 30), LAST_OF_MARCH, FIRST_OF_APRIL)
        hours = lost(draft, dict.fromkeys(days, "7")) | {"version": version(draft)}
        browser.post(stops(site, "heures/", draft.pk), hours)
        sent_by(browser, draft)
        page = browser.get(address(site))
    found = figures(page)
    assert found["2025-2026"]["Estimation"] == f"55,17{NBSP}€"
    assert found["2026-2027"]["Estimation"] == f"49,97{NBSP}€"
    assert words(page).count("d’après 1 déclaration envoyée") == 2


def test_only_declarations_that_stand_are_estimated(site, browser):
    sent(site, {College.OUVRIER: "1.00"})
    sent(site, {College.OUVRIER: "2.00"}, state=State.CANCELLED, over_at=clock.now())
    sent(site, {College.OUVRIER: "4.00"}, state=State.REPLACED, over_at=clock.now())
    sent(site, {College.OUVRIER: "8.00"}, state=State.DRAFT, number=None, sent_at=None)
    page = browser.get(address(site))
    assert figures(page)["2025-2026"]["Estimation"] == f"1,00{NBSP}€"
    assert "d’après 1 déclaration envoyée" in words(page)


def test_a_line_that_could_not_be_estimated_is_counted_and_not_taken_for_zero(site, browser):
    sent(site, {College.OUVRIER: ""})
    page = browser.get(address(site))
    assert figures(page)["2025-2026"]["Estimation"] == "Aucune"
    assert "d’après 1 déclaration envoyée, 1 ligne sans estimation" in words(page)


def test_an_estimate_of_nothing_is_nought_euros(site, browser):
    sent(site, {College.OUVRIER: "0.00"})
    assert figures(browser.get(address(site)))["2025-2026"]["Estimation"] == f"0,00{NBSP}€"


def test_the_formula_is_said_with_its_figures(site, browser):
    """Rule 21."""
    refund_line(site, "10.00")
    page = words(browser.get(address(site)))
    assert (
        f"80e campagne{NBSP}: (480{NBSP}600,00{NBSP}€ − 95{NBSP}040,00{NBSP}€) / 480{NBSP}600,00{NBSP}€"
        " = 0,802247"
    ) in page
    assert f"85{NBSP}% de celle des suivantes (salaires au-delà de trois abattements)" in page
    assert f"En cas de canicule{NBSP}: × 50{NBSP}%" in page


def test_small_wages_bring_ninety_percent_and_wages_below_the_abattement_nothing(site, browser):
    """Rule 23."""
    refund_line(site, "10.00")
    for payroll, sentence in (
        ("285120.00", f"90{NBSP}% de celle des suivantes (salaires jusqu’à trois abattements)"),
        ("95040.00", "le remboursement est nul"),
    ):
        site.adherent.payroll = Decimal(payroll)
        site.adherent.save()
        assert sentence in words(browser.get(address(site)))


def test_a_figure_that_is_missing_is_named(site, browser):
    refund_line(site, "10.00")
    site.adherent.payroll = None
    site.adherent.save()
    assert "Votre caisse ne connaît pas vos salaires" in words(browser.get(address(site)))
    CampaignFigures.objects.get(start_year=2025).delete()
    assert "Les paramètres de la campagne 2025-2026 ne sont pas saisis." in words(browser.get(address(site)))


def test_the_table_has_a_row_for_each_month_and_college_the_latest_first(site, browser):
    sent(site, {College.ETAM: "3.00"})
    refund_line(site, "1.00", period=dt.date(2026, 2, 1))
    refund_line(site, "2.00", College.ETAM)
    refund_line(site, "2.50", College.ETAM, state=RefundState.FINAL)
    refund_line(site, "4.00")
    (campaign,) = browser.get(address(site)).context["campaigns"]
    assert [
        (period, row.college, row.estimate, row.provisional, row.final) for period, row in campaign.rows
    ] == [
        ("Déclarations envoyées", College.ETAM, Decimal("3.00"), None, None),
        ("03/2026", College.OUVRIER, None, Decimal("4.00"), None),
        ("03/2026", College.ETAM, None, Decimal("2.00"), Decimal("2.50")),
        ("02/2026", College.OUVRIER, None, Decimal("1.00"), None),
    ]


def test_the_queries_are_as_many_for_few_rows_as_for_many(site, browser):
    def queries():
        with CaptureQueriesContext(connection) as found:
            assert browser.get(address(site)).context["campaigns"]
        return len(found)

    sent(site, {College.OUVRIER: "1.00"})
    refund_line(site, "1.00")
    queries()  # the dated figures are read once
    few = queries()
    for year in range(2000, 2025):
        sent(site, {College.OUVRIER: "1.00", College.ETAM: "2.00"}, day=dt.date(year, 5, 9))
        for month in range(4, 13):
            refund_line(site, "1.00", start_year=year, period=dt.date(year, month, 1))
    assert queries() == few <= 12


# --- the file -------------------------------------------------------------------------------------


def export(browser, site, kind="csv"):
    return browser.post(address(site, "exporter/"), {"format": kind})


def test_a_csv_holds_the_rows_of_the_page_each_figure_in_its_column(site, browser):
    sent(site, {College.OUVRIER: "1040.85"})
    refund_line(site, "30.00")
    refund_line(site, "7.50", College.CADRE, state=RefundState.FINAL, start_year=2024)
    answer = export(browser, site)
    name = f"remboursements-{site.cibtp_id}-{clock.today():%Y-%m-%d}.csv"
    assert answer["Content-Disposition"] == f'attachment; filename="{name}"'
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    assert rows == [
        list(HEADS),
        ["2025-2026", "Déclarations envoyées", "Ouvrier", "1040,85", "", ""],
        ["2025-2026", "03/2026", "Ouvrier", "", "30,00", ""],
        ["2024-2025", "03/2026", "Cadre", "", "", "7,50"],
    ]


def test_a_workbook_keeps_amounts_as_numbers(site, browser):
    refund_line(site, "30.25")
    sheet = load_workbook(io.BytesIO(export(browser, site, "xlsx").content)).active
    rows = list(sheet.iter_rows(min_row=2))
    assert [cell.value for cell in rows[0]] == ["2025-2026", "03/2026", "Ouvrier", None, 30.25, None]
    assert rows[0][4].number_format == "#,##0.00"


def test_the_journal_says_who_took_what_away_and_no_amount(site, browser):
    refund_line(site, "30.00")
    export(browser, site)
    entry = Entry.objects.get(action="refunds.exported")
    assert entry.sentence == (
        f"Exporte les remboursements intempéries{NBSP}: 1 campagne (Ouvrier, ETAM, Cadre)."
    )
    assert (entry.kind, entry.cibtp_id) == (Kind.COMPANY, site.cibtp_id)
    assert entry.actor_id == site.delegations.get().beneficiary_id
    assert (entry.before, entry.after) == (None, None)


def test_the_export_is_only_posted(site, browser):
    assert browser.get(address(site, "exporter/")).status_code == 405


def test_what_was_said_when_it_was_sent_is_what_is_read_whatever_the_figures_become(site, browser):
    stoppage = sent(site, {College.OUVRIER: "10.00"})
    CampaignFigures.objects.get(start_year=2025).delete()
    assert figures(browser.get(address(site)))["2025-2026"]["Estimation"] == f"10,00{NBSP}€"
    assert stoppage.said == said({College.OUVRIER: "10.00"})
