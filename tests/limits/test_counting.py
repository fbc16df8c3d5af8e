"""Counting tries: what a limit's figures mean, without any door."""

import datetime as dt

import pytest
import time_machine

from portal import clock
from portal.limits.answer import wait_in_words
from portal.limits.counting import UNTIL_STAFF, Blocked, Limit, clear, succeeded, take
from portal.limits.models import Counter

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)
CODES = Limit("codes", {3: HOUR, 6: None}, 30 * 24 * HOUR, sliding=True, cleared_by_success=True)
WINDOW = Limit("window", {4: HOUR}, HOUR, sliding=False, cleared_by_success=False)


def blocked(*claims):
    try:
        take(*claims)
    except Blocked as refusal:
        return refusal.until
    return None


def test_the_wait_that_comes_last_is_until_staff():
    with time_machine.travel("2026-05-04T10:00:00Z", tick=False) as now:
        for _ in range(3):
            take((CODES, "a"))
        assert blocked((CODES, "a")) == clock.now() + HOUR
        now.shift(HOUR)
        for _ in range(3):
            take((CODES, "a"))
        now.shift(20 * 24 * HOUR)
        assert blocked((CODES, "a")) == UNTIL_STAFF
        clear(CODES, "a")
        assert blocked((CODES, "a")) is None


def test_a_success_clears_or_gives_back_one_try():
    for _ in range(2):
        take((CODES, "a"), (WINDOW, "ip"))
    succeeded((CODES, "a"), (WINDOW, "ip"))
    counts = dict(Counter.objects.values_list("limit", "tries"))
    assert counts == {"codes": 0, "window": 1}


def test_a_success_does_not_open_a_window_that_others_filled():
    for _ in range(4):
        take((WINDOW, "ip"))
    Counter.objects.update(tries=6)
    succeeded((WINDOW, "ip"))
    assert blocked((WINDOW, "ip")) is not None


def test_the_try_that_filled_a_window_opens_it_again_when_it_was_right():
    for _ in range(4):
        take((WINDOW, "ip"))
    assert blocked((WINDOW, "ip")) is not None
    succeeded((WINDOW, "ip"))
    assert blocked((WINDOW, "ip")) is None


def test_a_window_forgets_an_hour_after_its_first_try():
    with time_machine.travel("2026-05-04T10:00:00Z", tick=False) as now:
        for _ in range(3):
            take((WINDOW, "ip"))
            now.shift(dt.timedelta(minutes=20))
        take((WINDOW, "ip"))
        assert Counter.objects.get().tries == 1


def test_when_one_claim_is_blocked_none_is_counted():
    for _ in range(3):
        take((CODES, "a"))
    assert blocked((CODES, "a"), (WINDOW, "ip"))
    assert not Counter.objects.filter(limit="window", tries__gt=0).exists()


def test_subjects_are_kept_as_hashes_only():
    take((CODES, "29209-001-12"))
    assert "29209" not in str(Counter.objects.values().get())


def test_a_try_that_brings_a_wait_is_told_to_the_caller():
    assert [bool(take((CODES, "a"))) for _ in range(3)] == [False, False, True]


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(1, "dans une minute"), (90, "dans une minute"), (91, "dans 2 minutes"), (3540, "dans 59 minutes"),
     (3541, "dans une heure"), (3601, "dans 2 heures"), (86400, "dans 24 heures")],
)  # fmt: skip
def test_the_wait_is_said_in_words_never_too_short(seconds, words):
    assert wait_in_words(seconds) == words
