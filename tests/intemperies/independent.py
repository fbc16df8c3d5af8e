"""What a stoppage is worth, a second time: quarter-hour by quarter-hour, from the rules alone.

It shares nothing with `intemperies.calculation`, not even its figures, and takes no shortcut: every
quarter-hour lost is met in the order of time and asked what becomes of it. Amounts are fractions, exact
until they are said.
"""

import datetime as dt
import math
from collections import Counter, defaultdict
from dataclasses import dataclass
from fractions import Fraction

HOUR = 4  # quarter-hours
PAID_A_DAY, PAID_A_WEEK = 9 * HOUR, 45 * HOUR  # D.5424-14
DAYS_A_YEAR = 55
HOURLY_CEILINGS = {2024: 29, 2025: 29, 2026: 30}
ABATTEMENTS = {2024: 93_204, 2025: 95_040, 2026: 96_168}
CANICULE = Fraction(1, 2)

CARENCE, CAPPED, FIRST_BAND, BEYOND = "carence", "capped", "first band", "beyond"


@dataclass(frozen=True)
class Stopped:
    """One continuous stop, known by when it begins: where, and the quarter-hours lost on each of its days."""

    worksite: str
    begins: dt.datetime
    quarters: dict[dt.date, int]


@dataclass(frozen=True)
class Case:
    """One employee: what he lost, his wage, his employer's payrolls by campaign, and the readings."""

    stops: tuple[Stopped, ...]
    wage: Fraction
    payrolls: dict[int, Fraction]
    heat: bool
    days_before: dict[int, int]
    carence_first: bool
    week_of_each_worksite: bool
    first_band_hours: int | Fraction  # a whole number of quarters


@dataclass(frozen=True)
class Result:
    """By day and stop, the quarter-hours of each fate; and the euros, by campaign where they are refunds."""

    lines: dict[tuple[dt.date, dt.datetime], Counter]
    allowance: Fraction
    refunds: dict[int, Fraction]


def worked_out(case):
    lines = fates(case)
    return Result(lines, euros(allowance(case, lines)), refunds(case, lines))


def fates(case):
    """What becomes of each quarter-hour, in the order of time: the day, then the beginning of the stop."""
    clock = Clock(case)
    lines = defaultdict(Counter)
    losses = [(day, stop) for stop in case.stops for day in stop.quarters]
    for day, stop in sorted(losses, key=lambda loss: (loss[0], loss[1].begins)):
        line = lines[day, stop.begins]
        for _quarter in range(stop.quarters[day]):
            line[clock.fate(day, stop)] += 1
    return lines


class Clock:
    """What has been lost, used of the caps and paid before the quarter-hour that comes."""

    def __init__(self, case):
        self.case = case
        self.lost = Counter()
        self.used = Counter()
        self.paid_days = {year: set() for year in HOURLY_CEILINGS}
        self.last_of_first_band = int(HOUR + HOUR * case.first_band_hours)

    def fate(self, day, stop):
        week = day.isocalendar()[:2]
        rank = self.rank(week, stop)
        if rank <= HOUR and self.case.carence_first:
            return CARENCE
        if self.over(day, week):
            return CAPPED
        self.used[day] += 1
        self.used[week] += 1
        if rank <= HOUR:
            return CARENCE
        self.paid_days[day.year].add(day)
        return FIRST_BAND if rank <= self.last_of_first_band else BEYOND

    def rank(self, week, stop):
        """The first lost of a week and of a stop is of rank 1; one that is first of one alone is not."""
        week_lost = (week, stop.worksite) if self.case.week_of_each_worksite else week
        self.lost[week_lost] += 1
        self.lost[stop.begins] += 1
        return max(self.lost[week_lost], self.lost[stop.begins])

    def over(self, day, week):
        """Whether the day, the week or the year has had all that it may be paid."""
        other_days = self.case.days_before.get(day.year, 0) + len(self.paid_days[day.year] - {day})
        return self.used[day] >= PAID_A_DAY or self.used[week] >= PAID_A_WEEK or other_days >= DAYS_A_YEAR


def quarter_worth(case, day):
    most = Fraction(HOURLY_CEILINGS[day.year] * 120, 100)
    return min(case.wage, most) * 75 / (100 * HOUR)


def allowance(case, lines):
    return sum(
        (line[FIRST_BAND] + line[BEYOND]) * quarter_worth(case, day) for (day, _begins), line in lines.items()
    )


def campaign_of(day):
    return day.year if day.month >= 4 else day.year - 1


def refunds(case, lines):
    back = defaultdict(Fraction)
    for (day, _begins), line in lines.items():
        campaign = campaign_of(day)
        hundredths = 10 * line[FIRST_BAND] + rate_beyond(case, campaign) * line[BEYOND]
        back[campaign] += quarter_worth(case, day) * hundredths
    return {campaign: euros(amount * part(case, campaign) / 100) for campaign, amount in back.items()}


def rate_beyond(case, campaign):
    """Per cent, of the hours that follow those of the first band."""
    return 85 if case.payrolls[campaign] > 3 * ABATTEMENTS[campaign] else 90


def part(case, campaign):
    payroll, abattement = case.payrolls[campaign], ABATTEMENTS[campaign]
    if payroll <= abattement:
        return Fraction(0)
    return (payroll - abattement) / payroll * (CANICULE if case.heat else 1)


def euros(amount):
    """To the cent, half up."""
    return Fraction(math.floor(amount * 100 + Fraction(1, 2)), 100)
