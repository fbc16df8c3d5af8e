"""What the registry of absences knows, and what a stop makes of it (rule 13)."""

from __future__ import annotations

import datetime as dt

import pytest

from employees import absences
from employees.absences import Absence, AbsenceKind, absences_of
from tests.factories import WorksiteFactory, employee_of
from tests.intemperies.declaring import MONDAY, TUESDAY, address, draft_by, sent_by

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]
JANUARY = (dt.date(2026, 1, 1), dt.date(2026, 1, 31))


def test_the_days_of_a_stop_that_stands_are_absences_and_those_of_a_draft_are_not(site, browser):
    person, other = employee_of(site), employee_of(site)
    draft = draft_by(browser, WorksiteFactory(site=site), person)
    assert absences_of([person.pk, other.pk], *JANUARY) == {}
    sent = sent_by(browser, draft)
    found = absences_of([person.pk, other.pk], *JANUARY)
    assert {key: [one.first for one in each] for key, each in found.items()} == {person.pk: [MONDAY, TUESDAY]}
    browser.post(address(site, "annuler/", sent.pk), {"reason": "Erreur"})
    assert absences_of([person.pk], *JANUARY) == {}


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (AbsenceKind.LEAVE, "en congé"),
        (AbsenceKind.SICKNESS, "en arrêt maladie"),
        (AbsenceKind.WORK_ACCIDENT, "en accident du travail"),
        (AbsenceKind.UNFIT, "inapte"),
    ],
)
def test_rule_13_who_is_known_to_be_away_on_a_day_is_not_declared_for_it(
    site, browser, monkeypatch, kind, said
):
    person = employee_of(site)
    away = Absence(person.pk, TUESDAY, TUESDAY, kind)
    monkeypatch.setattr(absences, "providers", {lambda employees, first, last: [away]: {kind}})
    draft = draft_by(browser, WorksiteFactory(site=site), person)
    page = browser.get(address(site, "controles/", draft.pk)).content.decode()
    assert f"Le 13 janvier 2026, le salarié est {said}" in page
    assert "Le 12 janvier 2026, le salarié" not in page
    assert browser.get(address(site, "envoi/", draft.pk)).status_code == 302
