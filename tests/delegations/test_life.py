"""Whatever people do, in whatever order and on whatever day, each holds what the rules say (R56–R58)."""

import os

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.delegations.led_twice import world
from tests.delegations.life import Life

pytestmark = pytest.mark.django_db
LIVES, PARTS = int(os.environ.get("LIVES", "200")), int(os.environ.get("LIVES_PARTS", "1"))


@pytest.mark.timeout(0 if LIVES > 200 else 900)  # a failure is made smaller for five minutes
@pytest.mark.parametrize("part", range(PARTS))
def test_the_portal_and_the_oracle_agree_all_life_long(part, monkeypatch):
    monkeypatch.setattr("delegations.notices.queue_mail", lambda *args, **facts: None)
    monkeypatch.setattr("delegations.end_notices.queue_mails", lambda *args: None)
    monkeypatch.setattr(Life, "world", world())
    short = settings(
        max_examples=LIVES // PARTS,
        stateful_step_count=14,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        print_blob=True,
    )
    run_state_machine_as_test(Life, settings=short)
