"""By when a stoppage must be declared, under pain of forclusion (D.5424-24; rule 6)."""

from __future__ import annotations

import calendar
import datetime as dt
import enum
from collections.abc import Container
from dataclasses import dataclass

from intemperies.calculation.findings import Finding, ok, warn
from intemperies.calculation.parameters import Parameters, Tolerance
from portal import clock
from portal.templatetags.french import long_date

RULE = 6
TOLERATED_DAYS = 30
SATURDAY = 5


class Standing(enum.Enum):
    """Where a day stands before the deadline."""

    IN_TIME = "in_time"
    TOLERATED = "tolerated"
    OUT_OF_TIME = "out_of_time"


@dataclass(frozen=True)
class Deadline:
    """The last days on which a declaration is in time, and on which the caisse still takes it as such."""

    legal: dt.date
    tolerated: dt.date

    def standing(self, day: dt.date) -> Standing:
        """Whether a declaration sent on that day is in time."""
        if day <= self.legal:
            return Standing.IN_TIME
        return Standing.TOLERATED if day <= self.tolerated else Standing.OUT_OF_TIME

    def counter(self, day: dt.date) -> str:
        """How many days are left from that one on: « encore 25 jours »."""
        left = (self.tolerated - day).days
        if left < 0:
            return "délai dépassé"
        if left == 0:
            return "c’est le dernier jour"
        return "encore 1 jour" if left == 1 else f"encore {left} jours"

    def finding(self, day: dt.date) -> Finding:
        """The same, told: never a refusal, since what is late is marked and not dropped."""
        standing = self.standing(day)
        if standing is Standing.OUT_OF_TIME:
            last = long_date(self.tolerated)
            return warn(
                RULE,
                f"Le délai a pris fin le {last}, sous peine de forclusion. La déclaration peut encore être"
                " envoyée\u00a0: elle sera marquée hors délai.",
            )
        if standing is Standing.TOLERATED:
            return warn(
                RULE,
                f"Le délai d’un mois a pris fin le {long_date(self.legal)}\u00a0: votre caisse l’accepte"
                f" encore jusqu’au {long_date(self.tolerated)}.",
            )
        said = f"À envoyer au plus tard le {long_date(self.tolerated)}\u00a0: {self.counter(day)}."
        return ok(RULE, said)


def deadline(resumption: dt.date, parameters: Parameters, departement: str = "") -> Deadline:
    """One month from the day of resumption, and what the caisse tolerates beyond.

    `departement` is the worksite's: whether the day after is a working one is known there (our reading).
    """
    legal = clock.months_after(resumption, 1)
    if parameters.readings.tolerance is Tolerance.NONE:
        return Deadline(legal, legal)
    tolerated = _end_of_month_tolerated(resumption, parameters.holidays_in(departement))
    return Deadline(legal, max(legal, tolerated))


def _end_of_month_tolerated(resumption: dt.date, holidays: Container[dt.date]) -> dt.date:
    """Thirty days, then the end of that month, then the next working day if that one is not."""
    thirty = resumption + dt.timedelta(days=TOLERATED_DAYS)
    day = thirty.replace(day=calendar.monthrange(thirty.year, thirty.month)[1])
    while day.weekday() >= SATURDAY or day in holidays:
        day += dt.timedelta(days=1)
    return day
