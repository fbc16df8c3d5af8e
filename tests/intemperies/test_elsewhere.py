"""Other declarations that stand: no hour twice, and the caps over all of them, whichever is sent first."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intemperies.calculation.lost_hours import shared_out
from intemperies.calculation.parameters import Readings
from intemperies.models import State
from intemperies.sending import assessed
from portal import clock
from tests.factories import WorksiteFactory, employee_of, stoppage_of
from tests.intemperies.declaring import MONDAY, address, draft_by, read, sent_by, version
from tests.intemperies.stoppages import lost, paid
from tests.intemperies.stoppages import stop as a_stop

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]
SENT = {"state": State.SENT, "sent_at": dt.datetime(2026, 1, 19, 9, tzinfo=dt.UTC)}


def days(first, count):
    """So many days from that one on."""
    return [first + dt.timedelta(days=rank) for rank in range(count)]


def declared(site, person, first, hours, **fields):
    """A declaration of some days in a row, from midnight to midnight, of that many hours each."""
    count = fields.pop("count", 1)
    fields.setdefault("worksite", WorksiteFactory(site=site))
    midnight, after = clock.start_of(first), clock.start_of(first + dt.timedelta(days=count))
    lost_hours = dict.fromkeys(days(first, count), Decimal(hours))
    return stoppage_of(site, person, hours=lost_hours, periods=[(midnight, after)], **fields)


def paid_hours(draft):
    """What its only line would be paid now."""
    (line,) = assessed(draft).lines
    return line.allowance.paid_hours


def refusals(draft):
    """The sentences of its only line that refuse it."""
    (line,) = assessed(draft).lines
    return [each.sentence for each in line.findings if each.answer.name == "REFUSE"]


def test_rule_14_the_two_trades_of_one_worksite_do_not_hold_the_same_hours(browser, site, worksite, mason):
    sent_by(browser, draft_by(browser, worksite, mason, trade="GO"))
    second = draft_by(browser, worksite, mason, trade="SO")
    page = read(browser.get(address(site, "controles/", second.pk)))
    assert "Le 13 janvier 2026, un autre arrêt envoyé pour École Jules-Ferry porte les mêmes heures." in page
    assert "12 h perdues − 1 h de carence" not in page  # it was borne by the first
    assert browser.get(address(site, "envoi/", second.pk)).status_code == 302


def test_rule_14_a_stop_declared_again_from_the_week_before_does_not_hold_the_same_hours(
    browser, site, worksite, mason
):
    sent_by(browser, draft_by(browser, worksite, mason))
    again = draft_by(browser, worksite, mason, stop_day_0="09/01/2026")
    assert browser.get(address(site, "envoi/", again.pk)).status_code == 302
    assert len(refusals(again)) == 4  # nine hours passed and the same hours, on two days


def test_rule_15_forty_five_hours_a_week_whichever_is_sent_first(site):
    """36 h from Thursday to Sunday, 35 of them paid; then 27 h from Monday: 10 are left of the week's 45."""
    person = employee_of(site)
    declared(site, person, dt.date(2026, 1, 15), 9, count=4, number="INT-1", **SENT)
    assert paid_hours(declared(site, person, MONDAY, 9, count=3)) == 10


def test_rule_15_what_is_declared_first_in_time_is_counted_first_all_the_same(site):
    """27 h from Monday to Wednesday are sent, 26 paid; of the 36 that follow, 19 are left."""
    person = employee_of(site)
    declared(site, person, MONDAY, 9, count=3, number="INT-1", **SENT)
    assert paid_hours(declared(site, person, dt.date(2026, 1, 15), 9, count=4)) == 19


def test_rule_11_the_days_of_the_year_that_were_sent_here_count_with_those_stated(site):
    """53 days outside of these pages and one here: one day is left, of the two that are lost."""
    person = employee_of(site)
    declared(site, person, dt.date(2026, 1, 5), 7, number="INT-1", **SENT)
    draft = declared(site, person, MONDAY, 7, count=2)
    draft.lines.update(paid_days=53)
    assert paid_hours(draft) == 6  # 7 − 1 of Monday; Tuesday is past the 55 days
    draft.lines.update(paid_days=54)
    assert paid_hours(draft) == 0


def test_rule_11_a_day_sent_in_the_year_before_is_not_of_this_one(site):
    person = employee_of(site)
    declared(site, person, dt.date(2025, 12, 30), 7, number="INT-1", **SENT)
    draft = declared(site, person, MONDAY, 7, count=2)
    draft.lines.update(paid_days=54)
    assert paid_hours(draft) == 6


@pytest.mark.parametrize("state", [State.DRAFT, State.CANCELLED, State.REPLACED])
def test_what_does_not_stand_is_not_counted(site, state):
    person = employee_of(site)
    over = {} if state is State.DRAFT else SENT | {"number": "INT-1", "over_at": SENT["sent_at"]}
    declared(site, person, dt.date(2026, 1, 15), 9, count=4, **(over | {"state": state}))
    assert paid_hours(declared(site, person, MONDAY, 9, count=3)) == 26


def test_rule_5_no_more_hours_than_the_stop_lasted_that_day(browser, site, worksite, mason):
    """Rule 20: a stop of an hour, from 16 h to 17 h, cannot have lost five."""
    draft = draft_by(
        browser, worksite, mason, stop_time_0="16 h", resume_day_0="12/01/2026", resume_time_0="17 h"
    )
    (said,) = refusals(draft)
    assert said.replace("\u00a0", " ").replace("\u202f", " ") == (
        "Le 12 janvier 2026, l’arrêt a duré 1 h : 5 h ne peuvent pas être perdues."
    )
    assert browser.get(address(site, "envoi/", draft.pk)).status_code == 302


def test_rule_5_two_stops_of_one_day_last_as_long_as_both(browser, site, worksite, mason):
    """From 8 h to 10 h and from 13 h to 16 h: five hours may be lost on Monday."""
    both = {"spans": "2", "stop_time_0": "8 h", "resume_day_0": "12/01/2026", "resume_time_0": "10 h"}
    both |= {"stop_day_1": "12/01/2026", "stop_time_1": "13 h", "resume_day_1": "12/01/2026"}
    draft = draft_by(browser, worksite, mason, **both, resume_time_1="16 h")
    assert refusals(draft) == []


LOSSES = st.lists(st.tuples(st.integers(0, 20), st.integers(1, 12)), min_size=1, max_size=6)


@given(first=LOSSES, second=LOSSES)
def test_property_two_declarations_never_pass_the_caps_whichever_is_sent_first(first, second):
    one = [each for day, hours in first for each in lost(a_stop(MONDAY + dt.timedelta(days=day)), hours)]
    other = [
        each
        for day, hours in second
        for each in lost(a_stop(MONDAY + dt.timedelta(days=day), worksite="B"), hours)
    ]
    for sent, later in ((one, other), (other, one)):
        shares = [*shared_out(sent, Readings()), *shared_out(later, Readings(), granted=sent)]
        for day in {share.lost.day for share in shares}:
            assert paid(share for share in shares if share.lost.day == day) <= 9
        weeks = {share.lost.day.isocalendar()[:2] for share in shares}
        for week in weeks:
            assert paid(share for share in shares if share.lost.day.isocalendar()[:2] == week) <= 45


def test_a_stop_of_two_drafts_that_a_colleague_sends_meanwhile_is_refused_when_the_other_is_sent(
    browser, site, mason
):
    first = draft_by(browser, WorksiteFactory(site=site, name="Halle"), mason)
    second = draft_by(browser, WorksiteFactory(site=site, name="Gymnase"), mason)
    sent_by(browser, first)
    signed = {"committee": "consulted", "conditions": "on", "version": version(second)}
    browser.post(address(site, "envoi/", second.pk), signed)
    second.refresh_from_db()
    assert second.is_draft
