"""What the file says of an employee at a stop, before the declarant states anything else."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal

import pytest

from employees.models import Contract
from intemperies.models import State, Stoppage
from portal import clock
from tests.factories import employee_of, stoppage_of
from tests.intemperies.declaring import (
    MONDAY,
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
SENT_ON = dt.datetime(2026, 1, 19, 9, tzinfo=dt.UTC)


def proposed(browser, site, worksite, person, field, **dates):
    """What the field of that employee holds when step 2 is first shown."""
    browser.post(address(site, "nouveau/"), stop(worksite, **dates))
    page = read(browser.get(address(site, "salaries/", Stoppage.objects.latest("pk").pk)))
    found = re.search(rf'name="{field}_{person.pk}"[^>]*? value="([^"]*)"', page)
    return found[1]


@pytest.mark.parametrize(
    ("hired_on", "days"),
    [
        (dt.date(2015, 3, 2), "12"),
        (dt.date(2026, 1, 1), "12"),
        (dt.date(2026, 1, 5), ""),  # he had other employers: it is asked for
    ],
)
def test_rule_12_the_days_of_the_file_are_proposed_but_of_a_newcomer(browser, site, worksite, hired_on, days):
    person = employee_of(site, hired_on=hired_on, bad_weather_days=12)
    assert proposed(browser, site, worksite, person, "d") == days


def test_rule_12_a_newcomer_whose_days_are_left_empty_is_not_declared(browser, site, worksite):
    draft = draft_by(browser, worksite, employee_of(site, hired_on=dt.date(2026, 1, 5)))
    typed = chosen(draft.lines.get().employee, days="") | {"version": version(draft)}
    browser.post(address(site, "salaries/", draft.pk), typed)
    page = read(browser.get(address(site, "controles/", draft.pk)))
    assert "indiquez les jours déjà indemnisés depuis le 1er janvier" in page
    assert browser.get(address(site, "envoi/", draft.pk)).status_code == 302


def test_rule_11_the_days_of_the_file_are_of_this_year_alone(browser, site, worksite):
    person = employee_of(site, bad_weather_days=12)
    dates = {"stop_day_0": "29/12/2025", "resume_day_0": "31/12/2025"}
    assert proposed(browser, site, worksite, person, "d", **dates) == ""


@pytest.mark.parametrize(("taken", "days"), [(True, "10"), (False, "12")])
def test_rule_11_what_the_back_office_took_is_in_its_own_count(browser, site, worksite, taken, days):
    """Two days were declared here: when it took them, the 12 of its file hold them, and 10 are others."""
    person = employee_of(site, bad_weather_days=12)
    fields = {"taken_at": SENT_ON, "taken_state": State.SENT} if taken else {}
    week_before = [(clock.at(dt.date(2026, 1, 5), dt.time(8)), clock.at(dt.date(2026, 1, 7), dt.time(8)))]
    hours = {dt.date(2026, 1, day): Decimal(7) for day in (5, 6)}
    stoppage_of(
        site, person, hours=hours, periods=week_before, state=State.SENT, sent_at=SENT_ON, number="INT-1",
        **fields,
    )  # fmt: skip
    assert proposed(browser, site, worksite, person, "d") == days


def test_who_came_back_is_declared_by_the_contract_that_he_had_then(browser, site, worksite):
    """Until 16/01/2026 at 13,50 €, then again from 19/01/2026 at 15,00 €."""
    person = employee_of(site, hired_on=dt.date(2025, 10, 1), left_on=dt.date(2026, 1, 16))
    person.contracts.update(hourly_rate=Decimal("13.50"))
    Contract.objects.create(employee=person, hired_on=dt.date(2026, 1, 19), hourly_rate=Decimal(15))
    assert proposed(browser, site, worksite, person, "w") == "13,50"
    draft = Stoppage.objects.get()
    browser.post(address(site, "salaries/", draft.pk), chosen(person) | {"version": version(draft)})
    browser.post(address(site, "heures/", draft.pk), lost(draft, {MONDAY: "7"}) | {"version": version(draft)})
    sent_by(browser, draft)


def test_who_had_left_before_the_stop_is_not_declared_for_it(browser, site, worksite):
    person = employee_of(site, left_on=MONDAY)
    draft = draft_by(browser, worksite, person)
    page = read(browser.get(address(site, "controles/", draft.pk)))
    assert "Sorti le 12/01/2026 : rien n’est perdu après." in page


def test_rule_6_what_corrects_a_declaration_sent_in_time_is_in_time(
    browser, site, worksite, mason, owner, now
):
    sent = sent_by(browser, draft_by(browser, worksite, mason))
    now.move_to("2026-03-15T12:00:00+01:00")
    browser = browser_of(owner)
    browser.post(address(site, "corriger/", sent.pk))
    correction = Stoppage.objects.latest("pk")
    page = read(browser.get(address(site, "controles/", correction.pk)))
    assert "La déclaration que celle-ci corrige a été envoyée dans les délais, le 20 janvier 2026." in page
    assert "forclusion" not in page
    assert not sent_by(browser, correction).out_of_time


def test_rule_6_what_corrects_a_declaration_sent_too_late_is_late(site, worksite, mason, owner, now):
    now.move_to("2026-03-14T12:00:00+01:00")
    browser = browser_of(owner)
    sent = sent_by(browser, draft_by(browser, worksite, mason))
    browser.post(address(site, "corriger/", sent.pk))
    assert sent_by(browser, Stoppage.objects.latest("pk")).out_of_time


def test_what_a_rule_refuses_is_not_in_the_total(browser, site, worksite, mason):
    """Rule 10: 199 h worked. The other's twelve hours alone are added up: 115,50 €."""
    draft = draft_by(browser, worksite, mason, employee_of(site))
    typed = chosen(mason) | chosen(employee_of(site), hours="199") | {"version": version(draft)}
    browser.post(address(site, "salaries/", draft.pk), typed)
    draft.refresh_from_db()
    hours = lost(draft, {MONDAY: "5", dt.date(2026, 1, 13): "7"}) | {"version": version(draft)}
    browser.post(address(site, "heures/", draft.pk), hours)
    page = read(browser.get(address(site, "controles/", draft.pk)))
    total = page.partition("<tfoot>")[2].partition("</tfoot>")[0]
    assert "115,50" in total
    assert "231,00" not in total


def test_rule_18_who_bore_the_carence_elsewhere_is_told_so(browser, site, worksite, mason):
    sent_by(browser, draft_by(browser, worksite, mason))
    friday = {"stop_day_0": "16/01/2026", "resume_day_0": "16/01/2026", "resume_time_0": "17 h"}
    draft = draft_by(browser, worksite, mason, trade="SO", **friday)
    browser.post(
        address(site, "heures/", draft.pk),
        lost(draft, {dt.date(2026, 1, 16): "7"}) | {"version": version(draft)},
    )
    page = read(browser.get(address(site, "controles/", draft.pk)))
    assert "L’heure de carence est déjà prise par un autre arrêt envoyé." in page
