"""The last day is whole, in Europe/Paris, whatever the season and whether or not any task ran (R34, R88)."""

import datetime as dt

import pytest
import time_machine
from django.test import Client

from delegations import ends
from delegations.models import Delegation, Status
from portal.access.levels import Access
from tests.factories import SiteFactory, beneficiary_of, firm_of, passed_on

pytestmark = pytest.mark.django_db
LEVELS = {("employees.employee", None): Access.READ}
SECOND = dt.timedelta(seconds=1)

# The last day, and its last second in UTC.
LAST_SECONDS = {
    "summer": (dt.date(2027, 7, 14), "2027-07-14 21:59:59"),
    "winter": (dt.date(2027, 1, 31), "2027-01-31 22:59:59"),
    "the eve of summer time": (dt.date(2027, 3, 27), "2027-03-27 22:59:59"),
    "the first day of summer time": (dt.date(2027, 3, 28), "2027-03-28 21:59:59"),
    "the eve of winter time": (dt.date(2027, 10, 30), "2027-10-30 21:59:59"),
    "the first day of winter time": (dt.date(2027, 10, 31), "2027-10-31 22:59:59"),
    "29 February": (dt.date(2028, 2, 29), "2028-02-29 22:59:59"),
}


@pytest.fixture(params=LAST_SECONDS)
def last(request):
    """A last day, and the instant of its last second."""
    day, instant = LAST_SECONDS[request.param]
    return day, dt.datetime.fromisoformat(f"{instant}+00:00")


def held(ends_on, kind):
    """A right whose last day is its own, its firm's, or that of both."""
    started = {"starts_on": ends_on - dt.timedelta(days=60)}
    if kind == "own":
        return beneficiary_of(SiteFactory(), LEVELS, ends_on=ends_on, **started)
    return passed_on(firm_of(SiteFactory(), LEVELS, ends_on=ends_on, **started), LEVELS, **started)


def rights_of(delegation, browser):
    """What a query, the row itself, the statuses in SQL and a page say, now."""
    home = browser.get(f"/sites/{delegation.site.cibtp_id}/")
    found = Delegation.objects.with_status().get(pk=delegation.pk)
    return (
        Delegation.objects.in_force().filter(pk=delegation.pk).exists(),
        Delegation.objects.open().filter(pk=delegation.pk).exists(),
        found.status,
        found.status_on(),
        home.status_code,
    )


HOLDS = (True, True, Status.ACTIVE, Status.ACTIVE, 200)
ENDED = (False, False, Status.EXPIRED, Status.EXPIRED, 404)


@pytest.mark.parametrize("kind", ["own", "its firm's"])
@pytest.mark.parametrize("told", [False, True], ids=["no task", "the task each second"])
def test_rights_hold_until_the_last_second_and_not_one_more(last, kind, told):
    """R34."""
    day, instant = last
    with time_machine.travel(instant, tick=False) as now:
        delegation = held(day, kind)
        browser = Client()
        browser.force_login(delegation.beneficiary)
        for expected in (HOLDS, ENDED):
            if told:
                ends.record_ends()
            assert rights_of(delegation, browser) == expected
            now.shift(SECOND)


@pytest.mark.parametrize("kind", ["own", "its firm's"])
def test_the_end_is_recorded_in_the_second_after_the_last_and_not_before(last, kind):
    day, instant = last
    with time_machine.travel(instant, tick=False) as now:
        delegation = held(day, kind)
        assert ends.record_ends() == 0
        now.shift(SECOND)
        assert ends.record_ends() == (1 if kind == "own" else 2)
        delegation.refresh_from_db()
        assert (delegation.outcome, delegation.over_at) == ("expired", instant + SECOND)


def test_rights_begin_with_the_first_second_of_their_first_day():
    with time_machine.travel("2027-03-27 22:59:59+00:00", tick=False) as now:
        delegation = beneficiary_of(SiteFactory(), LEVELS, starts_on=dt.date(2027, 3, 28))
        browser = Client()
        browser.force_login(delegation.beneficiary)
        assert rights_of(delegation, browser)[-1] == 404
        now.shift(SECOND)
        assert rights_of(delegation, browser) == HOLDS
