"""What was sent is cancelled, corrected, duplicated, shown; two people on one draft (product.md 7.4)."""

from __future__ import annotations

import pytest

from intemperies.models import Line, LostHours, State, Stoppage
from portal import clock
from portal.journal.models import Entry
from tests.factories import WorksiteFactory, owner_of
from tests.intemperies.declaring import (
    MONDAY,
    SIGNED,
    TUESDAY,
    address,
    browser_of,
    chosen,
    draft_by,
    lost,
    read,
    sent_by,
    stop,
    version,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


# --- after sending ---------------------------------------------------------------------------------------


def test_what_was_sent_is_cancelled_with_a_reason_and_stays_in_the_list(browser, site, worksite, mason):
    sent = sent_by(browser, draft_by(browser, worksite, mason))
    page = address(site, "annuler/", sent.pk)
    assert browser.post(page, {"reason": "  "}).status_code == 422
    browser.post(page, {"reason": "Mauvais chantier"})
    sent.refresh_from_db()
    assert (sent.state, sent.reason, sent.over_at) == (State.CANCELLED, "Mauvais chantier", clock.now())
    assert "Mauvais chantier" in read(browser.get(address(site, "", sent.pk)))
    assert "Annulée" in read(browser.get(address(site, "")))
    assert Entry.objects.filter(action="stoppage.cancelled", actor_id__isnull=False).count() == 1


def test_a_correction_replaces_what_was_sent_when_it_is_sent_itself(browser, site, worksite, mason):
    first = sent_by(browser, draft_by(browser, worksite, mason))
    begun = browser.post(address(site, "corriger/", first.pk))
    correction = Stoppage.objects.latest("pk")
    assert begun["Location"] == address(site, "arret/", correction.pk)
    assert correction.lines.get().lost_hours.count() == 2
    browser.post(address(site, "corriger/", first.pk))  # a double click
    assert Stoppage.objects.count() == 2
    first.refresh_from_db()
    assert first.is_sent
    sent_by(browser, correction)
    first.refresh_from_db()
    assert (first.state, first.over_by) == (State.REPLACED, "Anaïs Lefèvre")
    assert f"corrige {first.number}" in read(browser.get(address(site, "", correction.pk)))


def test_a_stop_is_duplicated_for_another_worksite_without_its_people(browser, site, worksite, mason):
    sent = sent_by(browser, draft_by(browser, worksite, mason))
    other = WorksiteFactory(site=site, name="Gymnase", trade="SO")
    browser.post(address(site, "dupliquer/", sent.pk), {"worksite": str(other.pk)})
    copy = Stoppage.objects.latest("pk")
    assert (copy.worksite, copy.trade, copy.cause, copy.state) == (other, "SO", "gel", State.DRAFT)
    assert copy.periods.get().begins == sent.periods.get().begins
    assert not copy.lines.exists()


def test_a_draft_is_thrown_away_and_what_was_sent_is_not(browser, site, worksite, mason):
    sent = sent_by(browser, draft_by(browser, worksite, mason))
    browser.post(address(site, "supprimer/", sent.pk))
    assert Stoppage.objects.filter(pk=sent.pk).exists()
    browser.post(address(site, "nouveau/"), stop(WorksiteFactory(site=site)))
    draft = Stoppage.objects.latest("pk")
    browser.post(address(site, "supprimer/", draft.pk))
    assert not Stoppage.objects.filter(pk=draft.pk).exists()


def test_what_was_sent_is_written_no_more(browser, site, worksite, mason):
    sent = sent_by(browser, draft_by(browser, worksite, mason))
    before = list(LostHours.objects.values_list("hours", flat=True))
    for page in ("arret/", "salaries/", "heures/", "controles/", "envoi/"):
        assert browser.get(address(site, page, sent.pk))["Location"] == address(site, "", sent.pk)
    browser.post(address(site, "heures/", sent.pk), {"version": version(sent)})
    assert list(LostHours.objects.values_list("hours", flat=True)) == before


def test_the_months_calendar_shows_each_day_of_a_stop(browser, site, worksite, mason):
    draft_by(browser, worksite, mason)
    page = read(browser.get(address(site, "") + "?mois=2026-01"))
    assert page.count("École Jules-Ferry (brouillon)") == 3
    assert "École Jules-Ferry (brouillon)" not in read(browser.get(address(site, "") + "?mois=2026-02"))
    assert "Janvier 2026" in read(browser.get(address(site, "") + "?mois=zzz"))


def test_a_stop_across_two_months_is_in_both_and_one_that_goes_on_ends_today(browser, site, worksite):
    typed = {"stop_day_0": "30/12/2025", "resume_day_0": "", "resume_time_0": ""}
    browser.post(address(site, "nouveau/"), stop(worksite, **typed))
    days = {
        month: read(browser.get(address(site, "") + f"?mois={month}")).count("(brouillon)")
        for month in ("2025-11", "2025-12", "2026-01", "2026-02")
    }
    assert days == {"2025-11": 0, "2025-12": 2, "2026-01": 20, "2026-02": 0}


# --- two people ------------------------------------------------------------------------------------------


def test_of_two_who_write_one_draft_the_second_is_told_and_loses_nothing(browser, site, worksite, mason):
    draft = draft_by(browser, worksite, mason)
    colleague = browser_of(owner_of(site, first_name="Nadia", last_name="Benali"))
    shown = version(draft)
    colleague.post(address(site, "heures/", draft.pk), lost(draft, {MONDAY: "3"}) | {"version": shown})
    mine = lost(draft, {MONDAY: "5", TUESDAY: "6"})
    answer = browser.post(address(site, "heures/", draft.pk), mine | {"version": shown})
    assert answer.status_code == 409
    page = read(answer)
    assert "Nadia Benali a modifié ce brouillon" in page
    assert 'value="6"' in page
    assert "enregistré : 3" in page
    assert LostHours.objects.get().hours == 3
    browser.post(address(site, "heures/", draft.pk), mine | {"version": version(draft)})
    assert sorted(LostHours.objects.values_list("hours", flat=True)) == [5, 6]


@pytest.mark.parametrize("page", ["arret/", "salaries/"])
def test_so_is_whoever_writes_another_step(browser, site, worksite, mason, page):
    draft = draft_by(browser, worksite, mason)
    shown = version(draft)
    browser.post(address(site, "heures/", draft.pk), lost(draft, {MONDAY: "3"}) | {"version": shown})
    typed = stop(worksite, work="coffrage") if page == "arret/" else chosen(mason, wage="15,00")
    answer = browser.post(address(site, page, draft.pk), typed | {"version": shown})
    assert "a modifié ce brouillon" in read(answer)
    assert ("coffrage" if page == "arret/" else "15,00") in read(answer)
    assert (Stoppage.objects.get().work, Line.objects.get().wage) == ("élévation de murs", 14)


def test_what_changed_since_it_was_read_is_not_sent(browser, site, worksite, mason):
    draft = draft_by(browser, worksite, mason)
    shown = version(draft)
    browser.post(address(site, "heures/", draft.pk), lost(draft, {MONDAY: "3"}) | {"version": shown})
    answer = browser.post(address(site, "envoi/", draft.pk), SIGNED | {"version": shown}, follow=True)
    assert "relisez avant d’envoyer" in read(answer)
    assert Stoppage.objects.get().is_draft
