"""A correction says what it is: of what stands, of what was cancelled meanwhile; to who may read both."""

from __future__ import annotations

import csv
import io

import pytest

from intemperies.models import State, Stoppage
from intemperies.taking import take
from portal.access.levels import Access, College
from portal.journal.models import Entry
from portal.origin import COMMAND
from tests.factories import UserFactory, employee_of
from tests.intemperies.declaring import (
    MONDAY,
    TUESDAY,
    address,
    chosen,
    draft_by,
    lost,
    read,
    sent_by,
    version,
    writer_of,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


@pytest.fixture
def keller(site):
    return employee_of(site, College.ETAM, last_name="KELLER", first_name="Etam")


def correction_of(browser, sent):
    assert browser.post(address(sent.site, "corriger/", sent.pk)).status_code == 302
    return Stoppage.objects.drafts().get(corrects=sent)


def cancelled(browser, sent):
    assert browser.post(address(sent.site, "annuler/", sent.pk), {"reason": "Erreur"}).status_code == 302
    sent.refresh_from_db()
    assert sent.state == State.CANCELLED
    return sent


def only(browser, draft, *employees):
    """The draft, of these employees alone, who lost five hours and seven."""
    people = chosen(*employees) | {"version": version(draft)}
    assert browser.post(address(draft.site, "salaries/", draft.pk), people).status_code == 302
    hours = lost(draft, {MONDAY: "5", TUESDAY: "7"}) | {"version": version(draft)}
    assert browser.post(address(draft.site, "heures/", draft.pk), hours).status_code == 302
    return Stoppage.objects.get(pk=draft.pk)


def told_of(sent):
    return (
        f"Cette déclaration devait corriger {sent.number}, annulée le 20 janvier 2026 :"
        " l’envoyer déclare de nouveau cet arrêt."
    )


# --- what it corrects was cancelled ----------------------------------------------------------------------


def test_while_what_it_corrects_stands_a_correction_says_so(browser, site, worksite, mason):
    sent = sent_by(browser, draft_by(browser, worksite, mason))
    draft = correction_of(browser, sent)
    page = read(browser.get(address(site, "", draft.pk)))
    assert f"Cette déclaration corrigera {sent.number}, qui reste valable jusque-là." in page
    for name in ("", "envoi/"):
        assert "devait corriger" not in read(browser.get(address(site, name, draft.pk)))


def test_the_correction_of_what_was_cancelled_says_that_it_declares_anew(browser, site, worksite, mason):
    sent = sent_by(browser, draft_by(browser, worksite, mason))
    draft = correction_of(browser, sent)
    cancelled(browser, sent)
    for name in ("", "envoi/"):
        page = read(browser.get(address(site, name, draft.pk)))
        assert f'<p class="notice notice-warning">{told_of(sent)}</p>' in page
        assert "jusque-là" not in page
        assert "corrigera" not in page


def test_sent_it_is_a_declaration_that_corrects_nothing(browser, site, worksite, mason):
    sent = sent_by(browser, draft_by(browser, worksite, mason))
    draft = correction_of(browser, sent)
    cancelled(browser, sent)
    anew = sent_by(browser, draft)
    assert (anew.state, anew.corrects) == (State.SENT, None)
    sent.refresh_from_db()
    assert (sent.state, sent.reason) == (State.CANCELLED, "Erreur")
    sentence = Entry.objects.filter(action="stoppage.sent").latest("pk").sentence
    assert anew.number in sentence
    assert "corrige" not in sentence
    browser.get(address(site, ""))  # what each sending was answered is read there
    assert sent.number not in read(browser.get(address(site, "", anew.pk)))
    assert "Corrigée par" not in read(browser.get(address(site, "", sent.pk)))
    batch = take(UserFactory(is_staff=True), COMMAND)
    rows = csv.DictReader(io.StringIO(bytes(batch.content).decode("cp1252")), delimiter=";")
    assert {(row["numero"], row["etat"], row["corrige"]) for row in rows} == {
        (sent.number, "ANNULEE", ""),
        (anew.number, "ENVOYEE", ""),
    }


def test_to_declare_anew_what_was_cancelled_takes_the_right_on_its_own_people_alone(
    browser, site, worksite, mason, keller
):
    sent = sent_by(browser, draft_by(browser, worksite, keller))
    draft = only(browser, correction_of(browser, sent), mason)
    cancelled(browser, sent)
    assert sent_by(writer_of(site, College.OUVRIER), draft).is_sent


def test_what_is_cancelled_with_a_correction_open_says_that_the_draft_stays(browser, site, worksite, mason):
    sent = sent_by(browser, draft_by(browser, worksite, mason))
    assert "correction est commencée" not in read(browser.get(address(site, "annuler/", sent.pk)))
    draft = correction_of(browser, sent)
    for page in (
        browser.get(address(site, "annuler/", sent.pk)),
        browser.post(address(site, "annuler/", sent.pk), {"reason": ""}),
    ):
        told = read(page)
        assert "Une correction est commencée : annuler ne la supprime pas, elle reste un brouillon." in told
        assert address(site, "", draft.pk) in told
    cancelled(browser, sent)
    page = read(browser.get(address(site, "", sent.pk)))
    assert "La correction qui était commencée reste un brouillon" in page
    assert address(site, "", draft.pk) in page


# --- who may read one of the two only --------------------------------------------------------------------


@pytest.mark.parametrize("sending", [False, True])
def test_who_may_not_read_the_correction_is_told_nothing_of_it(
    browser, site, worksite, mason, keller, sending
):
    sent = sent_by(browser, draft_by(browser, worksite, mason, keller))
    draft = only(browser, correction_of(browser, sent), mason)
    correction = sent_by(browser, draft) if sending else draft
    etam = writer_of(site, College.ETAM, level=Access.READ)
    assert etam.get(address(site, "", correction.pk)).status_code == 404
    page = read(etam.get(address(site, "", sent.pk)))
    assert address(site, "", correction.pk) not in page
    assert str(correction) not in page
    assert "voir la correction" not in page
    assert "voir la correction" in read(browser.get(address(site, "", sent.pk)))


def test_who_may_not_read_what_it_corrects_is_told_nothing_of_that(browser, site, worksite, mason, keller):
    sent = sent_by(browser, draft_by(browser, worksite, keller))
    draft = only(browser, correction_of(browser, sent), mason)
    worker = writer_of(site, College.OUVRIER)
    assert worker.get(address(site, "", sent.pk)).status_code == 404
    assert sent.number not in read(worker.get(address(site, "", draft.pk)))
    cancelled(browser, sent)
    for name in ("", "envoi/"):
        page = read(worker.get(address(site, name, draft.pk)))
        assert sent.number not in page
        assert "devait corriger" not in page
        assert told_of(sent) in read(browser.get(address(site, name, draft.pk)))


def test_nor_once_it_is_sent(browser, site, worksite, mason, keller):
    sent = sent_by(browser, draft_by(browser, worksite, keller))
    correction = sent_by(browser, only(browser, correction_of(browser, sent), mason))
    worker = writer_of(site, College.OUVRIER)
    assert sent.number not in read(worker.get(address(site, "", correction.pk)))
    assert f"Cette déclaration corrige {sent.number}." in read(browser.get(address(site, "", correction.pk)))
