"""A stop is declared within two years: an ancient date is a sentence beside its field, not hours of work."""

from __future__ import annotations

import datetime as dt

import pytest

from intemperies import drafting
from intemperies.models import Period, Stoppage
from portal import clock
from tests.factories import employee_of, stoppage_of
from tests.intemperies.declaring import address, browser_of, read, stop, version

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]

TOO_OLD = "Cet arrêt a plus de deux ans\u00a0: il ne se déclare plus ici."
WRONG = "Écrivez la date sous la forme jj/mm/aaaa"


@pytest.mark.parametrize("day", ["02/01/0001", "14/07/1789", "19/01/2024"])
def test_a_stop_of_more_than_two_years_ago_is_refused(browser, site, worksite, day):
    answer = browser.post(address(site, "nouveau/"), stop(worksite, stop_day_0=day))
    assert answer.status_code == 422
    assert TOO_OLD in answer.content.decode()
    assert f'value="{day}"' in read(answer)
    assert not Stoppage.objects.exists()


def test_a_stop_of_two_years_ago_to_the_day_is_declared(browser, site, worksite):
    typed = {"stop_day_0": "20/01/2024", "resume_day_0": "21/01/2024"}
    assert browser.post(address(site, "nouveau/"), stop(worksite, **typed)).status_code == 302


def test_so_is_the_second_stop_of_a_week(browser, site, worksite):
    second = {"spans": "2", "stop_day_1": "02/01/0001", "stop_time_1": "8 h"}
    answer = browser.post(address(site, "nouveau/"), stop(worksite, **second))
    assert answer.status_code == 422
    assert TOO_OLD in answer.content.decode()


def test_a_draft_is_not_moved_two_years_back(browser, site, worksite):
    browser.post(address(site, "nouveau/"), stop(worksite))
    draft = Stoppage.objects.get()
    moved = stop(worksite, stop_day_0="02/01/0001", version=version(draft))
    answer = browser.post(address(site, "arret/", draft.pk), moved)
    assert answer.status_code == 422
    assert TOO_OLD in answer.content.decode()


@pytest.mark.parametrize("field", ["stop_day_0", "resume_day_0"])
@pytest.mark.parametrize("day", ["01/01/0001", "31/12/9999"])
@pytest.mark.parametrize("time", ["0 h", "23 h 59"])
def test_a_day_without_instants_is_an_error_of_its_field(browser, site, worksite, field, day, time):
    typed = {field: day, "stop_time_0": time, "resume_time_0": time}
    answer = browser.post(address(site, "nouveau/"), stop(worksite, **typed))
    assert answer.status_code == 422
    assert WRONG in read(answer)
    assert not Stoppage.objects.exists()


def test_the_days_asked_for_are_those_that_a_stop_touches():
    spans = [(12, 10, 13, 8), (15, 9, 15, 17)]
    periods = [
        Period(begins=instant(day, hour), resumes=instant(last, until)) for day, hour, last, until in spans
    ]
    found = drafting.days_of(periods, dt.date(2026, 1, 13), dt.date(2026, 1, 31))
    assert [day.day for day in found] == [13, 15]
    assert drafting.first_and_last_day(periods) == (dt.date(2026, 1, 12), dt.date(2026, 1, 15))


def test_a_stop_that_goes_on_lasts_until_today():
    going_on = [Period(begins=instant(12, 10))]
    assert drafting.first_and_last_day(going_on) == (dt.date(2026, 1, 12), dt.date(2026, 1, 20))


def test_an_ancient_draft_costs_its_pages_no_more_than_another(site, owner):
    """One that was begun before the two years were asked for."""
    ancient = clock.at(dt.date(2, 1, 1), dt.time(8))
    draft = stoppage_of(site, employee_of(site, hired_on=dt.date(1, 1, 1)), periods=[(ancient, None)])
    browser = browser_of(owner)
    for page in ("", "arret/", "salaries/", "heures/"):
        answer = browser.get(address(site, page, draft.pk))
        assert answer.status_code == 200
        assert len(answer.content) < 100_000


def instant(day, hour):
    return clock.at(dt.date(2026, 1, day), dt.time(hour))
