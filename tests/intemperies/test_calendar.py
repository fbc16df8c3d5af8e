"""The month's calendar of stops stays a page, however many there are."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from intemperies.models import Period, State, Stoppage, Worksite
from portal import clock
from tests.factories import UserFactory, WorksiteFactory, stoppage_of
from tests.intemperies.declaring import address, read

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


def stops_of(site, number, *, begins=dt.date(2026, 1, 12), resumes=None):
    """So many drafts, each of a worksite of its own, that begin at eight; open unless they resume."""
    known = Worksite.objects.count()
    worksites = Worksite.objects.bulk_create(
        WorksiteFactory.build(site=site, name=f"Chantier {known + rank}") for rank in range(number)
    )
    person, (year, week, _) = UserFactory(), begins.isocalendar()
    drafts = Stoppage.objects.bulk_create(
        Stoppage(
            site=site,
            worksite=worksite,
            begun_by=person,
            iso_year=year,
            iso_week=week,
            state=State.DRAFT,
            cause="gel",
            work="charpente",
            trade=worksite.trade,
        )
        for worksite in worksites
    )
    ends = clock.at(resumes, dt.time(17)) if resumes else None
    Period.objects.bulk_create(
        Period(stoppage=draft, begins=clock.at(begins, dt.time(8)), resumes=ends) for draft in drafts
    )


def squares(browser, site, month="2026-01"):
    """What each day of the month shows."""
    page = read(browser.get(address(site, "") + f"?mois={month}")).partition('id="calendrier"')[2]
    found = re.findall(r'<span class="month-day">(\d+)</span>(.*?)</td>', page, re.DOTALL)
    return {int(day): re.sub(r"<[^>]+>|\s+", " ", marks).split("  ") for day, marks in found}


def marks_of(browser, site, day, month="2026-01"):
    return [mark.strip() for mark in squares(browser, site, month)[day] if mark.strip()]


def test_a_day_shows_four_stops_at_most_and_says_how_many_others_there_are(browser, site):
    stops_of(site, 4)
    assert [mark for mark in marks_of(browser, site, 12) if "autre" in mark] == []
    stops_of(site, 1)
    assert marks_of(browser, site, 12)[4:] == ["et 1 autre"]
    stops_of(site, 2)
    marks = marks_of(browser, site, 12)
    assert marks[4:] == ["et 3 autres"]
    assert marks[:4] == [f"Chantier {rank} (brouillon)" for rank in range(4)]


def test_the_others_of_a_day_are_no_link(browser, site):
    stops_of(site, 7)
    page = read(browser.get(address(site, "") + "?mois=2026-01"))
    assert '<span class="month-others">et 3 autres</span>' in page


def test_an_open_draft_is_marked_until_today_and_a_resumed_stop_until_it_resumed(browser, site):
    stops_of(site, 1)
    stops_of(site, 1, resumes=dt.date(2026, 1, 14))
    days = {
        day: len([mark for mark in marks if mark.strip()]) for day, marks in squares(browser, site).items()
    }
    assert days == {day: 2 if 12 <= day <= 14 else int(15 <= day <= 20) for day in range(1, 32)}


def test_two_stops_of_one_declaration_on_a_day_are_one_mark(browser, site):
    day = dt.date(2026, 1, 12)
    hours = [clock.at(day, dt.time(hour)) for hour in (8, 10, 14, 16)]
    stoppage_of(site, periods=[(hours[0], hours[1]), (hours[2], hours[3])])
    assert len(marks_of(browser, site, 12)) == 1


def test_a_thousand_open_drafts_cost_the_list_no_more_queries_and_little_weight(
    browser, site, django_assert_max_num_queries
):
    stops_of(site, 5)
    browser.get(address(site, ""))  # what is counted once a session
    with django_assert_max_num_queries(100) as few:
        small = browser.get(address(site, ""))
    stops_of(site, 1000)
    with django_assert_max_num_queries(len(few)):
        large = browser.get(address(site, ""))
    assert len(large.content) < len(small.content) + 30_000
