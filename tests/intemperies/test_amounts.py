"""The allowance, the refund and the contribution, in euros (rules 16, 17 and 21 to 26)."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intemperies.calculation.allowance import allowance, unit_of
from intemperies.calculation.contribution import contribution
from intemperies.calculation.parameters import ParameterMissing, Trade, campaign_year
from intemperies.calculation.published import CAMPAIGNS, published
from intemperies.calculation.refund import by_campaign, coefficient, refund
from tests.intemperies.stoppages import MONDAY, lost, shares_of, stop

PARAMETERS = published()
EIGHTIETH = CAMPAIGNS[2025]
EXAMPLE = shares_of(lost(stop(hour=10), 5, 7))
NBSP = "\u00a0"


@pytest.mark.parametrize(
    ("wage", "year", "unit"),
    [
        (41, 2026, "27.00"),
        (36, 2026, "27.00"),
        ("35.99", 2026, "26.9925"),
        (41, 2025, "26.10"),
        ("34.80", 2025, "26.10"),
        (14, 2026, "10.50"),
    ],
)
def test_rule_16_the_wage_counts_up_to_the_ceiling_and_a_fifth(wage, year, unit):
    ceiling = PARAMETERS.hourly_ceiling_of(dt.date(year, 6, 1))
    assert unit_of(Decimal(wage), ceiling) == Decimal(unit)


@pytest.mark.parametrize(
    ("hours", "wage", "owed"),
    [
        ((5, 7), 14, "115.50"),
        ((8,), 12, "63.00"),
        ((10,), "15.37", "103.75"),
        ((2,), 41, "27.00"),
        ((1,), 14, 0),
    ],
)
def test_rule_17_an_employee_is_owed_three_quarters_of_his_wage(hours, wage, owed):
    assert allowance(shares_of(lost(stop(), *hours)), Decimal(wage), PARAMETERS).amount == Decimal(owed)


def test_rule_16_each_day_has_the_ceiling_of_its_own_year():
    wednesday = dt.date(2025, 12, 31)
    shares = shares_of(lost(stop(wednesday), 5, 4))
    assert allowance(shares, Decimal(41), PARAMETERS).amount == 4 * Decimal("26.10") + 4 * Decimal(27)


def test_an_allowance_says_how_it_was_found():
    said = allowance(EXAMPLE, Decimal(14), PARAMETERS).explanation
    assert [text.replace(NBSP, " ") for text in said] == [
        "12 h perdues − 1 h de carence = 11 h",
        "11 h × 14,00 € × 75 % = 115,50 €",
    ]


def test_an_allowance_says_what_the_caps_took():
    said = allowance(shares_of(lost(stop(), 12)), Decimal(41), PARAMETERS).explanation
    assert [text.replace(NBSP, " ") for text in said] == [
        "12 h perdues − 1 h de carence − 2 h au-delà des plafonds = 9 h",
        "Salaire horaire de 41,00 € ramené au plafond de 2026 : 36,00 €",
        "9 h × 36,00 € × 75 % = 243,00 €",
    ]


@pytest.mark.parametrize(
    ("payroll", "back"),
    [
        (480_600, "40.85"),
        (200_000, "28.10"),
        (285_120, "35.70"),  # three abattements to the cent are still 90 %: 53.55 × 2/3
        ("285120.01", "33.95"),  # a cent more is 85 %: 50.925 × 2/3
        (95_040, "0.00"),
        (95_041, "0.00"),
    ],
)
def test_rules_21_and_23_what_the_payroll_decides_of_the_refund(payroll, back):
    assert refund(EXAMPLE, Decimal(14), Decimal(payroll), PARAMETERS, canicule=False).amount == Decimal(back)


@pytest.mark.parametrize(
    ("hours", "wage", "payroll", "back"),
    [
        ((4,), 20, 480_600, "3.61"),  # 3 h × 15 = 45 × 10 % × 0.802247
        ((8, 8), 20, 480_600, "99.28"),  # 6 × 15 × 10 % + 9 × 15 × 85 % = 123.75 × 0.802247
        ((8,), 36, 190_080, "20.25"),  # 6 × 27 × 10 % + 1 × 27 × 90 % = 40.50 × 0.5
        (("8.25",), 20, 142_560, "8.63"),  # 9 + 1.25 × 15 × 90 % = 25.875, and a third of it is 8.625
    ],
)
def test_rule_21_refunds_worked_by_hand(hours, wage, payroll, back):
    shares = shares_of(lost(stop(), *hours))
    assert refund(shares, Decimal(wage), Decimal(payroll), PARAMETERS, canicule=False).amount == Decimal(back)


def test_rule_21_the_coefficient_is_what_the_abattement_leaves_of_the_payroll():
    assert coefficient(Decimal(480_600), EIGHTIETH).quantize(Decimal("0.000001")) == Decimal("0.802247")
    assert coefficient(Decimal(200_000), EIGHTIETH) == Decimal("0.5248")
    assert coefficient(Decimal(190_080), EIGHTIETH) == Decimal("0.5")
    assert coefficient(Decimal(95_040), EIGHTIETH) == 0


@pytest.mark.parametrize(
    ("payroll", "back"),
    [
        (200_000, "28.10"),  # 0.5248 × (6.30 + 52.50 × 90 %)
        (190_080, "26.78"),  # a half of 53.55, rounded up
        (285_120, "35.70"),  # three abattements exactly: still 90 %, two thirds of 53.55
        ("285120.01", "33.95"),  # above them: 85 %, two thirds of 6.30 + 44.625
        (95_040, "0.00"),
        ("95040.01", "0.00"),
        (90_000, "0.00"),
    ],
)
def test_rule_23_ninety_percent_up_to_three_abattements_and_nothing_up_to_one(payroll, back):
    assert refund(EXAMPLE, Decimal(14), Decimal(payroll), PARAMETERS, canicule=False).amount == Decimal(back)


@pytest.mark.parametrize(("payroll", "back"), [(480_600, "20.43"), (200_000, "14.05"), (90_000, "0.00")])
def test_rule_22_the_campaigns_coefficient_multiplies_what_heat_brings_back(payroll, back):
    assert refund(EXAMPLE, Decimal(14), Decimal(payroll), PARAMETERS, canicule=True).amount == Decimal(back)


def test_rule_22_a_coefficient_that_is_not_known_is_asked_for_and_never_guessed():
    shares = shares_of(lost(stop(dt.date(2026, 7, 6)), 5))
    with pytest.raises(ParameterMissing, match="canicule de la 81e campagne"):
        refund(shares, Decimal(14), Decimal(200_000), PARAMETERS, canicule=True)


@pytest.mark.parametrize(
    ("payroll", "trade", "due"),
    [
        (480_600, Trade.STRUCTURAL, "2621.81"),
        (480_600, Trade.FINISHING, "501.23"),
        (95_040, Trade.STRUCTURAL, 0),
        (50_000, Trade.FINISHING, 0),
        (195_040, Trade.STRUCTURAL, 680),
        ("95140.50", Trade.FINISHING, "0.13"),
    ],
)
def test_rule_24_the_contribution_is_on_what_passes_the_abattement(payroll, trade, due):
    assert contribution(Decimal(payroll), EIGHTIETH, trade) == Decimal(due)


@pytest.mark.parametrize(
    ("day", "number"),
    [
        ((2026, 3, 31), 80),
        ((2026, 4, 1), 81),
        ((2025, 4, 1), 80),
        ((2025, 12, 31), 80),
        ((2024, 3, 31), 78),
        ((2026, 11, 21), 81),
    ],
)
def test_rule_26_the_campaign_of_a_stop_is_by_its_date(day, number):
    assert PARAMETERS.campaign_of(dt.date(*day)).number == number
    campaign = PARAMETERS.campaign_of(dt.date(*day))
    assert campaign.first_day <= dt.date(*day) <= campaign.last_day


def test_rule_26_a_stop_across_31_march_is_split():
    across = shares_of(lost(stop(dt.date(2026, 3, 30)), 7, 7, 7))
    split = by_campaign(across, PARAMETERS)
    assert {year: [share.lost.day.day for share in shares] for year, shares in split.items()} == {
        2025: [30, 31],
        2026: [1],
    }
    with pytest.raises(ValueError, match="one campaign"):
        refund(across, Decimal(14), Decimal(200_000), PARAMETERS, canicule=False)


def test_rule_26_a_campaign_that_is_not_entered_is_asked_for():
    with pytest.raises(ParameterMissing, match="campagne 2031-2032"):
        PARAMETERS.campaign_of(dt.date(2032, 3, 31))
    assert campaign_year(dt.date(2032, 3, 31)) == 2031


def test_rule_25_a_refund_says_its_campaign_and_how_it_was_found():
    said = refund(EXAMPLE, Decimal(14), Decimal(480_600), PARAMETERS, canicule=False).explanation
    assert [text.replace(NBSP, " ") for text in said] == [
        "80e campagne : (480 600,00 € − 95 040,00 €) / 480 600,00 € = 0,802247",
        "63,00 € × 10 % : les premières heures après la carence",
        "52,50 € × 85 % : les suivantes (salaires au-delà de trois abattements)",
        "Remboursement : 40,85 €",
    ]


def test_an_abattement_of_another_year_changes_the_refund():
    other = replace(EIGHTIETH, abattement=Decimal(96_168))
    assert coefficient(Decimal(192_336), other) == Decimal("0.5")


money = st.decimals(min_value=1, max_value=2_000_000, places=2)
days = st.lists(st.integers(0, 48).map(lambda count: Decimal(count) / 4), min_size=1, max_size=5)


@given(days, st.decimals(min_value=10, max_value=60, places=2), money, st.booleans())
def test_a_refund_is_never_above_the_allowance(hours, wage, payroll, canicule):
    shares = shares_of(lost(stop(MONDAY), *hours))
    if not shares:
        return
    back = refund(shares, wage, payroll, PARAMETERS, canicule=canicule).amount
    assert 0 <= back <= allowance(shares, wage, PARAMETERS).amount
