"""The hours of a long stop are typed four weeks at a time: what a page holds, and a form sends at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from intemperies.drafting import days_of, first_and_last_day
from intemperies.line_assessing import period_of
from intemperies.models import Line, Period
from portal.templatetags.french import MONTHS, long_date

DAYS_OF_A_PART = 28
MOST_LINKS = 27  # parts led to on either side: two years of them


@dataclass(frozen=True)
class Part:
    """Four calendar weeks of the grid, or what the stop has of them."""

    number: int
    first: dt.date
    last: dt.date
    url: str

    @property
    def words(self) -> str:
        """« Du 3 au 28 décembre 2025 »."""
        return in_words(self.first, self.last)


class GridParts:
    """The parts of a stop's grid, from the Monday of its first day; `asked` is that of the address."""

    def __init__(self, periods: Sequence[Period], path: str, asked: str = "") -> None:
        self.periods, self.path = periods, path
        self.first, self.last = first_and_last_day(periods)
        self.monday = self.first - dt.timedelta(days=self.first.weekday())
        self.count = (self.last - self.monday).days // DAYS_OF_A_PART + 1
        number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 1
        self.shown = self.part(number if 1 <= number <= self.count else 1)

    def part(self, number: int) -> Part:
        """That one."""
        begins = self.monday + dt.timedelta(days=(number - 1) * DAYS_OF_A_PART)
        ends = begins + dt.timedelta(days=DAYS_OF_A_PART - 1)
        url = f"{self.path}?semaines={number}" if number > 1 else self.path
        return Part(number, max(begins, self.first), min(ends, self.last), url)

    @property
    def days(self) -> list[dt.date]:
        """The days of the part shown."""
        return days_of(self.periods, self.shown.first, self.shown.last)

    @property
    def next(self) -> Part | None:
        """What comes after the part shown; None after the last."""
        return self.part(self.shown.number + 1) if self.shown.number < self.count else None

    @property
    def others(self) -> list[Part]:
        """Those that the page leads to: all, of a stop of two years; else those nearby and both ends."""
        here = self.shown.number
        near = range(max(1, here - MOST_LINKS), min(self.count, here + MOST_LINKS) + 1)
        return [self.part(number) for number in sorted({1, *near, self.count} - {here})]


def days_outside(lines: Iterable[Line], periods: Sequence[Period]) -> set[dt.date]:
    """The days for which hours are recorded though no stop touches them any more: no part shows them."""
    recorded = {row.day for line in lines for row in line.lost_hours.all()}
    return {day for day in recorded if period_of(day, periods) is None}


def in_words(first: dt.date, last: dt.date) -> str:
    """« Du 1er au 28 décembre 2025 », « Le 19 janvier 2026 »: what both days share is said once."""
    if first == last:
        return f"Le {long_date(last)}"
    begins = long_date(first)
    if first.year == last.year:
        begins = begins.removesuffix(f" {first.year}")
        if first.month == last.month:
            begins = begins.removesuffix(f" {MONTHS[first.month - 1]}")
    return f"Du {begins} au {long_date(last)}"
