"""Whether an employee may be indemnified (rules 10 to 14)."""

import datetime as dt
from decimal import Decimal

import pytest

from intemperies.calculation.eligibility import (
    Absence,
    Claim,
    absence_finding,
    days_finding,
    hours_finding,
    newcomer_finding,
    same_day_findings,
)
from intemperies.calculation.findings import Answer, gravest

DAY = dt.date(2026, 1, 12)


def claim(worksite, begins, ends, hours, declaration=None):
    until = dt.time.max if ends == 24 else dt.time(ends)
    return Claim(declaration or worksite, worksite, dt.time(begins), until, Decimal(str(hours)))


@pytest.mark.parametrize(
    ("worked", "answer"),
    [
        ("199.99", Answer.REFUSE),
        (200, Answer.OK),
        (303, Answer.OK),
        (0, Answer.REFUSE),
        (None, Answer.REFUSE),
    ],
)
def test_rule_10_two_hundred_hours_in_two_months(worked, answer):
    assert hours_finding(None if worked is None else Decimal(worked)).answer is answer


def test_rule_10_says_how_many_hours_there_are():
    assert hours_finding(Decimal("199.99")).sentence == (
        "199,99\u00a0h travaillées dans le BTP en deux mois\u00a0: il en faut au moins 200\u00a0h."
    )


@pytest.mark.parametrize(
    ("before", "answer"), [(54, Answer.OK), (55, Answer.WARN), (60, Answer.WARN), (0, Answer.OK)]
)
def test_rule_11_the_declarant_is_told_when_the_days_of_the_year_are_spent(before, answer):
    assert days_finding(before, 2026).answer is answer


@pytest.mark.parametrize(
    ("hired", "stated", "answer"),
    [
        (dt.date(2026, 1, 5), None, Answer.REFUSE),
        (dt.date(2026, 1, 5), 0, Answer.OK),
        (dt.date(2026, 1, 5), 12, Answer.OK),
        (dt.date(2026, 1, 1), None, Answer.OK),
        (dt.date(2019, 6, 3), None, Answer.OK),
        (None, None, Answer.OK),
    ],
)
def test_rule_12_a_newcomer_says_what_others_have_indemnified(hired, stated, answer):
    assert newcomer_finding(hired, DAY, stated).answer is answer


@pytest.mark.parametrize("absence", Absence)
def test_rule_13_a_day_of_absence_is_not_indemnified(absence):
    finding = absence_finding(DAY, absence)
    assert finding.answer is Answer.REFUSE
    assert finding.sentence.startswith("Le 12 janvier 2026, le salarié est ")


def test_rule_13_who_was_there_may_be_indemnified():
    assert absence_finding(DAY, None).answer is Answer.OK


@pytest.mark.parametrize(
    ("claims", "answer"),
    [
        ([claim("A", 8, 12, 4), claim("B", 13, 17, 4)], Answer.OK),
        ([claim("A", 8, 12, 4), claim("B", 12, 17, 5)], Answer.OK),
        ([claim("A", 7, 12, 5), claim("B", 12, 17, 5)], Answer.REFUSE),
        ([claim("A", 8, 12, 4), claim("B", 11, 15, 4)], Answer.REFUSE),
        ([claim("A", 8, 12, 4), claim("B", 11, 16, 4)], Answer.WARN),
        ([claim("A", 8, 17, 4), claim("B", 16, 17, 1)], Answer.WARN),
        ([claim("A", 8, 12, 4), claim("B", 8, 13, 3)], Answer.REFUSE),
        ([claim("A", 0, 24, 7), claim("B", 14, 24, 2)], Answer.WARN),
        ([claim("A", 0, 24, 7), claim("B", 14, 24, 3)], Answer.REFUSE),
        ([claim("A", 0, 24, 3), claim("A", 14, 24, 2, "other")], Answer.REFUSE),
        ([claim("A", 0, 8, 2), claim("A", 9, 24, 2, "other")], Answer.OK),
        ([claim("A", 8, 18, 10)], Answer.OK),
        ([], Answer.OK),
    ],
)
def test_rule_14_two_worksites_of_one_day_share_nine_hours_and_no_hour_twice(claims, answer):
    assert gravest(same_day_findings(DAY, claims)) is answer
    assert gravest(same_day_findings(DAY, claims[::-1])) is answer
