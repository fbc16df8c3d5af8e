"""When a worksite stopped and resumed: what a declaration holds, and what it cannot (rules 3, 4, 5 and 7)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from intemperies.calculation.findings import Finding, ok, refuse, warn
from intemperies.calculation.lost_hours import week_of
from intemperies.calculation.parameters import Campaign, Trade
from portal.templatetags.french import amount, long_date, time_fr


@dataclass(frozen=True, order=True)
class Period:
    """From a stop to the resumption; a draft may not know the resumption yet."""

    begins: dt.datetime
    resumes: dt.datetime | None = None

    def overlaps(self, other: Period) -> bool:
        """Whether some instant is in both; a resumption at the instant of a stop is no overlap."""
        return self._end > other.begins and other._end > self.begins

    @property
    def _end(self) -> dt.datetime:
        return self.resumes or dt.datetime.max.replace(tzinfo=self.begins.tzinfo)


def joins(period: Period, declared: Iterable[Period]) -> bool:
    """Whether a stop belongs to a declaration of its worksite: it began in the same ISO week (rule 3)."""
    return any(week_of(period.begins.date()) == week_of(other.begins.date()) for other in declared)


def trades_finding(trades: Collection[Trade]) -> Finding:
    """Structural and finishing staff with separate payrolls are two declarations (rule 4)."""
    if len(set(trades)) > 1:
        return refuse(
            4, "Le gros œuvre et le second œuvre se déclarent séparément\u00a0: faites deux déclarations."
        )
    return ok(4)


def period_findings(periods: Collection[Period], now: dt.datetime, *, sending: bool) -> list[Finding]:
    """Each has come, ends after it begins and overlaps no other; none is sent without its end (rule 5)."""
    findings = [finding for period in periods for finding in _faults(period, now, sending)]
    for earlier, later in pairwise(sorted(periods, key=lambda period: period.begins)):
        if earlier.overlaps(later):
            findings.append(
                refuse(
                    5, f"L’arrêt du {_moment(later.begins)} commence avant la reprise de celui qui précède."
                )
            )
    return findings or [ok(5)]


def _faults(period: Period, now: dt.datetime, sending: bool) -> Iterable[Finding]:
    if period.begins > now:
        yield refuse(5, f"L’arrêt du {_moment(period.begins)} est dans le futur.")
    if period.resumes is None:
        if sending:
            yield refuse(5, f"Il manque la reprise de l’arrêt du {_moment(period.begins)}.")
    elif period.resumes <= period.begins:
        yield refuse(5, f"La reprise du {_moment(period.resumes)} doit suivre l’arrêt.")
    elif period.resumes > now:
        yield refuse(5, f"La reprise du {_moment(period.resumes)} est dans le futur.")


def _moment(instant: dt.datetime) -> str:
    return f"{long_date(instant)} à {time_fr(instant)}"


def payroll_finding(payroll: Decimal, campaign: Campaign) -> Finding:
    """A payroll within the abattement brings nothing back, and the stop is declared all the same (rule 7)."""
    if payroll > campaign.abattement:
        return ok(7)
    return warn(
        7,
        f"Vos salaires ({amount(payroll)}) ne dépassent pas l’abattement"
        f" ({amount(campaign.abattement)})\u00a0: le remboursement sera nul, mais la déclaration reste"
        " obligatoire.",
    )
