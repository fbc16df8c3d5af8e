"""The figures that change with time, and our own readings of rules whose text leaves a choice."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

ALSACE_MOSELLE = frozenset({"57", "67", "68"})


class ParameterMissing(LookupError):
    """No figure is known for that day; the sentence says which one staff must enter."""


class Trade(enum.Enum):
    """What a worksite's contribution and its declaration depend on."""

    STRUCTURAL = "GO"
    FINISHING = "SO"


class Tolerance(enum.Enum):
    """How long after the legal limit a caisse still takes a declaration."""

    NONE = "none"
    END_OF_MONTH = "end_of_month"


class CarenceScope(enum.Enum):
    """Whether stoppages of two worksites in one week share their hour of carence."""

    EMPLOYEE = "employee"
    WORKSITE = "worksite"


@dataclass(frozen=True)
class Readings:
    """What the sources leave open; each is a setting that staff see.

    `carence_first`: the hour of carence is taken from the hours lost, and the caps from what is left.
    `carence_scope`: whose hour it is, the employee's or the worksite's.
    `tolerance`: of the deadline (Île-de-France: thirty days, to the end of the month).
    `first_band_hours`: the hours after the carence that are refunded at the first rate, for each employee.
    """

    carence_first: bool = True
    carence_scope: CarenceScope = CarenceScope.EMPLOYEE
    tolerance: Tolerance = Tolerance.NONE
    first_band_hours: Decimal = Decimal(6)


@dataclass(frozen=True)
class Campaign:
    """From 1 April to 31 March: one abattement, one set of rates (domain rules, 1.6). Rates are fractions."""

    start_year: int
    abattement: Decimal
    contribution_rates: Mapping[Trade, Decimal]
    canicule: Decimal | None = None

    @property
    def number(self) -> int:
        """The 80th began in 2025."""
        return self.start_year - 1945

    @property
    def first_day(self) -> dt.date:
        """The 1 April that begins it."""
        return dt.date(self.start_year, 4, 1)

    @property
    def last_day(self) -> dt.date:
        """The 31 March that ends it."""
        return dt.date(self.start_year + 1, 3, 31)


def campaign_year(day: dt.date) -> int:
    """The year in which the campaign of a day begins: 31/03/2026 is of 2025, 01/04/2026 of 2026 (rule 26)."""
    return day.year if day >= dt.date(day.year, 4, 1) else day.year - 1


@dataclass(frozen=True)
class Exclusion:
    """A seasonal stop to which the regime does not apply (L.5424-7, set by the DREETS; rule 8).

    Days are (month, day), both included; a season may pass the new year. An empty `departement` or
    `activity` is any; an altitude must be above `altitude` metres.
    """

    departement: str
    activity: str
    altitude: int
    first: tuple[int, int]
    last: tuple[int, int]

    def covers(self, day: dt.date) -> bool:
        """Whether a day falls in the season."""
        here = (day.month, day.day)
        if self.first <= self.last:
            return self.first <= here <= self.last
        return here >= self.first or here <= self.last


@dataclass(frozen=True)
class Parameters:
    """All that is dated: campaigns, hourly ceilings of social security by year, holidays, exclusions.

    `holidays` are those of all France, `local_holidays` those of Alsace-Moselle alone.
    """

    campaigns: Mapping[int, Campaign]
    hourly_ceilings: Mapping[int, Decimal]
    holidays: frozenset[dt.date] = frozenset()
    local_holidays: frozenset[dt.date] = frozenset()
    exclusions: tuple[Exclusion, ...] = ()
    readings: Readings = field(default_factory=Readings)

    def holidays_in(self, departement: str) -> frozenset[dt.date]:
        """The days that are not worked in a département (L.3133-1; L.3134-13 for Alsace-Moselle)."""
        return self.holidays | self.local_holidays if departement in ALSACE_MOSELLE else self.holidays

    def campaign_of(self, day: dt.date) -> Campaign:
        """The campaign of a day (rule 26); raises ParameterMissing."""
        year = campaign_year(day)
        if year not in self.campaigns:
            raise ParameterMissing(f"Les paramètres de la campagne {year}-{year + 1} ne sont pas saisis.")
        return self.campaigns[year]

    def hourly_ceiling_of(self, day: dt.date) -> Decimal:
        """The hourly ceiling of social security of a day, in euros; raises ParameterMissing."""
        if day.year not in self.hourly_ceilings:
            raise ParameterMissing(
                f"Le plafond horaire de la Sécurité sociale de {day.year} n’est pas saisi."
            )
        return self.hourly_ceilings[day.year]
