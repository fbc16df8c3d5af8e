"""What employees lost by other declarations that stand: caps and carence are counted over all of them."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from intemperies.models import LostHours, State
from portal import clock


@dataclass(frozen=True)
class Span:
    """A stop and its resumption, as a `Period` says them."""

    begins: dt.datetime
    resumes: dt.datetime | None

    @property
    def first_day(self) -> dt.date:
        """The day of the stop, in Europe/Paris."""
        return clock.day_of(self.begins)


@dataclass(frozen=True)
class OtherHours:
    """Hours of one employee on one day, by another declaration and its periods."""

    declaration: int
    worksite: int
    worksite_name: str
    day: dt.date
    hours: Decimal
    periods: list[Span]


def hours_elsewhere(
    employees: Collection[int], first: dt.date, last: dt.date, except_for: Collection[int]
) -> dict[int, list[OtherHours]]:
    """By employee, in the order of days: the calendar years and the weeks from a day to another. One query.

    The year, since fifty-five of its days may be paid (rule 11); the weeks, since they may begin in another.
    """
    begins = min(dt.date(first.year, 1, 1), first - dt.timedelta(days=first.weekday()))
    ends = max(dt.date(last.year, 12, 31), last + dt.timedelta(days=6 - last.weekday()))
    rows = LostHours.objects.filter(
        line__employee__in=employees, line__stoppage__state=State.SENT, day__range=(begins, ends)
    ).exclude(line__stoppage__in=except_for)
    return _gathered(
        rows.order_by("day", "pk", "line__stoppage__periods__begins").values_list(
            "pk",
            "line__employee",
            "line__stoppage",
            "line__stoppage__worksite",
            "line__stoppage__worksite__name",
            "day",
            "hours",
            "line__stoppage__periods__begins",
            "line__stoppage__periods__resumes",
        )
    )


def _gathered(rows: Iterable[tuple[Any, ...]]) -> dict[int, list[OtherHours]]:
    """One for each row of hours: the database repeats it for each period of its declaration."""
    found: dict[int, list[OtherHours]] = defaultdict(list)
    known: dict[int, OtherHours] = {}
    for key, employee, declaration, worksite, name, day, hours, begins, resumes in rows:
        if key not in known:
            known[key] = OtherHours(declaration, worksite, name, day, hours, [])
            found[employee].append(known[key])
        known[key].periods.append(Span(begins, resumes))
    return found
