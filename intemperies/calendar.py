"""The month's calendar of stops."""

from __future__ import annotations

import calendar
import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

from django.db.models import F, TextField
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.db.models.functions import Coalesce
from django.urls import reverse

from intemperies.models import Period, State, Stoppage
from portal import clock
from portal.access.site_access import SiteAccess
from portal.templatetags.french import MONTHS

FIRST_YEAR, LAST_YEAR = 2000, 2100
MOST_MARKS = 4  # a day: the list has them all


class Stop(NamedTuple):
    """A declaration as it is read: a month may hold a thousand, of which few are shown."""

    number: int
    state: str
    worksite: str


# As it was sent; the row's for what is not, or had no such facts.
AS_SENT = KeyTextTransform("name", KeyTransform("worksite", "stoppage__said"))
NAME = Coalesce(AS_SENT, F("stoppage__worksite__name"), output_field=TextField())
COLUMNS_OF_STOP = ("stoppage", "stoppage__state", "place")


@dataclass(frozen=True)
class Mark:
    """A stop on a day."""

    worksite: str
    url: str
    draft: bool


@dataclass(frozen=True)
class DayOfMonth:
    """A square of the calendar; `day` is None outside of the month. `others` stops are counted only."""

    day: int | None
    marks: list[Mark]
    others: int = 0
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
    stopped = _stopped(access, first, last)
    weeks = [
        [_square(access, first, day, stopped.get(day, {})) for day in week]
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


def _square(access: SiteAccess, first: dt.date, day: int, stopped: Mapping[int, Stop]) -> DayOfMonth:
    if not day:
        return DayOfMonth(None, [])
    marks = [_mark(access, stop) for stop in islice(stopped.values(), MOST_MARKS)]
    return DayOfMonth(day, marks, len(stopped) - len(marks), first.replace(day=day) == clock.today())


def _mark(access: SiteAccess, stop: Stop) -> Mark:
    place = {"cibtp_id": access.site.cibtp_id, "number": stop.number}
    return Mark(stop.worksite, reverse("intemperies:file", kwargs=place), stop.state == State.DRAFT)


def _stopped(access: SiteAccess, first: dt.date, last: dt.date) -> dict[int, dict[int, Stop]]:
    """By day of the month, the stops that the person may read, each once: drafts and what stands."""
    live = Stoppage.objects.visible_to(access).filter(state__in=(State.DRAFT, State.SENT))
    periods = Period.objects.filter(stoppage__in=live, begins__lt=clock.start_of(last + dt.timedelta(days=1)))
    periods = periods.exclude(resumes__lt=clock.start_of(first)).order_by("begins", "pk")
    found: dict[int, dict[int, Stop]] = defaultdict(dict)
    today = clock.today()
    for begins, resumes, *of in periods.annotate(place=NAME).values_list(
        "begins", "resumes", *COLUMNS_OF_STOP
    ):
        stop = Stop(*of)
        ends = min(last, clock.day_of(resumes) if resumes else today)
        if ends >= first:
            for day in range(max(first, clock.day_of(begins)).day, ends.day + 1):
                found[day].setdefault(stop.number, stop)
    return found
