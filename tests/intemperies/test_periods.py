"""What one declaration holds (rules 3, 4, 5 and 7)."""

import datetime as dt
from decimal import Decimal

import pytest

from intemperies.calculation.findings import Answer
from intemperies.calculation.parameters import Trade
from intemperies.calculation.periods import (
    Period,
    joins,
    payroll_finding,
    period_findings,
    trades_finding,
)
from intemperies.calculation.published import CAMPAIGNS


def at(text):
    return dt.datetime.fromisoformat(f"{text}+01:00")


def period(begins, resumes=None):
    return Period(at(begins), at(resumes) if resumes else None)


FIRST = period("2026-01-12T10:00", "2026-01-14T08:00")
NOW = at("2026-01-20T12:00")


@pytest.mark.parametrize(
    ("begins", "same"),
    [
        ("2026-01-15T08:00", True),
        ("2026-01-18T23:00", True),
        ("2026-01-19T08:00", False),
        ("2026-01-11T08:00", False),
    ],
)
def test_rule_3_a_second_stop_of_the_week_joins_the_declaration(begins, same):
    assert joins(period(begins), [FIRST]) is same


def test_rule_3_the_week_passes_the_new_year():
    assert joins(period("2026-01-02T08:00"), [period("2025-12-29T08:00")])


@pytest.mark.parametrize(
    ("trades", "answer"),
    [
        ([Trade.STRUCTURAL, Trade.STRUCTURAL], Answer.OK),
        ([Trade.FINISHING], Answer.OK),
        ([], Answer.OK),
        ([Trade.STRUCTURAL, Trade.FINISHING], Answer.REFUSE),
    ],
)
def test_rule_4_two_trades_are_two_declarations(trades, answer):
    assert trades_finding(trades).answer is answer


@pytest.mark.parametrize(
    ("periods", "fault"),
    [
        ([FIRST], None),
        ([FIRST, period("2026-01-14T08:00", "2026-01-15T08:00")], None),
        ([FIRST, period("2026-01-14T07:00", "2026-01-15T08:00")], "commence avant la reprise"),
        ([period("2026-01-12T10:00", "2026-01-12T10:00")], "doit suivre l’arrêt"),
        ([period("2026-01-21T08:00")], "est dans le futur"),
        ([period("2026-01-19T08:00", "2026-01-21T08:00")], "est dans le futur"),
        ([period("2026-01-12T10:00"), period("2026-01-14T08:00")], "commence avant la reprise"),
    ],
)
def test_rule_5_a_stop_has_come_and_ends_and_overlaps_no_other(periods, fault):
    told = [finding.sentence for finding in period_findings(periods, NOW, sending=False)]
    assert told == [""] if fault is None else any(fault in sentence for sentence in told)


def test_rule_5_a_draft_may_lack_its_resumption_and_what_is_sent_may_not():
    draft = [period("2026-01-19T08:00")]
    assert period_findings(draft, NOW, sending=False)[0].answer is Answer.OK
    sent = period_findings(draft, NOW, sending=True)
    assert [finding.sentence for finding in sent] == [
        "Il manque la reprise de l’arrêt du 19 janvier 2026 à 8\u00a0h."
    ]


@pytest.mark.parametrize(
    ("payroll", "answer"),
    [(95_041, Answer.OK), (95_040, Answer.WARN), (10_000, Answer.WARN), (0, Answer.WARN)],
)
def test_rule_7_a_small_payroll_declares_all_the_same(payroll, answer):
    finding = payroll_finding(Decimal(payroll), CAMPAIGNS[2025])
    assert finding.answer is answer
    assert ("la déclaration reste obligatoire" in finding.sentence) is (answer is Answer.WARN)
