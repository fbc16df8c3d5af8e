"""Lines past their term leave by themselves (product.md 6.6)."""

import datetime as dt

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal import clock
from portal.journal.models import Entry, Kind
from portal.journal.purging import purge
from portal.journal.terms import TERMS
from tests.journal.lines import a_line

pytestmark = pytest.mark.django_db
MINUTE = dt.timedelta(minutes=1)


def test_each_kind_is_purged_after_its_own_term_and_not_a_minute_before():
    kept = [a_line(kind=kind, at=clock.now() - TERMS[kind] + MINUTE) for kind in Kind]
    for kind in Kind:
        a_line(kind=kind, at=clock.now() - TERMS[kind] - MINUTE)
    assert purge() == len(Kind)
    assert set(Entry.objects.all()) == set(kept)


def test_a_purge_that_did_not_run_for_years_is_made_up_for_in_chunks():
    days = range(1100, 1110)
    for age in days:
        a_line(at=clock.now() - dt.timedelta(days=age))
    kept = a_line()
    with CaptureQueriesContext(connection) as queries:
        assert purge(at_once=4) == len(days)
    deletions = [query for query in queries if query["sql"].startswith("DELETE")]
    assert len(deletions) == 3
    assert Entry.objects.get() == kept
    assert purge(at_once=4) == 0


def test_a_server_whose_clock_is_years_ahead_purges_nothing_that_the_database_keeps():
    young = a_line()
    with time_machine.travel(clock.now() + dt.timedelta(days=4000)):
        assert purge() == 0
    assert Entry.objects.get() == young
