"""The tasks that send: each may run twice without sending twice."""

from __future__ import annotations

import time
from typing import TypedDict

from celery import shared_task

from portal import clock
from portal.messaging import outbox
from portal.messaging.models import Message, Sms
from portal.messaging.sms import outbox as sms_outbox

SWEPT_AT_ONCE = 200
SWEEP_SECONDS = 60


class Times(TypedDict):
    """Seconds after which a task is asked to stop, then stopped."""

    soft_time_limit: int
    time_limit: int


# A server that drips its answer never times out: whoever sends is stopped before the lease ends.
TIMES = Times(soft_time_limit=240, time_limit=270)
SMS_TIMES = Times(soft_time_limit=90, time_limit=110)
SMS_SWEEP_SECONDS = 30


@shared_task(name="messaging.send", **TIMES)
def send(message_id: int) -> None:
    """Send one message, unless it is sent, not due, or in another worker's hands."""
    outbox.send(message_id)


@shared_task(name="messaging.sweep", **TIMES)
def sweep() -> None:
    """Send what waits: mails whose worker died, whose broker was away, or whose time has come.

    Those that failed least come first. It ends when the mail server is away, or after a minute: the
    next sweep goes on.
    """
    ends_at = time.monotonic() + SWEEP_SECONDS
    due = Message.objects.to_send(clock.now()).order_by("tries", "next_try_at")
    for message_id in due.values_list("pk", flat=True)[:SWEPT_AT_ONCE]:
        if not outbox.send(message_id) or time.monotonic() > ends_at:
            return


@shared_task(name="messaging.send_sms", **SMS_TIMES)
def send_sms(sms_id: int) -> None:
    """Send one SMS, unless it left, is not due, is too late or is in another worker's hands."""
    sms_outbox.send(sms_id)


@shared_task(name="messaging.sweep_sms", **SMS_TIMES)
def sweep_sms() -> None:
    """Send the SMS that wait, settle those that nobody holds, ask what became of those sent."""
    ends_at = time.monotonic() + SMS_SWEEP_SECONDS
    sms_outbox.settle_what_nobody_holds()
    due = Sms.objects.to_send(clock.now()).order_by("tries", "next_try_at")
    for sms_id in due.values_list("pk", flat=True)[:SWEPT_AT_ONCE]:
        if not sms_outbox.send(sms_id) or time.monotonic() > ends_at:
            return
    for sms in Sms.objects.to_follow(clock.now()).order_by("next_try_at")[:SWEPT_AT_ONCE]:
        if not sms_outbox.follow(sms) or time.monotonic() > ends_at:
            return
