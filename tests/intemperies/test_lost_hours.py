"""The hour of carence, the caps of the day, the week and the year (rules 11, 15, 17 to 20)."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intemperies.calculation.lost_hours import Lost, Stop
from intemperies.calculation.parameters import CarenceScope
from tests.intemperies.stoppages import MONDAY, lost, paid, shares_of, stop

WEEK = dt.timedelta(days=7)


def carence(shares):
    return sum(share.carence for share in shares)


def capped(shares):
    return sum(share.capped for share in shares)


@pytest.mark.parametrize(
    ("hours", "left"), [((5, 7), 11), ((7, 7, 7, 7, 7), 34), ((0.5, 7), "6.5"), ((8,), 7)]
)
def test_rule_17_the_first_hour_of_a_stop_is_not_paid(hours, left):
    assert paid(shares_of(lost(stop(), *hours))) == Decimal(left)


@pytest.mark.parametrize(
    ("first", "second", "left"), [((3,), (4,), 6), ((0.5,), (4,), "3.5"), ((1,), (1,), 1), ((7, 7), (7,), 20)]
)
def test_rule_18_two_stops_in_one_week_bear_the_carence_once(first, second, left):
    thursday = stop(MONDAY + dt.timedelta(days=3))
    assert paid(shares_of(lost(stop(), *first) + lost(thursday, *second))) == Decimal(left)


def test_rule_19_a_stop_that_runs_past_the_week_bears_it_once():
    friday = MONDAY + dt.timedelta(days=4)
    running = lost(stop(friday), 4, 0, 0, 7, 7)
    assert paid(shares_of(running)) == 17
    assert carence(shares_of(running)) == 1


def test_rule_19_two_distinct_stops_in_two_weeks_bear_it_twice():
    friday, monday = MONDAY + dt.timedelta(days=4), MONDAY + WEEK
    shares = shares_of(lost(stop(friday), 4) + lost(stop(monday), 7, 7))
    assert paid(shares) == 16
    assert carence(shares) == 2


def test_rule_19_a_new_stop_in_the_week_that_an_older_one_ran_into_bears_none():
    friday, thursday = MONDAY + dt.timedelta(days=4), MONDAY + dt.timedelta(days=10)
    shares = shares_of(lost(stop(friday), 4, 0, 0, 7) + lost(stop(thursday), 5))
    assert paid(shares) == 15


def test_rule_19_what_a_short_beginning_has_not_borne_is_borne_after_the_week_end():
    friday = MONDAY + dt.timedelta(days=4)
    shares = shares_of(lost(stop(friday), 0.25, 0, 0, 7))
    assert [share.carence for share in shares] == [Decimal("0.25"), Decimal("0.75")]


@pytest.mark.parametrize("hours", [1, 0.25, 0.5, 0.75])
def test_rule_20_a_single_stop_of_an_hour_or_less_pays_nothing(hours):
    assert paid(shares_of(lost(stop(), hours))) == 0


@pytest.mark.parametrize(
    ("hours", "left", "over"),
    [((10,), 9, 0), ((11,), 9, 1), ((2, 10), 10, 1), ((12, 12), 18, 5)],
)
def test_rule_15_nine_hours_a_day_are_paid_the_carence_being_taken_first(hours, left, over):
    shares = shares_of(lost(stop(), *hours))
    assert (paid(shares), capped(shares)) == (left, over)


@pytest.mark.parametrize(
    ("hours", "left"), [((10, 10, 10, 10, 10), 45), ((8, 8, 8, 8, 8, 8), 45), ((9, 9, 9, 9, 9), 44)]
)
def test_rule_15_forty_five_hours_a_week_are_paid(hours, left):
    assert paid(shares_of(lost(stop(), *hours))) == left


@pytest.mark.parametrize(("hours", "left"), [((10,), 8), ((10, 10, 10, 10, 10), 44), ((5, 7), 11)])
def test_rule_15_where_the_caps_come_first_the_carence_is_taken_from_what_they_leave(hours, left):
    assert paid(shares_of(lost(stop(), *hours), carence_first=False)) == left


@pytest.mark.parametrize(("before", "left"), [(54, 6), (55, 0), (56, 0), (0, 6)])
def test_rule_11_nothing_is_paid_after_fifty_five_days_of_a_calendar_year(before, left):
    assert paid(shares_of(lost(stop(), 7), {2026: before})) == left


def test_rule_11_the_fifty_fifth_day_is_the_last():
    assert [share.paid for share in shares_of(lost(stop(), 7, 7, 7), {2026: 53})] == [6, 7, 0]


def test_rule_11_the_count_starts_again_on_1_january_and_not_on_1_april():
    wednesday = dt.date(2025, 12, 31)
    shares = shares_of(lost(stop(wednesday), 7, 7), {2025: 55})
    assert [share.paid for share in shares] == [0, 7]
    tuesday = dt.date(2026, 3, 31)
    assert paid(shares_of(lost(stop(tuesday), 7, 7), {2026: 55})) == 0


@pytest.mark.parametrize("carence_first", [True, False])
def test_rule_11_the_days_that_the_year_leaves_unpaid_use_up_no_hour_of_their_week(carence_first):
    monday = dt.date(2025, 12, 29)
    running = lost(stop(monday), 9, 9, 9, 9, 9, 9)  # three days of each year, in one ISO week
    shares = shares_of(running, {2025: 55}, carence_first=carence_first)
    assert [share.paid for share in shares] == [0, 0, 0, 9, 9, 9]


def test_rule_11_where_the_caps_come_first_a_day_past_the_year_leaves_nothing_to_bear_the_carence():
    (share,) = shares_of(lost(stop(), 7), {2026: 55}, carence_first=False)
    assert (share.carence, share.capped, share.paid) == (0, 7, 0)


def test_rule_11_a_day_without_any_paid_hour_is_not_counted():
    shares = shares_of(lost(stop(), 1, 7, 7), {2026: 53})
    assert [share.paid for share in shares] == [0, 7, 7]


def test_rule_11_two_worksites_of_one_day_are_one_day():
    shares = shares_of(lost(stop(), 4) + lost(stop(hour=14, worksite="B"), 4), {2026: 54})
    assert paid(shares) == 7


def test_two_worksites_of_one_week_share_their_carence_unless_staff_read_it_otherwise():
    both = lost(stop(), 4) + lost(stop(MONDAY + dt.timedelta(days=2), worksite="B"), 4)
    assert paid(shares_of(both)) == 7
    assert paid(shares_of(both, carence_scope=CarenceScope.WORKSITE)) == 6


def test_six_hours_after_the_carence_are_of_the_first_band():
    shares = shares_of(lost(stop(), 5, 7))
    assert [(share.first_band, share.beyond) for share in shares] == [(4, 0), (2, 5)]


quarters = st.integers(1, 48).map(lambda count: Decimal(count) / 4)
weeks = st.lists(quarters, min_size=1, max_size=6)


@given(weeks)
def test_no_cap_is_ever_passed(hours):
    shares = shares_of(lost(stop(), *hours), {2026: 52})
    assert all(share.paid <= 9 for share in shares)
    assert paid(shares) <= 45
    assert sum(1 for share in shares if share.paid) <= 3
    assert all(share.carence + share.capped + share.paid == share.lost.hours for share in shares)
    assert all(min(share.carence, share.capped, share.first_band, share.beyond) >= 0 for share in shares)


@given(weeks, st.data())
def test_splitting_a_stop_in_two_in_its_week_changes_nothing(hours, data):
    whole = lost(stop(), *hours)
    at = data.draw(st.integers(0, len(whole)))
    again = Stop("A", dt.datetime.combine(MONDAY + dt.timedelta(days=at), dt.time(8)))
    split = whole[:at] + [Lost(again, each.day, each.hours) for each in whole[at:]]
    told = [(share.carence, share.first_band, share.beyond) for share in shares_of(whole)]
    assert told == [(share.carence, share.first_band, share.beyond) for share in shares_of(split)]


@given(weeks, st.randoms(use_true_random=False))
def test_the_order_in_which_days_are_entered_changes_nothing(hours, chance):
    entered = lost(stop(), *hours) + lost(stop(MONDAY + WEEK), *hours)
    shuffled = list(entered)
    chance.shuffle(shuffled)
    assert shares_of(shuffled) == shares_of(entered)
