"""The month's calendar of stops."""

from __future__ import annotations

import calendar
import datetime as dt
from collections import defaultdict
from dataclasses import dataclass

from django.urls import reverse

from intemperies.models import Period, State, Stoppage
from portal import clock
from portal.access.site_access import SiteAccess
from portal.templatetags.french import MONTHS

FIRST_YEAR, LAST_YEAR = 2000, 2100


@dataclass(frozen=True)
class Mark:
    """A stop on a day."""

    worksite: str
    url: str
    draft: bool


@dataclass(frozen=True)
class DayOfMonth:
    """A square of the calendar; `day` is None outside of the month."""

    day: int | None
    marks: list[Mark]
    today: bool = False


@dataclass(frozen=True)
class Month:
    """A month: its weeks from Monday on, and the addresses of its neighbours."""

    label: str
    weeks: list[list[DayOfMonth]]
    previous_url: str
    next_url: str


def month_of(access: SiteAccess, asked: str, path: str) -> Month:
    """The month asked for, `2026-01`; this one otherwise."""
    first = _first_day(asked)
    last = first.replace(day=calendar.monthrange(first.year, first.month)[1])
    marks = _marks(access, first, last)
    weeks = [
        [DayOfMonth(day or None, marks.get(day, []) if day else [], _is_today(first, day)) for day in week]
        for week in calendar.monthcalendar(first.year, first.month)
    ]
    before, after = first - dt.timedelta(days=1), last + dt.timedelta(days=1)
    return Month(
        f"{MONTHS[first.month - 1]} {first.year}",
        weeks,
        f"{path}?mois={before:%Y-%m}#calendrier",
        f"{path}?mois={after:%Y-%m}#calendrier",
    )


def _first_day(asked: str) -> dt.date:
    try:
        found = dt.date.fromisoformat(f"{asked}-01")
    except ValueError:
        found = clock.today()
    return found.replace(day=1) if FIRST_YEAR <= found.year <= LAST_YEAR else clock.today().replace(day=1)


def _is_today(first: dt.date, day: int) -> bool:
    return bool(day) and first.replace(day=day) == clock.today()


def _marks(access: SiteAccess, first: dt.date, last: dt.date) -> dict[int, list[Mark]]:
    """By day of the month, the stops that the person may read: drafts and what stands."""
    live = Stoppage.objects.visible_to(access).filter(state__in=(State.DRAFT, State.SENT))
    periods = Period.objects.filter(stoppage__in=live, begins__lt=clock.start_of(last + dt.timedelta(days=1)))
    periods = periods.exclude(resumes__lt=clock.start_of(first)).select_related("stoppage__worksite")
    found: dict[int, list[Mark]] = defaultdict(list)
    for period in periods:
        stoppage = period.stoppage
        place = {"cibtp_id": access.site.cibtp_id, "number": stoppage.pk}
        url = reverse("intemperies:file", kwargs=place)
        mark = Mark(stoppage.place.name, url, stoppage.is_draft)
        ends = clock.day_of(period.resumes) if period.resumes else clock.today()
        for day in range(max(first, period.first_day).day, min(last, ends).day + 1 if ends >= first else 0):
            found[day].append(mark)
    return found
