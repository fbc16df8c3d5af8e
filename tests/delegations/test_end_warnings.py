"""Ends to come are warned of, unanswered firms reminded of, once each, however late (product.md 6.3)."""

import datetime as dt

import pytest
import time_machine

from delegations import tasks
from delegations.changing import change
from delegations.giving import give, name_administrator
from delegations.models import Delegation, Outcome, Role, Side
from delegations.terms import Terms
from portal import clock
from portal.origin import COMMAND
from tests.delegations.keeping_up import (
    LEVELS,
    TODAY,
    day,
    run_again_changes_nothing,
    told,
    until,
    waiting_firm,
)
from tests.factories import SiteFactory, beneficiary_of, firm_of, owner_of, passed_on

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def now():
    with time_machine.travel("2027-06-15 10:00+02:00", tick=False) as traveller:
        yield traveller


@pytest.fixture
def owner(site):
    return owner_of(site, email="patronne@exemple.fr")


# --- warnings ---------------------------------------------------------------------------------------


def warnings():
    return [(recipient, subject) for recipient, subject in told() if "prennent" in subject]


def test_thirty_and_seven_days_ahead_both_sides_are_warned_once_each(site, owner, marie, now):
    until(day(31), site, beneficiary=marie)
    counts = []
    for _ in range(33):
        tasks.keep_up()
        tasks.keep_up()
        counts.append(len(warnings()))
        now.shift(dt.timedelta(days=1))
    assert counts == [0] + [2] * 23 + [4] * 9
    assert (
        "marie@exemple.fr",
        f"Vos droits sur {site.cibtp_id} prennent fin après le 16/07/2027",
    ) in warnings()
    assert ("patronne@exemple.fr", f"Des droits prennent bientôt fin sur {site.cibtp_id}") in warnings()


def test_when_both_warnings_were_missed_only_the_last_goes_out(site, owner, marie):
    one = until(day(3), site, beneficiary=marie)
    tasks.keep_up()
    one.refresh_from_db()
    assert one.days_warned == 7
    assert len(warnings()) == 2
    run_again_changes_nothing()


def test_the_last_day_itself_is_still_warned_of_and_the_next_is_not(site, now):
    until(TODAY, site)
    tasks.keep_up()
    assert len(warnings()) == 1
    until(TODAY, site)
    now.shift(dt.timedelta(days=1))
    tasks.keep_up()
    assert len(warnings()) == 1


@pytest.mark.parametrize(("own", "firms"), [(31, 8), (8, 31), (None, 8), (8, None)])
def test_the_first_of_both_last_days_is_the_one_that_counts(site, own, firms, now):
    firm = firm_of(site, LEVELS, starts_on=day(-50), ends_on=firms and day(firms), days_warned=7)
    one = passed_on(firm, LEVELS, starts_on=day(-50), ends_on=own and day(own), days_warned=30)
    tasks.keep_up()
    one.refresh_from_db()
    assert (one.days_warned, warnings()) == (30, [])
    now.shift(dt.timedelta(days=1))
    tasks.keep_up()
    one.refresh_from_db()
    assert one.days_warned == 7
    subject = f"Vos droits sur {site.cibtp_id} prennent fin après le {day(8):%d/%m/%Y}"
    assert (one.beneficiary.email, subject) in warnings()


def test_what_nobody_accepted_or_confirmed_is_not_warned_of(site, owner):
    until(day(3), site, beneficiary=None, email="jamais@exemple.fr", accepted_at=None, confirmed_at=None)
    waiting_firm(site, 1, ends_on=day(5))
    tasks.keep_up()
    assert warnings() == []


@pytest.mark.parametrize(("last", "left"), [(31, None), (30, 30), (8, 30), (7, 7), (0, 7)])
def test_whoever_gives_so_near_a_last_day_knows_it(site, owner, last, left):
    levels = beneficiary_of(SiteFactory(), LEVELS).cells
    terms = Terms(Role.USER, levels, ends_on=day(last))
    made = give(person=owner, site=site, side=Side.COMPANY, email="x@exemple.fr", terms=terms, origin=COMMAND)
    assert made.days_warned == left


def test_what_a_firm_gives_near_its_own_last_day_is_not_warned_of_at_once(site, marie):
    firm = firm_of(site, LEVELS, beneficiary=marie, ends_on=day(20), days_warned=30)
    terms = Terms(Role.USER, firm.cells)
    made = give(person=marie, site=site, side=Side.FIRM, email="x@exemple.fr", terms=terms, origin=COMMAND)
    assert made.days_warned == 30


def test_a_new_last_day_is_warned_of_anew_for_what_the_firm_passed_on_too(site, owner, now):
    firm = firm_of(site, LEVELS, starts_on=day(-50), ends_on=day(7))
    child = passed_on(firm, LEVELS, starts_on=day(-50))
    own = passed_on(firm, LEVELS, starts_on=day(-50), ends_on=day(3))
    tasks.keep_up()
    terms = Terms(Role.HEAD, firm.cells, firm.starts_on, day(60))
    change(person=owner, site=site, side=Side.COMPANY, number=firm.pk, terms=terms, version=1, origin=COMMAND)
    child.refresh_from_db()
    own.refresh_from_db()
    assert (child.days_warned, own.days_warned) == (None, 7)
    now.shift(dt.timedelta(days=30))
    tasks.keep_up()
    subject = f"Vos droits sur {site.cibtp_id} prennent fin après le {day(60):%d/%m/%Y}"
    assert (child.beneficiary.email, subject) in warnings()


# --- reminders --------------------------------------------------------------------------------------


def test_a_company_is_reminded_of_its_firm_after_three_and_ten_days(site, owner, now):
    firm = waiting_firm(site, 0)
    counts = []
    for _ in range(12):
        tasks.keep_up()
        tasks.keep_up()
        counts.append(len(told("Rappel")))
        now.shift(dt.timedelta(days=1))
    assert counts == [0] * 3 + [1] * 7 + [2] * 2
    assert told("Rappel")[0][0] == owner.email
    firm.refresh_from_db()
    assert firm.days_reminded == 10


def test_when_both_reminders_were_missed_one_goes_out(site, owner):
    waiting_firm(site, 12)
    tasks.keep_up()
    assert len(told("Rappel")) == 1
    run_again_changes_nothing()


def test_an_answered_firm_is_not_reminded_of(site, owner):
    waiting_firm(site, 5, confirmed_at=clock.now())
    tasks.keep_up()
    assert told("Rappel") == []


def test_who_administers_is_asked_when_the_task_runs_and_not_before(site, owner, marie):
    """A task checks again, when it runs, the rights of those it writes to (R60)."""
    waiting_firm(site, 5)
    Delegation.objects.filter(beneficiary=owner).update(over_at=clock.now(), outcome=Outcome.CLOSED)
    name_administrator(site=site, user=marie, origin=COMMAND)
    tasks.keep_up()
    assert [recipient for recipient, _ in told("Rappel")] == ["marie@exemple.fr"]
