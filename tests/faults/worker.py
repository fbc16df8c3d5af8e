"""The portal's worker, which dies as by `kill -9`, once, at the step that FAULT_STEP names.

`celery --app tests.faults.worker`. FAULT_VICTIM says who dies: the child that does the task, or the whole
worker. The lease and beat's turns are short, so that a test sees what takes minutes in production.
"""

from __future__ import annotations

import datetime as dt
import http.client
import os
import signal
import smtplib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import django

django.setup()

from django.core.mail import EmailMultiAlternatives  # noqa: E402

from portal.celery import app  # noqa: E402
from portal.messaging import outbox, tasks  # noqa: E402
from portal.messaging.sms import outbox as sms_outbox  # noqa: E402
from portal.messaging.sms.https import HttpsGateway  # noqa: E402

outbox.LEASE = sms_outbox.LEASE = dt.timedelta(seconds=float(os.environ.get("LEASE", "2")))
for task in (tasks.sweep, tasks.sweep_sms):
    task.soft_time_limit = float(os.environ.get("SOFT_LIMIT", task.soft_time_limit))
app.conf.beat_schedule["send what waits in the outbox"]["schedule"] = 1.0


def die() -> None:
    """The first time only: the witness says that it happened."""
    try:
        Path(os.environ["FAULT_WITNESS"]).touch(exist_ok=False)
    except FileExistsError:
        return
    if os.environ["FAULT_VICTIM"] == "worker":
        os.killpg(os.getpgrp(), signal.SIGKILL)
    os.kill(os.getpid(), signal.SIGKILL)


def before(act: Callable[..., Any]) -> Callable[..., Any]:
    def dying(*args: Any, **kwargs: Any) -> Any:
        die()
        return act(*args, **kwargs)

    return dying


def after(act: Callable[..., Any]) -> Callable[..., Any]:
    def dying(*args: Any, **kwargs: Any) -> Any:
        done = act(*args, **kwargs)
        die()
        return done

    return dying


def in_the_middle(act: Callable[..., Any]) -> Callable[..., Any]:
    def dying(server: smtplib.SMTP, message: bytes) -> Any:
        if not Path(os.environ["FAULT_WITNESS"]).exists():
            server.docmd("data")
            server.send(message[: len(message) // 2])
        die()
        return act(server, message)

    return dying


STEPS: dict[str, tuple[Any, str, Callable[..., Any]]] = {
    "before the claim": (outbox, "claim", before),
    "after the claim": (outbox, "claim", after),
    "in the middle of the mail": (smtplib.SMTP, "data", in_the_middle),
    "after the acceptance": (EmailMultiAlternatives, "send", after),
    "after the stamp": (outbox, "deliver", after),
    "before the claim of the SMS": (sms_outbox, "claim", before),
    "after the claim of the SMS": (sms_outbox, "claim", after),
    "once the provider has it, unanswered": (http.client.HTTPConnection, "getresponse", before),
    "after the provider's answer": (HttpsGateway, "send", after),
    "after the SMS is stamped": (sms_outbox, "hand_over", after),
}

if step := os.environ.get("FAULT_STEP"):
    place, name, dying = STEPS[step]
    setattr(place, name, dying(getattr(place, name)))
