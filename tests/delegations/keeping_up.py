"""What the tests of the nightly task share: its day, what ends or waits by then, who was told."""

from __future__ import annotations

import datetime as dt

from delegations import tasks
from delegations.models import Delegation
from portal import clock
from portal.access.levels import Access
from portal.journal.models import Entry
from portal.messaging.models import Message
from tests.factories import beneficiary_of, firm_of

LEVELS = {("employees.employee", None): Access.READ}
TODAY = dt.date(2027, 6, 15)


def day(number):
    """That many days from the day of the tests."""
    return TODAY + dt.timedelta(days=number)


def until(last, site, **fields):
    """A user's rights whose last day that is."""
    return beneficiary_of(site, LEVELS, ends_on=last, **({"starts_on": day(-100)} | fields))


def told(prefix=""):
    """Who is written to, and of what, in the order of the writing."""
    return sorted(Message.objects.filter(subject__startswith=prefix).values_list("recipient", "subject"))


def run_again_changes_nothing():
    """Whatever the task had to do, it did once."""
    before = list(Delegation.objects.order_by("pk").values()), Entry.objects.count(), Message.objects.count()
    tasks.keep_up()
    after = list(Delegation.objects.order_by("pk").values()), Entry.objects.count(), Message.objects.count()
    assert after == before


def waiting_firm(site, accepted_days_ago, **fields):
    """A firm that has accepted and whose company has not answered."""
    accepted = clock.now() - dt.timedelta(days=accepted_days_ago)
    answer_by = clock.day_of(accepted) + dt.timedelta(days=30)
    facts = {"accepted_at": accepted, "confirmed_at": None, "answer_by": answer_by, "starts_on": day(-60)}
    return firm_of(site, LEVELS, **(facts | fields))
