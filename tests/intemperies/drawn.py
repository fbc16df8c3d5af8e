"""Employees drawn at random, most of them at the edges of the rules; a number gives back its case."""

import datetime as dt
import random
from fractions import Fraction

from tests.intemperies.independent import ABATTEMENTS, Case, Stopped

MONDAYS = [  # where the weeks of stops begin: around new year, 31 March, and plain ones
    dt.date(2024, 12, 16),
    dt.date(2024, 12, 23),
    dt.date(2024, 12, 30),
    dt.date(2025, 3, 17),
    dt.date(2025, 3, 24),
    dt.date(2025, 3, 31),
    dt.date(2025, 6, 30),
    dt.date(2025, 12, 15),
    dt.date(2025, 12, 22),
    dt.date(2025, 12, 29),
    dt.date(2026, 1, 12),
    dt.date(2026, 3, 16),
    dt.date(2026, 3, 23),
    dt.date(2026, 3, 30),
]
WAGES = ["11.88", "14", "15.37", "20", "34.79", "34.80", "34.81", "35.99", "36", "36.01", "41"]


def drawn(number):
    chance = random.Random(number)
    return Case(
        stops=stops(chance),
        wage=Fraction(chance.choice([*WAGES, str(chance.randint(1000, 5000) / 100)])),
        payrolls={year: payroll(chance, abattement) for year, abattement in ABATTEMENTS.items()},
        heat=chance.random() < 0.2,
        days_before={year: chance.randint(48, 56) for year in (2024, 2025, 2026) if chance.random() < 0.5},
        carence_first=chance.random() < 0.5,
        week_of_each_worksite=chance.random() < 0.5,
        first_band_hours=Fraction(chance.choice([6, 6, 6, 0, 1, Fraction(9, 4), 12])),
    )


def stops(chance):
    """One to four, none beginning at the same instant as another, over one to three weeks."""
    first, days = chance.choice(MONDAYS), 7 * chance.randint(1, 3)
    worksites = chance.choice(["A", "AB"])
    instants = chance.sample(
        [(day, hour) for day in range(days) for hour in range(6, 18)], chance.randint(1, 4)
    )
    return tuple(
        Stopped(chance.choice(worksites), at(first, day, hour), quarters(chance, first, day, days))
        for day, hour in instants
    )


def at(first, day, hour):
    return dt.datetime.combine(first + dt.timedelta(days=day), dt.time(hour))


def quarters(chance, first, begins, days):
    """Of each day from the one it begins on: nothing some days, and a short first day more often than not."""
    lasts = chance.randint(1, min(days - begins, chance.choice([1, 3, 7, 14])))
    idle = chance.choice([0, 0.2, 0.5])
    told = {}
    for day in range(begins, begins + lasts):
        short = chance.random() < (0.6 if day == begins else 0.1)
        usual = chance.choice([chance.randint(0, 48), 28, 36, 40, 48])
        count = chance.randint(0, 6) if short else usual
        told[first + dt.timedelta(days=day)] = 0 if chance.random() < idle else count
    return told


def payroll(chance, abattement):
    """To the cent around one and three abattements, or where the coefficient is a plain fraction."""
    cents = Fraction(chance.randint(-2, 2), 100)
    return chance.choice(
        [
            Fraction(0),
            abattement + cents,
            3 * abattement + cents,
            Fraction(abattement * chance.choice([9, 10, 12, 14, 15, 16, 18, 24, 60]), 8),
            Fraction(chance.randint(0, 100_000_000), 100),
            Fraction(chance.randint(100_000, 600_000)),
        ]
    )
