"""The holidays of the years to come, from the library that knows when Easter falls."""

from __future__ import annotations

import datetime as dt

import holidays

from portal import clock
from portal.holidays.models import Holiday

FIRST_YEAR = 2024
YEARS_AHEAD = 2
ALSACE_MOSELLE = "57"  # the two other départements have the same days


def load_years_to_come() -> int:
    """Add the holidays of every year to `YEARS_AHEAD` from now that has none yet; returns how many.

    A year that has some is left as staff made it.
    """
    wanted = range(FIRST_YEAR, clock.today().year + YEARS_AHEAD + 1)
    known = set(Holiday.objects.values_list("day__year", flat=True).distinct())
    made = [holiday for year in wanted if year not in known for holiday in holidays_of(year)]
    Holiday.objects.bulk_create(made, ignore_conflicts=True)
    return len(made)


def holidays_of(year: int) -> list[Holiday]:
    """The holidays of a year, not stored."""
    everywhere: dict[dt.date, str] = dict(holidays.country_holidays("FR", years=year, language="fr"))
    there = holidays.country_holidays("FR", subdiv=ALSACE_MOSELLE, years=year, language="fr")
    return [
        Holiday(day=day, name=name, alsace_moselle=day not in everywhere)
        for day, name in sorted(there.items())
    ]
