"""What others were told is theirs: what is corrected or declared after them takes what is left."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from employees.models import Contract
from intemperies.models import Stoppage
from intemperies.sending import assessed
from tests.factories import WorksiteFactory, employee_of
from tests.intemperies.declaring import (
    MONDAY,
    TUESDAY,
    address,
    chosen,
    draft_by,
    lost,
    read,
    sent_by,
    stop,
    version,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]
THURSDAY = {"stop_day_0": "15/01/2026", "resume_day_0": "16/01/2026", "resume_time_0": "18 h"}


def declared(browser, worksite, person, hours, **dates):
    """A draft of these hours by day."""
    site = worksite.site
    browser.post(address(site, "nouveau/"), stop(worksite, **dates))
    draft = Stoppage.objects.latest("pk")
    browser.post(address(site, "salaries/", draft.pk), chosen(person) | {"version": version(draft)})
    typed = lost(draft, hours) | {"version": version(draft)}
    assert browser.post(address(site, "heures/", draft.pk), typed).status_code == 302
    return Stoppage.objects.get(pk=draft.pk)


def paid(draft):
    """The hours that its only line would be paid now."""
    return assessed(draft).lines[0].allowance.paid_hours


@pytest.fixture
def both(browser, site, worksite, mason):
    """Five hours on Monday, four of them paid; then five on Thursday elsewhere, all paid: both sent."""
    first = sent_by(browser, declared(browser, worksite, mason, {MONDAY: "5"}))
    thursday = {dt.date(2026, 1, 15): "5"}
    second = sent_by(browser, declared(browser, WorksiteFactory(site=site), mason, thursday, **THURSDAY))
    assert [each.said["lines"][str(each.lines.get().pk)]["paid_hours"] for each in (first, second)] == [
        "4.00",
        "5.00",
    ]
    return first, second


def test_rule_18_a_correction_bears_the_carence_that_what_it_corrects_bore(browser, site, both):
    browser.post(address(site, "corriger/", both[0].pk))
    assert paid(Stoppage.objects.latest("pk")) == 4


def test_rule_18_what_is_declared_after_a_cancellation_bears_the_carence_that_is_left(
    browser, site, mason, both
):
    browser.post(address(site, "annuler/", both[0].pk), {"reason": "Erreur"})
    assert paid(declared(browser, WorksiteFactory(site=site), mason, {MONDAY: "5"})) == 4


def test_rule_15_a_correction_takes_what_the_others_leave_of_the_week(browser, site, worksite, mason):
    """An hour on Monday, unpaid; 45 from Tuesday to Saturday, all paid: none is left for Monday."""
    first = sent_by(browser, declared(browser, worksite, mason, {MONDAY: "1"}))
    week = {"stop_day_0": "13/01/2026", "resume_day_0": "17/01/2026", "resume_time_0": "23 h"}
    five = {MONDAY + dt.timedelta(days=rank): "9" for rank in range(1, 6)}
    sent_by(
        browser, declared(browser, WorksiteFactory(site=site), mason, five, **(week | {"stop_time_0": "0 h"}))
    )
    browser.post(address(site, "corriger/", first.pk))
    correction = Stoppage.objects.latest("pk")
    nine = lost(correction, {MONDAY: "9"}) | {"version": version(correction)}
    browser.post(address(site, "heures/", correction.pk), nine)
    assert paid(correction) == 0


@pytest.mark.parametrize("matricules", [1, 2])
def test_rule_14_one_person_under_two_matricules_is_one_person(browser, site, worksite, mason, matricules):
    other = mason if matricules == 1 else employee_of(site, nir=mason.nir)
    sent_by(browser, declared(browser, worksite, mason, {MONDAY: "5"}))
    assert paid(declared(browser, WorksiteFactory(site=site), other, {TUESDAY: "4"})) == 4


def test_rule_14_one_person_is_not_twice_on_a_declaration(browser, site, worksite, mason):
    twin = employee_of(site, nir=mason.nir)
    draft = draft_by(browser, worksite, mason, twin)
    assert "Cette personne figure deux fois" in read(browser.get(address(site, "controles/", draft.pk)))
    assert browser.get(address(site, "envoi/", draft.pk)).status_code == 302


def test_rule_11_the_days_of_the_year_that_began_meanwhile_are_those_of_the_file(browser, site, worksite):
    """55 days in 2026 already: what was lost in December is paid, and nothing of January."""
    person = employee_of(site, bad_weather_days=55)
    hours = {dt.date(2025, 12, 31): "5", dt.date(2026, 1, 1): "7"}
    dates = {"stop_day_0": "31/12/2025", "resume_day_0": "02/01/2026"}
    assert paid(declared(browser, worksite, person, hours, **dates)) == 4


def test_rule_6_a_correction_for_another_worksite_is_not_in_time_by_what_it_corrects(
    browser, site, worksite, mason, both
):
    browser.post(address(site, "corriger/", both[0].pk))
    correction = Stoppage.objects.latest("pk")
    assert "a été envoyée dans les délais" in read(browser.get(address(site, "controles/", correction.pk)))
    moved = stop(WorksiteFactory(site=site), version=version(correction))
    browser.post(address(site, "arret/", correction.pk), moved)
    page = read(browser.get(address(site, "controles/", correction.pk)))
    assert "a été envoyée dans les délais" not in page
    assert "À envoyer au plus tard le 14 février 2026" in page


def test_the_wage_is_that_of_the_eve_whatever_the_raise_during_the_stop(browser, site, worksite):
    """1.3: 14 € until 12/01/2026, 20 € from 13/01/2026."""
    person = employee_of(site, left_on=MONDAY)
    person.contracts.update(hourly_rate=Decimal(14))
    Contract.objects.create(employee=person, hired_on=TUESDAY, hourly_rate=Decimal(20))
    browser.post(address(site, "nouveau/"), stop(worksite))
    page = read(browser.get(address(site, "salaries/", Stoppage.objects.get().pk)))
    assert 'value="14,00"' in page
    assert 'value="20,00"' not in page


def test_who_is_on_it_and_is_offered_no_more_is_not_taken_off_unseen(browser, site, worksite, mason):
    leaver = employee_of(site)
    draft = draft_by(browser, worksite, mason, leaver)
    leaver.contracts.update(left_on=dt.date(2025, 12, 31))
    page = read(browser.get(address(site, "salaries/", draft.pk)))
    assert f'name="e_{leaver.pk}"' in page
    people = chosen(mason, leaver) | {"version": version(draft)}
    browser.post(address(site, "salaries/", draft.pk), people)
    assert draft.lines.count() == 2
    assert "rien n’est perdu après" in read(browser.get(address(site, "controles/", draft.pk)))


@pytest.mark.parametrize(("begins", "resumes"), [("2 h 30", "3 h"), ("2 h 45", "3 h 15")])
def test_a_stop_in_the_hour_that_the_clock_skips_is_refused_or_kept(browser, site, worksite, begins, resumes):
    dates = {"stop_day_0": "30/03/2025", "resume_day_0": "30/03/2025"}
    times = {"stop_time_0": begins, "resume_time_0": resumes}
    answer = browser.post(address(site, "nouveau/"), stop(worksite, **dates, **times))
    assert answer.status_code in (302, 422)
