"""Fifty tries at once: never more comparisons than the limit allows (R11, R16)."""

import threading
from contextlib import suppress

import pytest
from django.test import Client

from accounts import opening
from portal.codes import posted
from portal.journal.models import Entry
from portal.limits import counting
from portal.limits.models import Counter
from tests.factories import SiteFactory, letters_of

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]
DOORS = ("/ouverture/", "/association/")


@pytest.fixture
def compared(monkeypatch):
    """One item for each posted code that was really compared."""
    counted, genuine = [], posted.matches
    monkeypatch.setattr(opening.posted, "matches", lambda *a, **k: counted.append(1) or genuine(*a, **k))
    return counted


def typed_at(site, code):
    return {"cibtp_id": site.cibtp_id, "siret": site.siret, "code": code}


def tries(site, number):
    """So many tries of a wrong code, at one door and the other in turn."""
    sent = typed_at(site, "AAAA-AAAA-AA")
    return [lambda place=place: Client().post(DOORS[place % 2], sent).status_code for place in range(number)]


def test_fifty_wrong_codes_at_once_are_compared_five_times_and_the_right_one_is_refused(at_once, compared):
    """R11, R16: whichever door they come through; staff are told once."""
    site = SiteFactory()
    code, _ = letters_of(site)
    assert sorted(at_once(*tries(site, 50))) == [200] * 5 + [429] * 45
    assert len(compared) == 5
    for door in DOORS:
        assert Client().post(door, typed_at(site, code)).status_code == 429
    assert len(compared) == 5
    assert Entry.objects.filter(action="opening.suspended").count() == 1
    assert Entry.objects.filter(action="opening.refused").count() == 4


def test_without_the_lock_more_would_be_compared(at_once, compared, monkeypatch):
    """That the tests above can fail."""
    meeting = threading.Barrier(10)

    def unlocked(keyed, now):
        rows = [Counter.objects.get(key=key) for key in keyed]
        with suppress(threading.BrokenBarrierError):
            meeting.wait(5)
        return list(zip(keyed.values(), rows, strict=True))

    site = SiteFactory()
    for act in tries(site, 1):
        act()  # the counters are there
    monkeypatch.setattr(counting, "_made", unlocked)
    at_once(*tries(site, 10))
    assert len(compared) > 5
