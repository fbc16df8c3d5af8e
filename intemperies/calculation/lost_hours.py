"""Which of an employee's lost hours are paid: the hour of carence, then the caps (rules 11, 15, 17 to 20).

An hour lost is due "from the second one in the same week, or in one continuous stop" (D.5424-12): it bears
the carence only if it is the first of its week and the first of its stop. The rank of an hour is therefore
the greater of its ranks in the week and in the stop, which also says which hours are refunded at the first
rate.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from intemperies.calculation.parameters import CarenceScope, Readings

CARENCE = Decimal(1)
MOST_IN_A_DAY = Decimal(9)
MOST_IN_A_WEEK = Decimal(45)
MOST_DAYS_IN_A_YEAR = 55
NOTHING = Decimal(0)


@dataclass(frozen=True)
class Stop:
    """One continuous stop of one worksite; two of them are two objects, whatever their declaration."""

    worksite: Hashable
    begins: dt.datetime


@dataclass(frozen=True)
class Lost:
    """Hours that one employee lost on one day by one stop."""

    stop: Stop
    day: dt.date
    hours: Decimal


@dataclass(frozen=True)
class Share:
    """What becomes of them: lost = carence + capped + first band + beyond; the last two are paid."""

    lost: Lost
    carence: Decimal
    first_band: Decimal
    beyond: Decimal

    @property
    def paid(self) -> Decimal:
        """The hours that are indemnified."""
        return self.first_band + self.beyond

    @property
    def capped(self) -> Decimal:
        """The hours lost beyond the caps of the day, of the week or of the year."""
        return self.lost.hours - self.carence - self.paid


def week_of(day: dt.date) -> tuple[int, int]:
    """ISO year and week."""
    year, week, _ = day.isocalendar()
    return year, week


def shared_out(
    lost: Iterable[Lost],
    readings: Readings,
    days_paid_before: Mapping[int, int] | None = None,
    granted: Iterable[Lost] = (),
) -> list[Share]:
    """What becomes of all that one employee lost, in the order of time.

    `days_paid_before`: by calendar year, the days already indemnified outside of these, of 55 at the most
    (L.5424-12; rule 11). `granted`: what other declarations that stand hold of the years, weeks and stops
    concerned. It is counted first, whatever its days: what was declared takes its part of the carence and of
    the caps, and these take what is left.
    """
    counting = _Counting(readings, Counter(days_paid_before or {}))
    for each in sorted(granted, key=_in_time):
        counting.share(each)
    return [counting.share(each) for each in sorted(lost, key=_in_time)]


def giving_up(shares: Iterable[Share], hours: Decimal) -> list[Share]:
    """The shares without some of their paid hours, the first ones: others were paid them already."""
    kept = []
    for share in shares:
        less = min(hours, share.paid)
        from_first = min(less, share.first_band)
        kept.append(
            replace(
                share,
                carence=share.carence + less,
                first_band=share.first_band - from_first,
                beyond=share.beyond - (less - from_first),
            )
        )
        hours -= less
    return kept


def days_paid(lost: Iterable[Lost], readings: Readings) -> Counter[int]:
    """By calendar year, the days of which an hour at least is paid, were there no cap of the year."""
    counting = _Counting(readings, Counter())
    paid = {share.lost.day for share in map(counting.share, sorted(lost, key=_in_time)) if share.paid}
    return Counter(day.year for day in paid)


def _in_time(lost: Lost) -> tuple[dt.date, dt.datetime, str]:
    return lost.day, lost.stop.begins, str(lost.stop.worksite)


class _Counting:
    """What one employee has lost and been paid so far, as time goes."""

    def __init__(self, readings: Readings, days_paid: Counter[int]) -> None:
        self.readings = readings
        self.days_paid = days_paid
        self.paid_days: set[dt.date] = set()
        self.lost: dict[Hashable, Decimal] = defaultdict(Decimal)
        self.counted: dict[Hashable, Decimal] = defaultdict(Decimal)

    def share(self, lost: Lost) -> Share:
        """One loss, after all that came before it."""
        rank = self._rank(lost)
        if self.readings.carence_first:
            carence = _within(CARENCE - rank, lost.hours)
            paid = self._capped(lost.day, lost.hours - carence)
        else:
            kept = self._capped(lost.day, lost.hours)
            carence = _within(CARENCE - rank, kept)
            paid = kept - carence
        if paid and lost.day not in self.paid_days:
            self.paid_days.add(lost.day)
            self.days_paid[lost.day.year] += 1
        first_band = _within(CARENCE + self.readings.first_band_hours - rank - carence, paid)
        return Share(lost, carence, first_band, paid - first_band)

    def _rank(self, lost: Lost) -> Decimal:
        """The hours lost before these in the week or in the stop, whichever are more."""
        shared = self.readings.carence_scope is CarenceScope.EMPLOYEE
        week = ("week", week_of(lost.day), None if shared else lost.stop.worksite)
        rank = max(self.lost[week], self.lost[lost.stop])
        for unit in (week, lost.stop):
            self.lost[unit] += lost.hours
        return rank

    def _capped(self, day: dt.date, hours: Decimal) -> Decimal:
        """Nine hours a day, forty-five a week (D.5424-14; rule 15); a day past the year's uses up none."""
        if self._year_is_full(day):
            return NOTHING
        left = min(MOST_IN_A_DAY - self.counted[day], MOST_IN_A_WEEK - self.counted[week_of(day)])
        kept = _within(left, hours)
        for unit in (day, week_of(day)):
            self.counted[unit] += kept
        return kept

    def _year_is_full(self, day: dt.date) -> bool:
        """Fifty-five days a calendar year, a day with any hour paid being one (rule 11)."""
        return day not in self.paid_days and self.days_paid[day.year] >= MOST_DAYS_IN_A_YEAR


def _within(wanted: Decimal, most: Decimal) -> Decimal:
    return min(max(wanted, NOTHING), most)


def total(shares: Iterable[Share], part: Callable[[Share], Decimal]) -> Decimal:
    """The sum of one part of several shares."""
    return sum((part(share) for share in shares), NOTHING)
