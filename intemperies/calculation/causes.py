"""What may stop a worksite, and the conditions of a stop for heat (L.5424-8, D.5424-7-1; rules 1, 2, 8)."""

from __future__ import annotations

import datetime as dt
import enum
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from intemperies.calculation.findings import Finding, ok, refuse
from intemperies.calculation.parameters import Exclusion
from intemperies.calculation.sentences import figure
from portal.templatetags.french import long_date

FIRST_WATCH_DAY, LAST_WATCH_DAY = (6, 1), (9, 15)


class Cause(enum.Enum):
    """The conditions that the law lists; `ACCESS` is offered so as to be answered."""

    FROST = "gel"
    SNOW = "neige"
    BLACK_ICE = "verglas"
    RAIN = "pluie"
    STRONG_WIND = "vent"
    FLOOD = "inondation"
    HEAT = "canicule"
    ACCESS = "acces"


class Vigilance(enum.Enum):
    """Météo-France's vigilance for heat in the worksite's département on the day of the stop."""

    GREEN = "vert"
    YELLOW = "jaune"
    ORANGE = "orange"
    RED = "rouge"


@dataclass(frozen=True)
class Heat:
    """What the declarant states of a stop for heat."""

    vigilance: Vigilance
    prefect_order: bool = False

    @property
    def alerted(self) -> bool:
        """Orange, red, or an order of the prefect (arrêté of 27/05/2025)."""
        return self.prefect_order or self.vigilance in {Vigilance.ORANGE, Vigilance.RED}


def cause_finding(cause: Cause) -> Finding:
    """A blocked access is no bad weather (rule 1)."""
    if cause is Cause.ACCESS:
        return refuse(
            1,
            "Un accès impossible alors que le chantier lui-même peut travailler ne relève pas des"
            " intempéries\u00a0: il relève de l’activité partielle.",
        )
    return ok(1)


def heat_finding(cause: Cause, first_day: dt.date, heat: Heat | None) -> Finding:
    """From 1 June to 15 September, in orange or red vigilance or by order of the prefect (rule 2)."""
    if cause is not Cause.HEAT:
        return ok(2)
    if not FIRST_WATCH_DAY <= (first_day.month, first_day.day) <= LAST_WATCH_DAY:
        return refuse(
            2,
            f"Un arrêt pour canicule se déclare du 1er juin au 15 septembre\u00a0: le {long_date(first_day)}"
            " est en dehors de la veille saisonnière.",
        )
    if heat is None or not heat.alerted:
        return refuse(
            2,
            "Le département du chantier doit être en vigilance orange ou rouge, ou sous arrêté"
            " préfectoral\u00a0: la vigilance jaune ne suffit pas.",
        )
    return ok(2)


def season_finding(
    first_day: dt.date, *, departement: str, activity: str, altitude: int, exclusions: Iterable[Exclusion]
) -> Finding:
    """A season fixed for a département, an activity or an altitude in metres is excluded (rule 8)."""
    for exclusion in exclusions:
        if (
            exclusion.covers(first_day)
            and exclusion.departement in ("", departement)
            and folded(exclusion.activity) in ("", folded(activity))
            and altitude > exclusion.altitude
        ):
            above = (
                f"Au-dessus de {figure(Decimal(exclusion.altitude))} m, un" if exclusion.altitude else "Un"
            )
            return refuse(
                8,
                f"{above} arrêt à cette date est un arrêt saisonnier\u00a0: le régime ne s’y applique pas.",
            )
    return ok(8)


def folded(words: str) -> str:
    """Without case, accents, nor spaces around: « Étanchéité » is « etancheite »."""
    plain = unicodedata.normalize("NFKD", words.strip().casefold())
    return "".join(letter for letter in plain if not unicodedata.combining(letter))
