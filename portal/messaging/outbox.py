"""Writing mails into the outbox, and sending them exactly as long as it takes.

A mail leaves if and only if the transaction that wrote it committed (R82). A worker claims the row
for a few minutes, sends, then stamps it. A kill between the server's acceptance and the stamp makes
a repeat with the same Message-ID; nothing else repeats, and nothing is lost.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import logging
from collections.abc import Mapping
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import F
from django.template.loader import render_to_string

from portal import clock
from portal.caisse import current_caisse
from portal.messaging.models import Message

logger = logging.getLogger(__name__)

LEASE = dt.timedelta(minutes=5)
FIRST_WAIT = dt.timedelta(minutes=1)
LONGEST_WAIT = dt.timedelta(hours=1)
GIVE_UP_AFTER = dt.timedelta(hours=48)


def absolute(path: str) -> str:
    """A link built from the configured origin, never from the request's Host (R22)."""
    return f"{settings.PORTAL_ORIGIN}{path}"


def queue_mail(
    template: str,
    *,
    to: str,
    context: Mapping[str, Any],
    secret: str = "",
    once: str | None = None,
    decoy: bool = False,
) -> Message | None:
    """Write a mail into the outbox, inside the caller's transaction, and send it after commit.

    `template` names three files: `.subject.txt`, `.txt` and `.html`. `secret` is the text to blank
    once sent. With `once`, a second call with the same key writes nothing and returns None. With
    `decoy`, the same work is done and nothing is sent: the answer takes as long for an address that
    nobody knows (R03).
    """
    once = hashlib.sha256(once.encode()).hexdigest() if once is not None else None
    if once is not None and Message.objects.filter(once=once).exists():
        return None
    values = {**context, "caisse": current_caisse(), "origin": settings.PORTAL_ORIGIN}
    message = Message.objects.create(
        kind=template,
        recipient=to,
        subject=" ".join(render_to_string(f"{template}.subject.txt", values).split())[:200],
        text=render_to_string(f"{template}.txt", values).strip() + "\n",
        html=render_to_string(f"{template}.html", values),
        secret=secret,
        once=once,
    )
    transaction.on_commit(partial(enqueue, message.pk))
    if decoy:
        Message.objects.filter(pk=message.pk).delete()
        return None
    return message


def enqueue(message_id: int) -> None:
    """Ask a worker to send it now. A broker that is away costs a delay only: beat sweeps the outbox."""
    from portal.messaging.tasks import send

    try:
        send.apply_async((message_id,), ignore_result=True, retry=False)
    except Exception as error:
        logger.warning("broker away, message %s waits for the sweep: %s", message_id, type(error).__name__)


def claim(message_id: int) -> Message | None:
    """Take a message for `LEASE`; None when it is sent, not due, or in another worker's hands."""
    now = clock.now()
    taken = (
        Message.objects.to_send(now)
        .filter(pk=message_id)
        .update(claimed_until=now + LEASE, tries=F("tries") + 1)
    )
    return Message.objects.get(pk=message_id) if taken else None


def deliver(message: Message) -> None:
    """Hand a claimed message to the mail server and stamp it; on failure, set when to try again."""
    try:
        as_email(message).send()
    except Exception as error:
        put_off(message, error)
        return
    message.sent_at = clock.now()
    message.claimed_until = None
    message.last_error = ""
    message.blank()
    message.save(update_fields=["sent_at", "claimed_until", "last_error", "text", "html", "secret"])


def wait_before_try(number: int) -> dt.timedelta:
    """How long after a failure the `number`-th try comes: twice as long each time, an hour at most."""
    doublings: int = min(number - 2, 10)
    return min(FIRST_WAIT * (1 << doublings), LONGEST_WAIT)


def put_off(message: Message, error: Exception) -> None:
    """Try again later, twice as late each time, and give up after two days (staff see it)."""
    now = clock.now()
    message.claimed_until = None
    message.last_error = type(error).__name__
    message.next_try_at = now + wait_before_try(message.tries + 1)
    if now - message.created_at > GIVE_UP_AFTER:
        message.abandoned_at = now
        message.blank()
    message.save()
    logger.warning("message %s not sent (%s), try %s", message.pk, message.last_error, message.tries)


def as_email(message: Message) -> EmailMultiAlternatives:
    """The mail itself. Its Message-ID comes from the row, so that a repeat is recognisable."""
    host = urlsplit(settings.PORTAL_ORIGIN).hostname
    mail = EmailMultiAlternatives(
        subject=message.subject,
        body=message.text,
        to=[message.recipient],
        headers={
            "Message-ID": f"<{message.pk}.{message.created_at:%Y%m%d%H%M%S}@{host}>",
            "X-Outbox-Id": str(message.pk),
            "Auto-Submitted": "auto-generated",
        },
    )
    mail.attach_alternative(message.html, "text/html")
    return mail
