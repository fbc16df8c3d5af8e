"""By when a stoppage must be declared (rule 6)."""

import datetime as dt

import pytest

from intemperies.calculation.deadline import Standing, deadline
from intemperies.calculation.findings import Answer
from intemperies.calculation.parameters import Parameters, Readings, Tolerance

HOLIDAYS = frozenset({dt.date(2026, 1, 1), dt.date(2026, 4, 6), dt.date(2026, 5, 1), dt.date(2026, 8, 31)})
LOCAL_HOLIDAYS = frozenset({dt.date(2026, 9, 30)})  # as if a local one fell on the last day of a month


def taking(tolerance):
    """Our reading of it, with these holidays."""
    return Parameters({}, {}, HOLIDAYS, LOCAL_HOLIDAYS, readings=Readings(tolerance=tolerance))


NONE, END_OF_MONTH = taking(Tolerance.NONE), taking(Tolerance.END_OF_MONTH)


def day(text):
    return dt.date.fromisoformat(text)


@pytest.mark.parametrize(
    ("resumption", "legal"),
    [
        ("2026-01-14", "2026-02-14"),
        ("2026-01-31", "2026-02-28"),
        ("2028-01-31", "2028-02-29"),
        ("2025-12-31", "2026-01-31"),
    ],
)
def test_rule_6_a_month_from_the_resumption(resumption, legal):
    limit = deadline(day(resumption), NONE)
    assert (limit.legal, limit.tolerated) == (day(legal), day(legal))


@pytest.mark.parametrize(
    ("resumption", "tolerated"),
    [
        ("2026-01-14", "2026-03-02"),  # 13/02, end of month on Saturday 28/02
        ("2026-03-10", "2026-04-30"),  # 09/04, end of month on a Thursday
        ("2026-04-30", "2026-06-01"),  # 30/05, end of month on Sunday 31/05
        ("2026-07-15", "2026-09-01"),  # 14/08, end of month on a Monday that is a holiday here
        ("2026-01-30", "2026-03-31"),  # thirty days fall on 1 March: the end of that month
    ],
)
def test_rule_6_the_tolerance_runs_to_the_end_of_the_month_and_to_a_working_day(resumption, tolerated):
    assert deadline(day(resumption), END_OF_MONTH).tolerated == day(tolerated)


@pytest.mark.parametrize(
    ("departement", "tolerated"),
    [("57", "2026-10-01"), ("67", "2026-10-01"), ("68", "2026-10-01"), ("54", "2026-09-30"),
     ("", "2026-09-30")],
)  # fmt: skip
def test_rule_6_a_holiday_of_alsace_moselle_is_one_there_and_nowhere_else(departement, tolerated):
    found = deadline(day("2026-08-20"), END_OF_MONTH, departement)  # 19/09, end of month on a Wednesday
    assert found.tolerated == day(tolerated)


@pytest.mark.parametrize(
    ("sent", "standing"),
    [
        ("2026-02-14", Standing.IN_TIME),
        ("2026-02-15", Standing.TOLERATED),
        ("2026-03-02", Standing.TOLERATED),
        ("2026-03-03", Standing.OUT_OF_TIME),
    ],
)
def test_rule_6_what_is_late_is_marked_and_never_refused(sent, standing):
    limit = deadline(day("2026-01-14"), END_OF_MONTH)
    assert limit.standing(day(sent)) is standing
    expected = Answer.OK if standing is Standing.IN_TIME else Answer.WARN
    assert limit.finding(day(sent)).answer is expected


def test_rule_6_forclusion_is_said_with_the_day_that_was_the_last():
    said = deadline(day("2026-01-14"), NONE).finding(day("2026-02-15")).sentence
    assert "a pris fin le 14 février 2026, sous peine de forclusion" in said
    assert "peut encore être envoyée\u00a0: elle sera marquée hors délai" in said


@pytest.mark.parametrize(
    ("sent", "counter"),
    [
        ("2026-01-20", "encore 25 jours"),
        ("2026-02-13", "encore 1 jour"),
        ("2026-02-14", "c’est le dernier jour"),
        ("2026-02-15", "délai dépassé"),
    ],
)
def test_rule_6_the_days_left_are_counted(sent, counter):
    assert deadline(day("2026-01-14"), NONE).counter(day(sent)) == counter
