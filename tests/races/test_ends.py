"""Two schedulers, four workers, one midnight: each end is recorded and told once; nobody waits (R83)."""

import datetime as dt
import threading

import pytest

from delegations import end_notices, ends, tasks
from delegations.closing import close
from delegations.models import Delegation, Side
from delegations.refusals import AlreadyOver
from portal import clock
from portal.journal.models import Entry
from portal.messaging.models import Message
from portal.origin import COMMAND
from tests.factories import SiteFactory, beneficiary_of, firm_of, owner_of, passed_on

pytestmark = [
    pytest.mark.postgresql, pytest.mark.django_db(transaction=True),
]  # fmt: skip
ENDED = 12


def day(number):
    return clock.today() + dt.timedelta(days=number)


@pytest.fixture(autouse=True)
def _small_chunks_that_last(monkeypatch):
    """Chunks of two, each long enough for another run to look for its own."""
    genuine = end_notices.tell_ended
    monkeypatch.setattr(ends, "CHUNK", 2)

    def slowly(ended):
        threading.Event().wait(0.05)
        genuine(ended)

    monkeypatch.setattr(end_notices, "tell_ended", slowly)


@pytest.fixture
def much_to_do():
    """A firm that ended with what it passed on, and others that end soon or wait for an answer."""
    past = {"starts_on": day(-50)}
    firm = firm_of(SiteFactory(), {}, ends_on=day(-1), **past)
    for _ in range(ENDED - 1):
        passed_on(firm, {}, **past)
    for _ in range(5):
        site = SiteFactory()
        owner_of(site)
        beneficiary_of(site, {}, ends_on=day(5), **past)
        waiting = {"accepted_at": clock.now() - dt.timedelta(days=4), "confirmed_at": None}
        firm_of(site, {}, answer_by=day(26), **waiting, **past)


def counted():
    return {
        "journal": Entry.objects.filter(action="rights.expired").count(),
        "ended": Message.objects.filter(subject__contains="ont pris fin").count(),
        "ending": Message.objects.filter(
            subject__startswith="Vos droits", subject__contains="prennent"
        ).count(),
        "to givers": Message.objects.filter(subject__startswith="Des droits prennent").count(),
        "reminders": Message.objects.filter(subject__startswith="Rappel").count(),
    }


ONCE = {"journal": ENDED, "ended": ENDED, "ending": 5, "to givers": 5, "reminders": 5}


@pytest.mark.usefixtures("much_to_do")
def test_four_runs_at_once_record_and_tell_each_thing_once(at_once):
    assert at_once(*[tasks.keep_up] * 4) == [None] * 4
    tasks.keep_up()  # what one run left to another that held its firm
    assert counted() == ONCE
    assert set(Delegation.objects.exclude(outcome="").values_list("version", flat=True)) == {2}


@pytest.mark.usefixtures("much_to_do")
def test_without_the_locks_the_race_is_real(at_once, monkeypatch):
    unlocked = lambda self, **how: self.all()  # noqa: E731
    monkeypatch.setattr(type(Delegation.objects.all()), "select_for_update", unlocked)
    at_once(*[tasks.keep_up] * 4)
    assert counted()["journal"] > ENDED


def test_whoever_closes_at_the_moment_of_the_end_meets_no_deadlock_and_one_of_both_is_told(at_once):
    site = SiteFactory()
    owner = owner_of(site)
    for _ in range(6):
        beneficiary_of(site, {}, starts_on=day(-50), ends_on=day(-1))
    living = beneficiary_of(site, {}, starts_on=day(-50))

    def closing():
        return close(person=owner, site=site, side=Side.COMPANY, number=living.pk, origin=COMMAND).pk

    results = at_once(closing, tasks.keep_up, tasks.keep_up)
    assert results == [living.pk, None, None]
    tasks.keep_up()
    assert counted()["journal"] == 6
    with pytest.raises(AlreadyOver):
        closing()
