"""A stop with several collèges: each person sees, writes and sends what he may (product.md 6.5)."""

from __future__ import annotations

import io
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pypdf import PdfReader

from intemperies.models import Line, LostHours, Stoppage
from portal.access.levels import Access, College
from tests.factories import SiteFactory, WorksiteFactory, employee_of, line_of, owner_of, stoppage_of
from tests.intemperies.declaring import (
    MONDAY,
    SIGNED,
    address,
    browser_of,
    chosen,
    draft_by,
    lost,
    sent_by,
    version,
    writer_of,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]
CANARY = "CANARI"
OF_SENT = ("", "recepisse/")
OF_A_DRAFT = ("", "salaries/", "heures/", "controles/")


@pytest.fixture
def people(site):
    worker = employee_of(site, College.OUVRIER, last_name=CANARY, first_name="Ouvrier")
    return worker, employee_of(site, College.ETAM, last_name="KELLER", first_name="Etam")


@pytest.fixture
def draft(site, browser, people):
    made = draft_by(browser, WorksiteFactory(site=site), *people)
    Line.objects.filter(college=College.OUVRIER).update(wage="17.77")
    return made


def read(answer):
    body = answer.content
    if body.startswith(b"%PDF"):
        return "".join(page.extract_text() for page in PdfReader(io.BytesIO(body)).pages)
    return unescape(body.decode())


@pytest.mark.parametrize("level", [Access.READ, Access.WRITE])
def test_who_reads_one_college_finds_nothing_of_another_in_what_was_sent(site, browser, draft, level):
    sent = sent_by(browser, draft)
    person = writer_of(site, College.ETAM, level=level)
    for page in OF_SENT:
        said = read(person.get(address(site, page, sent.pk)))
        assert "KELLER" in said
        assert "ETAM" in said
        assert CANARY not in said
        assert "146,60" not in said  # 11 h × 17,77 € × 75 %
        assert "24" not in said.partition("Heures perdues")[2][:40]  # the hours of both
    whole = read(browser.get(address(site, "", sent.pk)))
    assert CANARY in whole
    assert "146,60" in whole
    listed = read(person.get(address(site, "")))
    assert "12\u00a0h" in listed
    assert "24\u00a0h" not in listed


def test_nor_in_the_steps_of_a_draft(site, draft):
    person = writer_of(site, College.ETAM)
    for page in OF_A_DRAFT:
        said = read(person.get(address(site, page, draft.pk)))
        assert "KELLER" in said
        assert CANARY not in said


def test_he_writes_his_lines_and_leaves_the_others_as_they_are(site, draft, people):
    person, (worker, keller) = writer_of(site, College.ETAM), people
    both = chosen(worker, keller, wage="99,00") | {"version": version(draft)}
    assert person.post(address(site, "salaries/", draft.pk), both).status_code == 302
    assert {str(line.wage) for line in draft.lines.filter(college=College.OUVRIER)} == {"17.77"}
    assert {str(line.wage) for line in draft.lines.filter(college=College.ETAM)} == {"99.00"}
    hours = lost(draft, {MONDAY: "1"}) | {"version": version(draft)}
    assert person.post(address(site, "heures/", draft.pk), hours).status_code == 302
    assert sorted(
        LostHours.objects.filter(line__college=College.OUVRIER).values_list("hours", flat=True)
    ) == [5, 7]
    assert LostHours.objects.get(line__college=College.ETAM).hours == 1


def test_only_who_may_write_all_its_colleges_sends_cancels_or_corrects_it(site, browser, draft):
    person = writer_of(site, College.ETAM)
    assert "une personne qui l’a pour tous doit l’envoyer" in read(
        person.get(address(site, "controles/", draft.pk))
    )
    answer = person.post(address(site, "envoi/", draft.pk), SIGNED | {"version": version(draft)})
    assert answer["Location"] == address(site, "controles/", draft.pk)
    assert person.post(address(site, "supprimer/", draft.pk)).status_code == 403
    sent = sent_by(browser, draft)
    assert person.post(address(site, "annuler/", sent.pk), {"reason": "x"}).status_code == 403
    assert person.post(address(site, "corriger/", sent.pk)).status_code == 403
    both = writer_of(site, College.ETAM, College.OUVRIER)
    assert both.post(address(site, "annuler/", sent.pk), {"reason": "x"}).status_code == 302


def test_what_holds_no_line_of_his_is_not_there_for_him(site, browser, people):
    worker, _ = people
    draft = draft_by(browser, WorksiteFactory(site=site), worker)
    person = writer_of(site, College.CADRE, level=Access.READ)
    for page in ("", "recepisse/"):
        assert person.get(address(site, page, draft.pk)).status_code == 404
    assert "0 déclaration" in read(person.get(address(site, "")))
    assert "(brouillon)" not in read(person.get(address(site, "") + "?mois=2026-01"))
    assert "n’est pas encore envoyé" not in read(person.get(f"/sites/{site.cibtp_id}/"))
    assert "n’est pas encore envoyé" in read(browser.get(f"/sites/{site.cibtp_id}/"))


# --- queries ---------------------------------------------------------------------------------------------


def crowded(site, number):
    """A draft with so many employees, each of whom lost hours on seven days."""
    week = {MONDAY.replace(day=day): 7 for day in range(12, 17)}
    draft = stoppage_of(site)
    for _ in range(number):
        line_of(draft, employee_of(site), week)
    return draft


def asked(browser, url, data=None):
    with CaptureQueriesContext(connection) as queries:
        answer = browser.post(url, data) if data else browser.get(url)
    assert answer.status_code in {200, 302}, url
    return len([q for q in queries if q["sql"].startswith(("SELECT", "INSERT", "UPDATE", "DELETE"))])


@pytest.mark.parametrize("page", ["", "salaries/", "heures/", "controles/"])
def test_a_page_asks_as_much_for_three_employees_as_for_thirty(browser, page):
    counts = []
    for number in (3, 30):
        site = SiteFactory()
        person = browser_of(owner_of(site))
        draft = crowded(site, number)
        url = address(site, page, draft.pk)
        person.get(url)
        counts.append(asked(person, url))
    assert counts[0] == counts[1]
    assert counts[1] <= 12


def test_the_list_asks_as_much_for_one_declaration_as_for_twenty():
    counts = []
    for number in (1, 20):
        site = SiteFactory()
        person = browser_of(owner_of(site))
        for _ in range(number):
            stoppage_of(site, employee_of(site))
        person.get(address(site, ""))
        counts.append(asked(person, address(site, "")))
    assert counts[0] == counts[1]
    assert counts[1] <= 12
    assert Stoppage.objects.count() == 21
