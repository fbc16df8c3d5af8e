"""The figures published so far: what a new portal starts from, and staff then keep up to date.

Sources: the yearly orders as the caisses and professional bodies report them (docs/bad-weather.md).
"""

from __future__ import annotations

from decimal import Decimal

from intemperies.calculation.parameters import Campaign, Exclusion, Parameters, Trade

RATES = {Trade.STRUCTURAL: Decimal("0.0068"), Trade.FINISHING: Decimal("0.0013")}
HALF = Decimal("0.50")

CAMPAIGNS = {
    campaign.start_year: campaign
    for campaign in (
        Campaign(2023, Decimal(90168), RATES),
        Campaign(2024, Decimal(93204), RATES, HALF),
        Campaign(2025, Decimal(95040), RATES, HALF),
        Campaign(2026, Decimal(96168), RATES),
    )
}
HOURLY_CEILINGS = {2024: Decimal(29), 2025: Decimal(29), 2026: Decimal(30)}
EXCLUSIONS = (Exclusion(departement="", activity="", altitude=1500, first=(1, 1), last=(2, 28)),)


def published() -> Parameters:
    """Every published figure, with our readings as they stand by default."""
    return Parameters(CAMPAIGNS, HOURLY_CEILINGS, exclusions=EXCLUSIONS)
