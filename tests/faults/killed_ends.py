"""`python -m tests.faults.killed_ends [N]`: the nightly task, killed as by `kill -9` in its n-th chunk."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from typing import Any

import django

django.setup()

from delegations import end_notices, ends, tasks  # noqa: E402
from portal.messaging import outbox  # noqa: E402

ends.CHUNK = 3
outbox.ask_for_a_sweep = lambda: None
left = [int(sys.argv[1]) if len(sys.argv) > 1 else 0]


def dying(act: Callable[..., Any]) -> Callable[..., Any]:
    """The same, which does its work and dies before its chunk is committed."""

    def wrapped(*args: Any) -> None:
        act(*args)
        left[0] -= 1
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    return wrapped


end_notices.tell_ended = dying(end_notices.tell_ended)
end_notices.tell_ending = dying(end_notices.tell_ending)
tasks.keep_up()
