"""What may stop a worksite, heat, and seasonal stops (rules 1, 2 and 8)."""

import datetime as dt

import pytest

from intemperies.calculation.causes import (
    Cause,
    Heat,
    Vigilance,
    cause_finding,
    heat_finding,
    season_finding,
)
from intemperies.calculation.findings import Answer
from intemperies.calculation.parameters import Exclusion
from intemperies.calculation.published import EXCLUSIONS

ORANGE, YELLOW = Heat(Vigilance.ORANGE), Heat(Vigilance.YELLOW)


@pytest.mark.parametrize("cause", [cause for cause in Cause if cause is not Cause.ACCESS])
def test_rule_1_each_cause_of_the_law_is_taken(cause):
    assert cause_finding(cause).answer is Answer.OK


def test_rule_1_a_blocked_access_belongs_to_another_scheme():
    finding = cause_finding(Cause.ACCESS)
    assert finding.answer is Answer.REFUSE
    assert "activité partielle" in finding.sentence


@pytest.mark.parametrize(
    ("day", "answer"),
    [
        ((5, 31), Answer.REFUSE),
        ((6, 1), Answer.OK),
        ((7, 14), Answer.OK),
        ((9, 15), Answer.OK),
        ((9, 16), Answer.REFUSE),
        ((1, 12), Answer.REFUSE),
    ],
)
def test_rule_2_heat_is_declared_in_the_season_of_the_watch(day, answer):
    assert heat_finding(Cause.HEAT, dt.date(2026, *day), ORANGE).answer is answer


@pytest.mark.parametrize(
    ("heat", "answer"),
    [
        (ORANGE, Answer.OK),
        (Heat(Vigilance.RED), Answer.OK),
        (YELLOW, Answer.REFUSE),
        (Heat(Vigilance.GREEN), Answer.REFUSE),
        (Heat(Vigilance.YELLOW, prefect_order=True), Answer.OK),
        (None, Answer.REFUSE),
    ],
)
def test_rule_2_heat_needs_an_orange_watch_or_an_order(heat, answer):
    assert heat_finding(Cause.HEAT, dt.date(2026, 7, 6), heat).answer is answer


def test_rule_2_says_nothing_of_another_cause():
    assert heat_finding(Cause.SNOW, dt.date(2026, 1, 12), None).answer is Answer.OK


@pytest.mark.parametrize(
    ("day", "altitude", "answer"),
    [
        ((1, 1), 1501, Answer.REFUSE),
        ((2, 28), 1800, Answer.REFUSE),
        ((3, 1), 1800, Answer.OK),
        ((12, 31), 1800, Answer.OK),
        ((1, 15), 1500, Answer.OK),
    ],
)
def test_rule_8_a_seasonal_stop_at_altitude_is_excluded(day, altitude, answer):
    finding = season_finding(
        dt.date(2026, *day), departement="73", activity="GO", altitude=altitude, exclusions=EXCLUSIONS
    )
    assert finding.answer is answer


@pytest.mark.parametrize(
    ("departement", "activity", "day", "answer"),
    [
        ("05", "TP", (12, 20), Answer.REFUSE),
        ("05", "TP", (1, 10), Answer.REFUSE),
        ("05", "TP", (6, 1), Answer.OK),
        ("05", "GO", (12, 20), Answer.OK),
        ("04", "TP", (12, 20), Answer.OK),
    ],
)
def test_rule_8_a_row_holds_for_its_departement_and_activity_across_the_new_year(
    departement, activity, day, answer
):
    row = Exclusion(departement="05", activity="TP", altitude=0, first=(12, 15), last=(1, 31))
    finding = season_finding(
        dt.date(2026, *day), departement=departement, activity=activity, altitude=300, exclusions=[row]
    )
    assert finding.answer is answer


@pytest.mark.parametrize("typed", ["étanchéité", "Étanchéité", " ETANCHEITE "])
def test_rule_8_an_activity_is_the_same_however_it_is_typed(typed):
    row = Exclusion(departement="", activity="Étanchéité", altitude=0, first=(1, 1), last=(2, 28))
    finding = season_finding(
        dt.date(2026, 1, 12), departement="54", activity=typed, altitude=300, exclusions=[row]
    )
    assert finding.answer is Answer.REFUSE
