"""What the caisse gives back to the employer (D.5424-25, D.5424-26; rules 21 to 26)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from intemperies.calculation.allowance import rounded, unit_of
from intemperies.calculation.lost_hours import NOTHING, Share
from intemperies.calculation.parameters import Campaign, ParameterMissing, Parameters
from intemperies.calculation.sentences import TIMES, figure, hours, percent
from portal.templatetags.french import MINUS, amount

FIRST_BAND_RATE = Decimal("0.10")
LARGE_PAYROLL_RATE = Decimal("0.85")
SMALL_PAYROLL_RATE = Decimal("0.90")
LARGE_PAYROLL = 3


@dataclass(frozen=True)
class Refund:
    """An amount in euros, already rounded, of one campaign, and the sentences that explain it, in order."""

    campaign: Campaign
    amount: Decimal
    explanation: tuple[str, ...]


def coefficient(payroll: Decimal, campaign: Campaign) -> Decimal:
    """(S − A) / S, not rounded; zero when S is not above the abattement A (D.5424-25; rules 21, 23)."""
    return _part(Decimal(1), payroll, campaign)


def rate_beyond(payroll: Decimal, campaign: Campaign) -> Decimal:
    """85 % above three abattements, 90 % up to them included (D.5424-26; rules 21, 23)."""
    return LARGE_PAYROLL_RATE if payroll > LARGE_PAYROLL * campaign.abattement else SMALL_PAYROLL_RATE


def by_campaign(shares: Sequence[Share], parameters: Parameters) -> dict[int, list[Share]]:
    """The shares by the year in which their campaign begins: a stop across 31 March is split (rule 26)."""
    split: dict[int, list[Share]] = {}
    for share in shares:
        split.setdefault(parameters.campaign_of(share.lost.day).start_year, []).append(share)
    return dict(sorted(split.items()))


def refund(
    shares: Sequence[Share], wage: Decimal, payroll: Decimal, parameters: Parameters, *, canicule: bool
) -> Refund:
    """What one employee's shares of one campaign bring back, in euros.

    `payroll`: the capped wages S declared from 1 April to 31 March. `canicule`: the campaign's own
    coefficient multiplies the refund (rule 22). Raises ParameterMissing, and ValueError when the shares are
    of several campaigns or none.
    """
    split = by_campaign(shares, parameters)
    if len(split) != 1:
        raise ValueError("the shares of one campaign are wanted")
    campaign = parameters.campaigns[next(iter(split))]
    first, beyond = _worth(shares, wage, parameters)
    bands = first * FIRST_BAND_RATE + beyond * rate_beyond(payroll, campaign)
    exact = _part(bands * _heat(campaign, canicule), payroll, campaign)
    said = _explained(campaign, payroll, first, beyond, canicule)
    return Refund(campaign, rounded(exact), (*said, f"Remboursement\u00a0: {amount(exact)}"))


def _part(euros: Decimal, payroll: Decimal, campaign: Campaign) -> Decimal:
    """Some euros times (S − A) / S, divided last: a third, cut to 28 digits first, would lose half cents."""
    if payroll <= campaign.abattement:
        return NOTHING
    return euros * (payroll - campaign.abattement) / payroll


def _worth(shares: Sequence[Share], wage: Decimal, parameters: Parameters) -> tuple[Decimal, Decimal]:
    """The allowance of the first band and of what is beyond, not rounded."""
    first = beyond = NOTHING
    for share in shares:
        unit = unit_of(wage, parameters.hourly_ceiling_of(share.lost.day))
        first += share.first_band * unit
        beyond += share.beyond * unit
    return first, beyond


def _heat(campaign: Campaign, canicule: bool) -> Decimal:
    if not canicule:
        return Decimal(1)
    if campaign.canicule is None:
        raise ParameterMissing(
            f"Le coefficient de canicule de la {campaign.number}e campagne n’est pas saisi."
        )
    return campaign.canicule


def formula(payroll: Decimal, campaign: Campaign) -> str:
    """(S − A) / S of a campaign with its figures, or why nothing comes back (D.5424-25; rules 21, 23)."""
    named = f"{campaign.number}e campagne"
    if payroll <= campaign.abattement:
        return (
            f"{named}\u00a0: les salaires ({amount(payroll)}) ne dépassent pas l’abattement"
            f" ({amount(campaign.abattement)}), le remboursement est nul"
        )
    return (
        f"{named}\u00a0: ({amount(payroll)} {MINUS} {amount(campaign.abattement)}) / {amount(payroll)}"
        f" = {figure(coefficient(payroll, campaign), 6)}"
    )


def rates(payroll: Decimal, campaign: Campaign, first_band: Decimal) -> list[str]:
    """The parts of an allowance that the formula multiplies; none when nothing comes back.

    `first_band`: the hours after the carence that are refunded at the first rate.
    """
    if payroll <= campaign.abattement:
        return []
    beyond = percent(rate_beyond(payroll, campaign))
    said = [
        f"{percent(FIRST_BAND_RATE)} de l’indemnité des {hours(first_band)} qui suivent la carence",
        f"{beyond} de celle des suivantes ({_band_of(payroll, campaign)})",
    ]
    heat = "le coefficient n’est pas encore publié"
    if campaign.canicule is not None:
        heat = f"{TIMES} {percent(campaign.canicule)}"
    return [*said, f"En cas de canicule\u00a0: {heat}"]


def _band_of(payroll: Decimal, campaign: Campaign) -> str:
    above = "au-delà de" if payroll > LARGE_PAYROLL * campaign.abattement else "jusqu’à"
    return f"salaires {above} trois abattements"


def _explained(
    campaign: Campaign, payroll: Decimal, first: Decimal, beyond: Decimal, canicule: bool
) -> list[str]:
    """The formula with its figures, a sentence a step."""
    if payroll <= campaign.abattement:
        return [formula(payroll, campaign)]
    said = [
        formula(payroll, campaign),
        f"{amount(first)} {TIMES} {percent(FIRST_BAND_RATE)}\u00a0: les premières heures après la carence",
        f"{amount(beyond)} {TIMES} {percent(rate_beyond(payroll, campaign))}\u00a0: les suivantes"
        f" ({_band_of(payroll, campaign)})",
    ]
    if canicule:
        said.append(f"Canicule\u00a0: {TIMES} {percent(_heat(campaign, canicule))}")
    return said
