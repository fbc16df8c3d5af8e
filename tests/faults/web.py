"""The portal's web process, which dies as by `kill -9`, once, around the commit that FAULT_STEP names."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import Any

import django

django.setup()

from portal.messaging import outbox  # noqa: E402
from portal.wsgi import application  # noqa: E402

__all__ = ["application"]


def die(*args: Any, **kwargs: Any) -> None:
    """Leave a witness and nothing else."""
    Path(os.environ["FAULT_WITNESS"]).touch()
    os.kill(os.getpid(), signal.SIGKILL)


if os.environ["FAULT_STEP"] == "after the commit":
    outbox.enqueue = die
else:
    outbox.transaction.on_commit = die
