"""The largest companies declare as the others do: no page refuses what was typed because it is much."""

from __future__ import annotations

import datetime as dt

import pytest

from employees.models import CollegePeriod, Contract, Employee
from intemperies.models import Line, LostHours, Stoppage
from portal import clock
from portal.access.levels import College
from tests.factories import EmployeeFactory, stoppage_of
from tests.intemperies.declaring import address, chosen, lost, version

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]

HIRED = dt.date(2015, 3, 2)
FIRST, DAYS = dt.date(2025, 12, 22), 28  # a Monday, and the most that one page shows


def people_of(site, number):
    """So many of them, under contract since 2015."""
    people = Employee.objects.bulk_create(EmployeeFactory.build_batch(number, site=site))
    Contract.objects.bulk_create(
        Contract(employee=one, trade="018", classification="N2P1", hired_on=HIRED) for one in people
    )
    CollegePeriod.objects.bulk_create(
        CollegePeriod(employee=one, college=College.OUVRIER, starts_on=HIRED) for one in people
    )
    return people


def test_five_hundred_employees_are_recorded_at_once(browser, site):
    people = people_of(site, 500)
    draft = stoppage_of(site)
    sent = chosen(*people) | {"version": version(draft)}
    assert browser.post(address(site, "salaries/", draft.pk), sent).status_code == 302
    assert Line.objects.filter(stoppage=draft, wage=14).count() == 500


@pytest.mark.parametrize("number", [150, 500])
def test_the_hours_of_so_many_people_over_four_weeks_are_recorded_at_once(browser, site, number):
    draft = four_weeks_of(site, number)
    sent = hours_of(draft) | {"version": version(draft)}
    assert browser.post(address(site, "heures/", draft.pk), sent).status_code == 302
    assert LostHours.objects.filter(line__stoppage=draft, hours=7).count() == number * DAYS


def four_weeks_of(site, number) -> Stoppage:
    """A draft from a Monday to the Sunday four weeks later, with so many people."""
    begins = clock.at(FIRST, dt.time(8))
    resumes = clock.at(FIRST + dt.timedelta(days=DAYS - 1), dt.time(18))
    draft = stoppage_of(site, periods=[(begins, resumes)])
    Line.objects.bulk_create(
        Line(stoppage=draft, employee=one, college=College.OUVRIER, wage=14)
        for one in people_of(site, number)
    )
    return draft


def hours_of(draft):
    """Seven hours in each cell."""
    days = [FIRST + dt.timedelta(days=rank) for rank in range(DAYS)]
    return lost(draft, dict.fromkeys(days, "7")) | {f"tous_{day:%Y%m%d}": "7" for day in days}
