"""What the employer owes an employee for lost hours (L.5424-12, D.5424-12 to D.5424-15; rules 15 to 20)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from intemperies.calculation.lost_hours import NOTHING, Share, total
from intemperies.calculation.parameters import Parameters
from intemperies.calculation.sentences import TIMES, hours
from portal.templatetags.french import MINUS, amount

ALLOWED_PART = Decimal("0.75")
CEILING_PART = Decimal("1.20")
CENT = Decimal("0.01")


def rounded(value: Decimal) -> Decimal:
    """Euros and cents, half up: once, when an amount is said."""
    return value.quantize(CENT, ROUND_HALF_UP)


@dataclass(frozen=True)
class Allowance:
    """An amount in euros, already rounded, and the sentences that explain it, in order."""

    amount: Decimal
    paid_hours: Decimal
    explanation: tuple[str, ...]


def wage_ceiling(hourly_ceiling: Decimal) -> Decimal:
    """The most that an hour's wage counts for: social security's ceiling and a fifth (D.5424-15; rule 16)."""
    return hourly_ceiling * CEILING_PART


def unit_of(wage: Decimal, hourly_ceiling: Decimal) -> Decimal:
    """What one paid hour is worth, in euros, not rounded: 75 % of the capped wage (rule 16)."""
    return min(wage, wage_ceiling(hourly_ceiling)) * ALLOWED_PART


def allowance(shares: Sequence[Share], wage: Decimal, parameters: Parameters) -> Allowance:
    """What one employee is owed for his shares, at his hourly wage of the eve of the stop, in euros.

    Each hour is capped by the ceiling of its own day's year. Raises ParameterMissing.
    """
    exact = sum((share.paid * _unit(share, wage, parameters) for share in shares), NOTHING)
    paid = total(shares, lambda share: share.paid)
    said = [_hours_sentence(shares), *_wage_sentences(shares, wage, parameters)]
    return Allowance(rounded(exact), paid, tuple(said))


def _unit(share: Share, wage: Decimal, parameters: Parameters) -> Decimal:
    return unit_of(wage, parameters.hourly_ceiling_of(share.lost.day))


def _hours_sentence(shares: Sequence[Share]) -> str:
    """« 12 h perdues − 1 h de carence = 11 h »."""
    said = f"{hours(total(shares, lambda share: share.lost.hours))} perdues"
    if carence := total(shares, lambda share: share.carence):
        said += f" {MINUS} {hours(carence)} de carence"
    if capped := total(shares, lambda share: share.capped):
        said += f" {MINUS} {hours(capped)} au-delà des plafonds"
    return f"{said} = {hours(total(shares, lambda share: share.paid))}"


def _wage_sentences(shares: Sequence[Share], wage: Decimal, parameters: Parameters) -> list[str]:
    """For each calendar year: « 11 h × 14,00 € × 75 % = 115,50 € », and the ceiling where it holds."""
    said = []
    for year in sorted({share.lost.day.year for share in shares if share.paid}):
        of_year = [share for share in shares if share.lost.day.year == year]
        most = wage_ceiling(parameters.hourly_ceiling_of(of_year[0].lost.day))
        paid = total(of_year, lambda share: share.paid)
        if wage > most:
            said.append(
                f"Salaire horaire de {amount(wage)} ramené au plafond de {year}\u00a0: {amount(most)}"
            )
        kept = min(wage, most)
        said.append(
            f"{hours(paid)} {TIMES} {amount(kept)} {TIMES} 75\u00a0% = {amount(paid * kept * ALLOWED_PART)}"
        )
    return said
