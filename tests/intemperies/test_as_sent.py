"""A worksite that changes, or moves, after a declaration was sent rewrites nothing of what was sent."""

from __future__ import annotations

import csv
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pypdf import PdfReader

from intemperies.models import Worksite
from intemperies.taken_file import HEADS
from intemperies.taking import take
from portal.journal.models import Entry
from portal.origin import COMMAND
from tests.factories import UserFactory, WorksiteFactory
from tests.intemperies.declared import declared
from tests.intemperies.declaring import SIGNED, address, browser_of, draft_by, read, sent_by

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]

NEW = "Piscine"
CHANGED = {
    "name": NEW,
    "address": "9 quai Kléber",
    "postal_code": "67000",
    "town": "STRASBOURG",
    "departement": "67",
    "altitude": 140,
    "activity": "étanchéité",
    "public_works": False,
}

AS_SENT = (
    "École Jules-Ferry (NANCY)",
    "3 rue du Moulin, 54000 NANCY",
    "1200 m",
    "charpente",
    "Marché public",
)


@pytest.fixture
def worksite(site):
    return WorksiteFactory(
        site=site, name="École Jules-Ferry", altitude=1200, activity="charpente", public_works=True
    )


@pytest.fixture
def sent(browser, worksite, mason):
    """Sent, before the worksite is renamed and moves."""
    draft = draft_by(browser, worksite, mason)
    signed = SIGNED | {"project_manager": "Luc Noël", "version": str(draft.version)}
    assert browser.post(address(draft.site, "envoi/", draft.pk), signed).status_code == 302
    Worksite.objects.filter(pk=worksite.pk).update(**CHANGED)
    draft.refresh_from_db()
    return draft


def text_of(pdf):
    pages = PdfReader(io.BytesIO(pdf.content)).pages
    text = " ".join(page.extract_text() for page in pages)
    return " ".join(text.replace("\u00a0", " ").replace("\u202f", " ").split())


def staff_browser():
    return browser_of(UserFactory(is_staff=True, is_superuser=True))


def test_its_page_says_where_it_was_sent_from(browser, site, sent):
    page = read(browser.get(address(site, "", sent.pk)))
    facts = page.partition("Ce qui est déclaré")[2]
    assert "École Jules-Ferry (NANCY), gel" in page
    for told in AS_SENT:
        assert told in facts, told
    for changed in (NEW, "Kléber", "STRASBOURG", "140 m", "étanchéité"):
        assert changed not in page, changed


def test_so_does_its_receipt(browser, site, sent):
    text = text_of(browser.get(address(site, "recepisse/", sent.pk)))
    for told in AS_SENT:
        assert told in text, told
    assert NEW not in text


def test_so_does_the_back_offices_file(sent):
    assert HEADS[HEADS.index("departement") + 1] == "altitude"
    batch = take(UserFactory(is_staff=True), COMMAND)
    row = next(csv.DictReader(io.StringIO(bytes(batch.content).decode("cp1252")), delimiter=";"))
    told = {
        "chantier": "École Jules-Ferry", "adresse": "3 rue du Moulin", "code_postal": "54000",
        "ville": "NANCY", "departement": "54", "altitude": "1200", "activite": "charpente",
        "marche_public": "O", "maitre_oeuvre": "Luc Noël",
    }  # fmt: skip
    assert {name: row[name] for name in told} == told


def test_so_do_staffs_pages(sent):
    staff = staff_browser()
    page = read(staff.get(reverse("admin:intemperies_stoppage_change", args=[sent.pk])))
    for told in ("École Jules-Ferry (NANCY)", "3 rue du Moulin, 54000 NANCY", "1200 m", "charpente"):
        assert told in page, told
    rows = read(staff.get(reverse("admin:intemperies_stoppage_changelist")))
    assert "École Jules-Ferry (NANCY)" in rows
    assert NEW not in page + rows


def test_so_do_the_list_and_the_calendar(browser, site, sent):
    page = read(browser.get(address(site, "") + "?mois=2026-01"))
    assert page.count("École Jules-Ferry") == 4  # its row, and three days
    assert NEW not in page


@pytest.mark.parametrize("page", ["annuler/", "dupliquer/"])
def test_so_does_what_is_asked_of_it(browser, site, sent, page):
    asked = read(browser.get(address(site, page, sent.pk)))
    assert "École Jules-Ferry (NANCY)" in asked
    assert NEW not in asked


def test_the_journal_cancels_it_under_the_name_it_was_sent_with(browser, site, sent):
    browser.post(address(site, "annuler/", sent.pk), {"reason": "Erreur"})
    assert "(École Jules-Ferry)" in Entry.objects.get(action="stoppage.cancelled").sentence


def test_once_cancelled_or_replaced_it_still_does(browser, site, sent):
    browser.post(address(site, "annuler/", sent.pk), {"reason": "Erreur"})
    page = read(browser.get(address(site, "", sent.pk)))
    assert "3 rue du Moulin, 54000 NANCY" in page
    assert NEW not in page


def test_a_draft_says_what_the_worksite_is_now(browser, site, worksite, mason):
    draft = draft_by(browser, worksite, mason)
    Worksite.objects.filter(pk=worksite.pk).update(**CHANGED)
    for page in ("", "controles/"):
        assert NEW in read(browser.get(address(site, page, draft.pk)))
    page = read(browser.get(address(site, "", draft.pk)))
    assert "9 quai Kléber, 67000 STRASBOURG" in page
    assert "140 m" in page
    assert "Marché public" not in page
    assert NEW in read(browser.get(address(site, "")))


def test_what_is_not_known_of_a_worksite_is_not_shown(browser, site, mason):
    plain = WorksiteFactory(site=site)
    page = read(browser.get(address(site, "", draft_by(browser, plain, mason).pk)))
    for absent in ("Altitude", "Activité", "Marché public"):
        assert absent not in page, absent


def test_one_sent_before_places_were_kept_reads_its_worksite(browser, site, sent):
    sent.said.pop("worksite")
    sent.save(update_fields=["said"])
    assert "9 quai Kléber, 67000 STRASBOURG" in read(browser.get(address(site, "", sent.pk)))
    assert NEW in read(browser.get(address(site, "")))


def test_a_correction_says_where_the_worksite_is_when_it_is_sent_itself(browser, site, sent):
    browser.post(address(site, "corriger/", sent.pk))
    correction = sent_by(browser, sent.corrections.get())
    assert NEW in read(browser.get(address(site, "", correction.pk)))
    assert NEW not in read(browser.get(address(site, "", sent.pk)))


def test_no_page_asks_more_for_many_of_them_than_for_one(browser, site):
    pages = [
        (browser, address(site, "")),
        (staff_browser(), reverse("admin:intemperies_stoppage_changelist")),
    ]
    counts = []
    for name in ("Un", "Deux", "Trois", "Quatre"):
        declared(site, name=name)  # kept without its place: it reads its worksite
        counts.append([asked(person, page) for person, page in pages])
    assert counts[1] == counts[-1]


def asked(browser, page):
    browser.get(page)
    with CaptureQueriesContext(connection) as queries:
        assert browser.get(page).status_code == 200
    return len(queries)
