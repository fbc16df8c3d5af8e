"""Whether an employee may be indemnified (L.5424-11 to L.5424-13, D.5424-11; rules 10 to 14)."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations, product

from intemperies.calculation.findings import Finding, ok, refuse, warn
from intemperies.calculation.lost_hours import MOST_DAYS_IN_A_YEAR, MOST_IN_A_DAY, NOTHING
from intemperies.calculation.sentences import hours
from portal.templatetags.french import long_date, time_fr

HOURS_NEEDED = Decimal(200)
DAY_MINUTES = 24 * 60


class Absence(enum.Enum):
    """Why somebody was not there to lose hours."""

    LEAVE = "conge"
    SICKNESS = "maladie"
    WORK_ACCIDENT = "accident"
    UNFIT = "inapte"


_SAID = {
    Absence.LEAVE: "en congé",
    Absence.SICKNESS: "en arrêt maladie",
    Absence.WORK_ACCIDENT: "en accident du travail",
    Absence.UNFIT: "inapte",
}


def hours_finding(worked: Decimal | None) -> Finding:
    """Two hundred hours in the two months before the stop, for any employers of the trade (rule 10).

    Paid leave, work accidents and training count. None: the declarant has not said.
    """
    if worked is None:
        return refuse(10, "Indiquez les heures travaillées dans le BTP pendant les deux mois qui précèdent.")
    if worked < HOURS_NEEDED:
        return refuse(
            10,
            f"{hours(worked)} travaillées dans le BTP en deux mois\u00a0:"
            f" il en faut au moins {hours(HOURS_NEEDED)}.",
        )
    return ok(10)


def days_finding(paid_before: int, year: int) -> Finding:
    """Fifty-five days indemnified at the most in a calendar year (rule 11)."""
    left = MOST_DAYS_IN_A_YEAR - paid_before
    if left <= 0:
        return warn(
            11,
            f"{paid_before} jours déjà indemnisés en {year}\u00a0: les {MOST_DAYS_IN_A_YEAR} jours de"
            " l’année civile sont atteints, rien n’est plus indemnisé.",
        )
    return ok(11, f"{left} jours restaient indemnisables en {year} avant cet arrêt." if left > 1 else "")


def newcomer_finding(hired_on: dt.date | None, first_day: dt.date, days_stated: int | None) -> Finding:
    """Whoever was hired since 1 January says how many days others have indemnified (rule 12)."""
    if hired_on is None or hired_on <= dt.date(first_day.year, 1, 1) or days_stated is not None:
        return ok(12)
    return refuse(
        12,
        f"Embauché le {long_date(hired_on)}\u00a0: indiquez les jours déjà indemnisés depuis le 1er janvier"
        " chez ses employeurs précédents, et gardez leur attestation.",
    )


def absence_finding(day: dt.date, absence: Absence | None) -> Finding:
    """Nobody is indemnified for a day of leave, sickness or work accident, nor when unfit (rule 13)."""
    if absence is None:
        return ok(13)
    return refuse(
        13, f"Le {long_date(day)}, le salarié est {_SAID[absence]}\u00a0: ce jour n’est pas indemnisé."
    )


@dataclass(frozen=True)
class Claim:
    """Hours that one employee is said to lose on one day by one declaration, from one time to another."""

    declaration: Hashable
    worksite: str
    begins: dt.time
    ends: dt.time
    hours: Decimal


def same_day_findings(day: dt.date, claims: Sequence[Claim]) -> list[Finding]:
    """Two declarations on one day: nine hours in all, and no hour lost twice (rule 14).

    Two worksites, or the two trades of one.
    """
    findings: list[Finding] = []
    declarations = {claim.declaration for claim in claims}
    worksites = {claim.worksite for claim in claims}
    lost = sum((claim.hours for claim in claims), NOTHING)
    if len(declarations) > 1 and lost > MOST_IN_A_DAY:
        over = f"sur {len(worksites)} chantiers" if len(worksites) > 1 else "par deux déclarations"
        findings.append(
            refuse(
                14,
                f"Le {long_date(day)}\u00a0: {hours(lost)} perdues {over},"
                f" {hours(MOST_IN_A_DAY)} au plus peuvent l’être.",
            )
        )
    findings += _same_hours(day, claims)
    return findings or [ok(14)]


def _same_hours(day: dt.date, claims: Sequence[Claim]) -> Iterable[Finding]:
    """Refused when the hours cannot all be different ones, or the worksite is the same; else asked.

    A stop covers more of a day than anybody works: whoever is sent to another worksite, which stops too,
    loses hours of both.
    """
    for begins, ends in product({claim.begins for claim in claims}, {claim.ends for claim in claims}):
        within = [claim for claim in claims if begins <= claim.begins and claim.ends <= ends]
        lost = sum((claim.hours for claim in within), NOTHING)
        if len({claim.declaration for claim in within}) > 1 and lost > _hours_between(begins, ends):
            between = f"entre {time_fr(begins)} et {_until(ends)}"
            yield refuse(14, f"Le {long_date(day)}, {hours(lost)} sont perdues {between}\u00a0: c’est trop.")
            return
    for one, other in combinations(claims, 2):
        if one.declaration == other.declaration or one.ends <= other.begins or other.ends <= one.begins:
            continue
        if one.worksite == other.worksite:
            same = f"Le {long_date(day)}, un autre arrêt envoyé pour {one.worksite} porte les mêmes heures."
            yield refuse(14, same)
        else:
            yield warn(
                14,
                f"Le {long_date(day)}, les arrêts de {other.worksite} et de {one.worksite} se recouvrent"
                "\u00a0: vérifiez qu’aucune heure n’est déclarée deux fois.",
            )


def _hours_between(begins: dt.time, ends: dt.time) -> Decimal:
    """The end of a day is `time.max`."""
    last = DAY_MINUTES if ends == dt.time.max else ends.hour * 60 + ends.minute
    return Decimal(last - begins.hour * 60 - begins.minute) / 60


def _until(ends: dt.time) -> str:
    return "minuit" if ends == dt.time.max else time_fr(ends)
