"""One status, whoever works it out: the row in Python, the query, and each selection (product.md 6.3)."""

import datetime as dt

import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from delegations.listing import shown
from delegations.models import Delegation, Outcome, Role, Side, Status
from portal import clock
from tests.factories import AccountingFirmFactory, SiteFactory, UserFactory

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 3, 29)  # clocks go forward in Paris
NOW = dt.datetime(2026, 3, 29, 10, tzinfo=dt.UTC)
days = st.integers(-2, 2).map(lambda count: TODAY + dt.timedelta(days=count))
STAGES = ("invited", "accepted", "confirmed")


@st.composite
def lives(draw):
    """The facts of one delegation, as the constraints allow them."""
    starts_on = draw(days)
    ends_on = draw(st.none() | days.filter(lambda day: day >= starts_on))
    stage = draw(st.sampled_from(STAGES))
    outcome = draw(st.just("") | st.sampled_from([outcome.value for outcome in Outcome]))
    return {
        "starts_on": starts_on,
        "ends_on": ends_on,
        "accepted_at": None if stage == "invited" else NOW,
        "confirmed_at": NOW if stage == "confirmed" else None,
        "answer_by": draw(st.none() | days) if stage == "accepted" else None,
        "over_at": NOW if outcome else None,
        "outcome": outcome,
    }


@pytest.fixture
def ground(db):
    return SiteFactory(), AccountingFirmFactory(), UserFactory()


def made(ground, above, own):
    """What a firm passed on, below the firm's own delegation; or one that hangs from nothing."""
    site, firm, person = ground
    Delegation.objects.all().delete()
    on_firm = {"site": site, "firm": firm, "side": Side.FIRM}
    if above is None:
        return Delegation.objects.create(site=site, role=Role.USER, beneficiary=person, **own)
    head = Delegation.objects.create(role=Role.HEAD, beneficiary=UserFactory(), **on_firm, **above)
    return Delegation.objects.create(role=Role.USER, beneficiary=person, parent=head, **on_firm, **own)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(above=st.none() | lives(), own=lives())
def test_the_query_and_the_row_agree_on_every_life(ground, above, own):
    with time_machine.travel(NOW, tick=False):
        Delegation.objects.filter(parent__isnull=False).delete()
        delegation = made(ground, above, own)
        row = shown(Delegation.objects.filter(pk=delegation.pk)).get()
        assert row.status == delegation.status_on() == row.status_on()
        assert row.shown_last_day == delegation.last_day
        is_open = Delegation.objects.open().filter(pk=delegation.pk).exists()
        assert is_open is not delegation.status_on().is_over
        in_force = Delegation.objects.in_force().filter(pk=delegation.pk).exists()
        lives_above = above is None or delegation.parent.status_on() is Status.ACTIVE
        assert in_force is (delegation.status_on() is Status.ACTIVE and lives_above)


def test_a_status_turns_at_midnight_in_paris(ground):
    facts = {"accepted_at": NOW, "confirmed_at": NOW}
    last = dt.date(2026, 3, 28)
    delegation = made(ground, None, facts | {"starts_on": last, "ends_on": last})
    turning = dt.datetime(2026, 3, 28, 23, tzinfo=dt.UTC)  # midnight in Paris, still in winter
    for moment, status in (
        (turning - dt.timedelta(days=1, seconds=1), Status.COMING),
        (turning - dt.timedelta(seconds=1), Status.ACTIVE),
        (turning, Status.EXPIRED),
    ):
        with time_machine.travel(moment, tick=False):
            assert clock.today() == (moment + dt.timedelta(hours=1)).date()
            assert delegation.status_on() is status
            assert Delegation.objects.with_status().get(pk=delegation.pk).status == status
