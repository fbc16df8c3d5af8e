"""What employees lost by other declarations that stand: caps and carence are counted over all of them."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from intemperies.models import Line, LostHours, State, Stoppage
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
    line: int
    worksite: int
    worksite_name: str
    day: dt.date
    hours: Decimal
    periods: list[Span]


def hours_elsewhere(
    lines: Collection[Line], first: dt.date, last: dt.date, except_for: Collection[int]
) -> dict[str, list[OtherHours]]:
    """By NIR, in the order of days: the calendar years and the weeks from a day to another. One query.

    The year, since fifty-five of its days may be paid (rule 11); the weeks, since they may begin in another.
    By NIR on the site of these lines: one person may have two matricules.
    """
    begins = min(dt.date(first.year, 1, 1), first - dt.timedelta(days=first.weekday()))
    ends = max(dt.date(last.year, 12, 31), last + dt.timedelta(days=6 - last.weekday()))
    rows = LostHours.objects.filter(
        line__employee__nir__in={line.employee.nir for line in lines},
        line__employee__site__in={line.employee.site_id for line in lines},
        line__stoppage__state=State.SENT,
        day__range=(begins, ends),
    ).exclude(line__stoppage__in=except_for)
    return _gathered(
        rows.order_by("day", "pk", "line__stoppage__periods__begins").values_list(
            "pk",
            "line__employee__nir",
            "line__stoppage",
            "line",
            "line__stoppage__worksite",
            "line__stoppage__worksite__name",
            "day",
            "hours",
            "line__stoppage__periods__begins",
            "line__stoppage__periods__resumes",
        )
    )


def _gathered(rows: Iterable[tuple[Any, ...]]) -> dict[str, list[OtherHours]]:
    """One for each row of hours: the database repeats it for each period of its declaration."""
    found: dict[str, list[OtherHours]] = defaultdict(list)
    known: dict[int, OtherHours] = {}
    for key, nir, declaration, line, worksite, name, day, hours, begins, resumes in rows:
        if key not in known:
            known[key] = OtherHours(declaration, line, worksite, name, day, hours, [])
            found[nir].append(known[key])
        known[key].periods.append(Span(begins, resumes))
    return found


def paid_hours_told(others: Iterable[OtherHours]) -> dict[int, Decimal]:
    """By line, the hours that were said to be paid when its declaration was sent."""
    declarations = {other.declaration for other in others}
    if not declarations:
        return {}
    said = Stoppage.objects.filter(pk__in=declarations).values_list("said__lines", flat=True)
    return {
        int(line): Decimal(of_line["paid_hours"])
        for lines in said
        for line, of_line in (lines or {}).items()
        if of_line.get("paid_hours")
    }
