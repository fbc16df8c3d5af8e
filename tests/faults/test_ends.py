"""`kill -9` in any chunk of the nightly task: the next run completes it and nothing is told twice (R82)."""

import datetime as dt
import subprocess
import sys
from collections import Counter

import pytest
from django.db import connection

from delegations.models import Delegation
from portal import clock
from portal.journal.models import Entry
from portal.messaging.models import Message
from tests.deploy_check import ROOT
from tests.embedded_portal import EmbeddedPortal
from tests.factories import SiteFactory, beneficiary_of, firm_of, owner_of, passed_on
from tests.production_portal import database_of_this_run

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]
ENDED, ENDING = 7, 7
CHUNKS = 8  # 3 + 1 of the firm and the company's people, 3 of what was passed on, 3 of warnings


@pytest.fixture
def run(tmp_path):
    """The task in a process of its own, on this test's database; the code that it ends with."""
    ours = {"DATABASE_URL": database_of_this_run(), "DJANGO_SETTINGS_MODULE": "portal.settings.testing"}
    environment = EmbeddedPortal(tmp_path / "var").environment | ours

    def once(*arguments):
        command = [sys.executable, "-m", "tests.faults.killed_ends", *arguments]
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
        return done.returncode, done.stderr

    return once


@pytest.fixture
def much_to_do():
    day = lambda number: clock.today() + dt.timedelta(days=number)  # noqa: E731
    site = SiteFactory()
    owner_of(site)
    past = {"starts_on": day(-50)}
    firm = firm_of(site, {}, ends_on=day(-1), **past)
    for _ in range(3):
        beneficiary_of(site, {}, ends_on=day(-1), **past)
        passed_on(firm, {}, **past)
    for _ in range(ENDING):
        beneficiary_of(SiteFactory(), {}, ends_on=day(5), **past)


@pytest.mark.usefixtures("much_to_do")
def test_killed_in_each_chunk_in_turn_the_next_run_completes_and_tells_nothing_twice(run):
    assert connection.vendor == "postgresql"
    kills = 0
    for _ in range(CHUNKS):
        code, said = run("2")  # one chunk passes, the next dies
        kills += code == -9
        assert code in {0, -9}, said
        recorded = Delegation.objects.exclude(outcome="").count()
        assert Entry.objects.count() == recorded
        warned = Delegation.objects.filter(days_warned=7).count()
        assert Message.objects.filter(subject__startswith="Vos droits").count() == recorded + warned
    assert kills >= 3
    assert run()[0] == 0
    assert Entry.objects.count() == ENDED
    assert Delegation.objects.filter(days_warned=7).count() == ENDING
    told = Counter(
        Message.objects.filter(subject__startswith="Vos droits").values_list("recipient", flat=True)
    )
    assert len(told) == ENDED + ENDING
    assert set(told.values()) == {1}
    before = Message.objects.count()
    assert run()[0] == 0
    assert Message.objects.count() == before
