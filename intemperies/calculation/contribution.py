"""What the employer pays to the regime each campaign (D.5424-36 and the yearly order; rule 24)."""

from __future__ import annotations

from decimal import Decimal

from intemperies.calculation.allowance import rounded
from intemperies.calculation.lost_hours import NOTHING
from intemperies.calculation.parameters import Campaign, Trade


def contribution(payroll: Decimal, campaign: Campaign, trade: Trade) -> Decimal:
    """The trade's rate on the payroll above the abattement, in euros; zero when it is not above."""
    return rounded(max(payroll - campaign.abattement, NOTHING) * campaign.contribution_rates[trade])
