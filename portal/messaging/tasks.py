"""The tasks that send: both may run twice without sending twice."""

from __future__ import annotations

from celery import shared_task

from portal import clock
from portal.messaging import outbox
from portal.messaging.models import Message

SWEPT_AT_ONCE = 200


@shared_task(name="messaging.send")
def send(message_id: int) -> None:
    """Send one message, unless it is sent, not due, or in another worker's hands."""
    message = outbox.claim(message_id)
    if message is not None:
        outbox.deliver(message)


@shared_task(name="messaging.sweep")
def sweep() -> None:
    """Send what waits: mails whose worker died, whose broker was away, or whose time has come."""
    due = Message.objects.to_send(clock.now()).order_by("next_try_at")
    for message_id in due.values_list("pk", flat=True)[:SWEPT_AT_ONCE]:
        send(message_id)
