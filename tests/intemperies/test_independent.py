"""What stoppages are worth is worked out twice, and the two never differ (rules 11 to 26).

STOPS says over how many stops. A failure names its case: `list(differences(drawn(number)))` finds it again.
"""

import itertools
import os
import random
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest

from intemperies.calculation.allowance import allowance
from intemperies.calculation.lost_hours import Lost, Stop, shared_out
from intemperies.calculation.parameters import CarenceScope, Readings
from intemperies.calculation.published import published
from intemperies.calculation.refund import by_campaign, refund
from tests.intemperies.drawn import drawn
from tests.intemperies.independent import BEYOND, CARENCE, FIRST_BAND, worked_out

STOPS, PARTS = int(os.environ.get("STOPS", "10000")), 10
PUBLISHED = published()
PARAMETERS = replace(  # a campaign whose coefficient is not published yet is given that of the others
    PUBLISHED,
    campaigns={
        year: replace(campaign, canicule=campaign.canicule or Decimal("0.5"))
        for year, campaign in PUBLISHED.campaigns.items()
    },
)


def decimal(fraction):
    return Decimal(fraction.numerator) / Decimal(fraction.denominator)


def calculated(case):
    """The same case through the portal's own calculation, its losses being entered in no order."""
    losses = [
        Lost(Stop(stop.worksite, stop.begins), day, Decimal(quarters) / 4)
        for stop in case.stops
        for day, quarters in stop.quarters.items()
    ]
    random.Random(len(losses)).shuffle(losses)
    shares = shared_out(losses, readings(case), case.days_before)
    wage = decimal(case.wage)
    refunds = {
        year: refund(of_year, wage, decimal(case.payrolls[year]), PARAMETERS, canicule=case.heat).amount
        for year, of_year in by_campaign(shares, PARAMETERS).items()
    }
    return shares, allowance(shares, wage, PARAMETERS).amount, refunds


def readings(case):
    return Readings(
        carence_first=case.carence_first,
        carence_scope=CarenceScope.WORKSITE if case.week_of_each_worksite else CarenceScope.EMPLOYEE,
        first_band_hours=decimal(case.first_band_hours),
    )


def hours_told(shares):
    """By day and stop: the carence, what is refunded at each rate, and what is paid."""
    return {
        (share.lost.day, share.lost.stop.begins): (share.carence, share.first_band, share.beyond, share.paid)
        for share in shares
    }


def hours_expected(lines):
    return {
        key: tuple(
            Decimal(quarters) / 4
            for quarters in (line[CARENCE], line[FIRST_BAND], line[BEYOND], line[FIRST_BAND] + line[BEYOND])
        )
        for key, line in lines.items()
    }


def differences(case):
    """A sentence for each thing that the two calculators say otherwise of one case."""
    expected = worked_out(case)
    shares, owed, refunds = calculated(case)
    due = {year: expected.refunds.get(year, Fraction(0)) for year in refunds | expected.refunds}
    for name, ours, theirs in (
        ("hours", hours_told(shares), hours_expected(expected.lines)),
        ("allowance", {"": owed}, {"": decimal(expected.allowance)}),
        ("refund", refunds, {year: decimal(amount) for year, amount in due.items()}),
    ):
        for key in sorted(ours.keys() | theirs.keys()):
            if ours.get(key) != theirs.get(key):
                yield f"{name} {key}: {ours.get(key)}, expected {theirs.get(key)}"


@pytest.mark.parametrize("part", range(PARTS))
def test_a_second_calculator_finds_the_same_hours_and_the_same_euros(part):
    stops = 0
    for number in itertools.count(part, PARTS):
        case = drawn(number)
        found = list(differences(case))
        assert not found, f"drawn({number}) = {case}\n" + "\n".join(found)
        stops += len(case.stops)
        if stops >= STOPS / PARTS:
            break
