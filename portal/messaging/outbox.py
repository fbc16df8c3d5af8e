"""Writing mails into the outbox, and sending them exactly as long as it takes.

A mail leaves if and only if the transaction that wrote it committed (R82). A worker claims the row
for a few minutes, sends, then stamps it. A kill between the server's acceptance and the stamp makes
a repeat with the same Message-ID; nothing else repeats, and nothing is lost.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import logging
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import islice
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
from portal.messaging.refusals import is_away, is_for_good, told

logger = logging.getLogger(__name__)

LEASE = dt.timedelta(minutes=5)
FIRST_WAIT = dt.timedelta(minutes=1)
LONGEST_WAIT = dt.timedelta(hours=1)
GIVE_UP_AFTER = dt.timedelta(hours=48)
GIVE_UP_REFUSED_AFTER = dt.timedelta(hours=1)
MOST_TRIES = 60  # what two days bring; reached before by a mail whose worker dies each time
WRITTEN_AT_ONCE = 500
BLANK_LINES = re.compile(r"\n[ \t]*\n(?:[ \t]*\n)+")  # what a part that says nothing leaves
BREAKS = re.compile(r"[^\S\u00a0\u202f]+")  # whatever ends a line among them (R74)
SWEEP_EXPIRES = 30  # seconds: sweeps that are asked for do not pile up, beat asks for others


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

    `template` names three files: `.subject.txt`, `.txt` and `.html`; beside `context` they are given
    `caisse`, `origin` and `at`, the instant at which the mail is written. `secret` is the text to blank
    once sent. With `once`, a second call with the same key writes nothing and returns None. With
    `decoy`, the same work is done and nothing is sent: the answer takes as long for an address that
    nobody knows (R03).
    """
    once = _hashed(once) if once is not None else None
    if once is not None and Message.objects.filter(once=once).exists():
        return None
    message = _written(template, to, context, secret, once)
    message.save(force_insert=True)
    transaction.on_commit(partial(enqueue, message.pk))
    written = Message.objects.filter(pk=message.pk)
    if decoy:
        written.delete()
        return None
    written.update(claimed_until=None)  # changes nothing, and takes as long as taking a decoy back
    return message


@dataclass(frozen=True)
class Mail:
    """One of many mails: what `queue_mail` is given for each."""

    to: str
    context: Mapping[str, Any]
    once: str
    secret: str = ""


def queue_mails(template: str, mails: Iterable[Mail]) -> int:
    """Write many mails as `queue_mail` does, a few hundred at a time; how many were not written before.

    One sweep is asked for, after commit: it sends them, and beat's next sweeps what it leaves.
    """
    written = sum(_write_new(template, some) for some in _batches(mails))
    if written:
        transaction.on_commit(ask_for_a_sweep)
    return written


def _write_new(template: str, mails: list[Mail]) -> int:
    by_key = {_hashed(mail.once): mail for mail in mails}
    known = set(Message.objects.filter(once__in=by_key).values_list("once", flat=True))
    new = [
        _written(template, mail.to, mail.context, mail.secret, key)
        for key, mail in by_key.items()
        if key not in known
    ]
    Message.objects.bulk_create(new, ignore_conflicts=True)  # a key written meanwhile by another
    return len(new)


def _batches(mails: Iterable[Mail]) -> Iterator[list[Mail]]:
    left = iter(mails)
    while some := list(islice(left, WRITTEN_AT_ONCE)):
        yield some


def _hashed(once: str) -> str:
    return hashlib.sha256(once.encode()).hexdigest()


def _written(template: str, to: str, context: Mapping[str, Any], secret: str, once: str | None) -> Message:
    about = {"caisse": current_caisse(), "origin": settings.PORTAL_ORIGIN, "at": clock.now()}
    values = {**context, **about}
    return Message(
        kind=template,
        recipient=to,
        subject=_one_line(render_to_string(f"{template}.subject.txt", values))[:200],
        text=BLANK_LINES.sub("\n\n", render_to_string(f"{template}.txt", values)).strip() + "\n",
        html=render_to_string(f"{template}.html", values),
        secret=secret,
        once=once,
    )


def _one_line(text: str) -> str:
    """The text on one line, its no-break spaces kept."""
    return BREAKS.sub(" ", text).strip()


def ask_for_a_sweep() -> None:
    """Ask a worker to send what waits. A broker that is away costs a delay only."""
    from portal.messaging.tasks import sweep

    try:
        sweep.apply_async(ignore_result=True, retry=False, expires=SWEEP_EXPIRES)
    except Exception as error:
        logger.warning("broker away, mails wait for beat's sweep: %s", type(error).__name__)


def enqueue(message_id: int) -> None:
    """Ask a worker to send it now. A broker that is away costs a delay only: beat sweeps the outbox."""
    from portal.messaging.tasks import send

    try:
        send.apply_async((message_id,), ignore_result=True, retry=False)
    except Exception as error:
        logger.warning("broker away, message %s waits for the sweep: %s", message_id, type(error).__name__)


def send(message_id: int) -> bool:
    """Send one message, unless it is sent, not due, or in another worker's hands.

    Returns False when the mail server is away, so that nobody tries the next mail in vain.
    """
    message = claim(message_id)
    return message is None or deliver(message)


def claim(message_id: int) -> Message | None:
    """Take a message for `LEASE`; None when it is sent, not due, tried too often, or in other hands."""
    now = clock.now()
    taken = (
        Message.objects.to_send(now)
        .filter(pk=message_id)
        .update(claimed_until=now + LEASE, tries=F("tries") + 1)
    )
    message = Message.objects.get(pk=message_id) if taken else None
    if message is not None and message.tries > MOST_TRIES:
        _abandon(message, message.last_error or "WorkerLost")
        return None
    return message


def deliver(message: Message) -> bool:
    """Hand a claimed message to the mail server and stamp it; on failure, set when to try again.

    Returns False when the mail server is away.
    """
    try:
        as_email(message).send()
    except Exception as error:
        put_off(message, error)
        return not is_away(error)
    message.sent_at = clock.now()
    message.claimed_until = None
    message.last_error = ""
    message.blank()
    message.save(update_fields=["sent_at", "claimed_until", "last_error", "text", "html", "secret"])
    return True


def wait_before_try(number: int) -> dt.timedelta:
    """How long after a failure the `number`-th try comes: twice as long each time, an hour at most."""
    doublings: int = min(number - 2, 10)
    return min(FIRST_WAIT * (1 << doublings), LONGEST_WAIT)


def put_off(message: Message, error: Exception) -> None:
    """Try again later, twice as late each time; give up after two days, or an hour of refusals.

    A refusal for good counts when the try before met the same: a relay in disorder refuses for a while.
    """
    now, kind = clock.now(), told(error)
    refused_again = is_for_good(error) and message.last_error == kind
    logger.warning("message %s not sent (%s), try %s", message.pk, kind, message.tries)
    if now - message.created_at > (GIVE_UP_REFUSED_AFTER if refused_again else GIVE_UP_AFTER):
        _abandon(message, kind)
        return
    next_try_at = now + wait_before_try(message.tries + 1)
    _release(message, last_error=kind, next_try_at=next_try_at)


def _abandon(message: Message, last_error: str) -> None:
    message.blank()
    blanked = {"text": message.text, "html": message.html, "secret": ""}
    _release(message, last_error=last_error, abandoned_at=clock.now(), **blanked)
    logger.warning("message %s given up (%s)", message.pk, last_error)


def _release(message: Message, **values: Any) -> None:
    """Let go of a message as long as it is ours: one that overslept its lease writes nothing."""
    ours = Message.objects.filter(pk=message.pk, claimed_until=message.claimed_until, sent_at=None)
    ours.update(claimed_until=None, **values)


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
