"""Writing SMS into their outbox, and handing each over once.

As with mails, an SMS leaves if and only if the transaction that wrote it committed (R82). Unlike a mail, it
is never handed over again unless the gateway surely did not take it (R84): a gateway that goes silent, or a
worker that dies on the way, leaves it « incertain », and the person may ask for another.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Mapping
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import F
from django.template.loader import render_to_string

from portal import clock
from portal.caisse import current_caisse
from portal.messaging.models import CODE_BLANKED, Sms, SmsState
from portal.messaging.sms.gateway import Accepted, NotSent, Refused, Uncertain, current_gateway

logger = logging.getLogger(__name__)

LEASE = dt.timedelta(minutes=2)
FIRST_WAIT = dt.timedelta(seconds=10)
LONGEST_WAIT = dt.timedelta(minutes=5)
LONGEST_ERROR = 200


def queue_sms(
    template: str, *, to: str, context: Mapping[str, Any], expires_at: dt.datetime, secret: str = ""
) -> Sms:
    """Write an SMS into the outbox, inside the caller's transaction, and send it after commit.

    `template` names a `.txt`; `to` is E.164. After `expires_at` it is not worth sending: it is given up.
    `secret` is the code in the text, blanked once the SMS has left or is given up.
    """
    text = render_to_string(f"{template}.txt", {**context, "caisse": current_caisse()}).strip()
    sms = Sms.objects.create(kind=template, number=to, text=text, secret=secret, expires_at=expires_at)
    transaction.on_commit(partial(enqueue, sms.pk))
    return sms


def enqueue(sms_id: int) -> None:
    """Ask a worker to send it now. A broker that is away costs a delay only: beat sweeps the outbox."""
    from portal.messaging.tasks import send_sms

    try:
        send_sms.apply_async((sms_id,), ignore_result=True, retry=False)
    except Exception as error:
        logger.warning("broker away, SMS %s waits for the sweep: %s", sms_id, type(error).__name__)


def take_back(sms: Sms) -> None:
    """Give up an SMS that no worker holds: another takes its place."""
    waiting = Sms.objects.filter(pk=sms.pk, state=SmsState.WAITING, claimed_until=None)
    waiting.update(state=SmsState.ABANDONED, last_error="replaced", secret="", text=sms.shown_text)


def send(sms_id: int) -> bool:
    """Send one SMS, unless it left, is not due, is too late or is in another worker's hands.

    Returns False when the gateway is away or silent, so that nobody tries the next SMS in vain.
    """
    sms = claim(sms_id)
    return sms is None or hand_over(sms)


def claim(sms_id: int) -> Sms | None:
    """Take an SMS that waits; None for any other. Nobody takes it again until we say what became of it."""
    now = clock.now()
    due = Sms.objects.to_send(now).filter(pk=sms_id)
    taken = due.update(claimed_until=now + LEASE, tries=F("tries") + 1)
    return Sms.objects.get(pk=sms_id) if taken else None


def hand_over(sms: Sms) -> bool:
    """Hand a claimed SMS to the gateway and keep what it said; False when it is away or silent."""
    try:
        accepted = current_gateway().send(number=sms.number, text=sms.text, row=sms.pk)
    except NotSent as error:
        _put_off(sms, error)
        return False
    except Refused as error:
        _settle(sms, SmsState.REFUSED, error=_told(error))
        return True
    except Exception as error:
        _settle(sms, SmsState.UNCERTAIN, error=_told(error))
        return False
    _sent(sms, accepted)
    return True


def settle_what_nobody_holds() -> None:
    """Say what became of SMS whose worker died while it sent, and of those that come too late."""
    now = clock.now()
    for sms in Sms.objects.lost(now):
        _settle(sms, SmsState.UNCERTAIN, error="WorkerLost")
    for sms in Sms.objects.too_late(now):
        _settle(sms, SmsState.ABANDONED, error=sms.last_error or "TooLate")


def follow(sms: Sms) -> bool:
    """Ask the gateway what became of an SMS that it took; False when it does not answer."""
    sent_at = sms.sent_at or clock.now()
    later = clock.now() + max(clock.now() - sent_at, FIRST_WAIT)  # twice as long after each time
    followed = Sms.objects.filter(pk=sms.pk, state=SmsState.SENT)
    try:
        became = current_gateway().became(reference=sms.reference, number=sms.number, row=sms.pk)
    except Exception as error:
        logger.warning("SMS %s not followed: %s", sms.pk, type(error).__name__)
        followed.update(next_try_at=later)
        return False
    if became is None:
        followed.update(next_try_at=later)
    else:
        followed.update(state=became)
    return True


def _told(error: Exception) -> str:
    """The kind of failure and our own words for it: never what the gateway wrote, which may quote the SMS."""
    ours = isinstance(error, NotSent | Refused | Uncertain)
    return " ".join(filter(None, [type(error).__name__, str(error) if ours else ""]))[:LONGEST_ERROR]


def _put_off(sms: Sms, error: NotSent) -> None:
    """Try again later, twice as late each time, for as long as it is of use."""
    waits: dt.timedelta = FIRST_WAIT * (1 << min(sms.tries - 1, 10))
    next_try_at = clock.now() + min(waits, LONGEST_WAIT)
    logger.warning("SMS %s not sent (%s), try %s", sms.pk, _told(error), sms.tries)
    if next_try_at >= sms.expires_at:
        _settle(sms, SmsState.ABANDONED, error=_told(error))
        return
    _ours(sms).update(claimed_until=None, last_error=_told(error), next_try_at=next_try_at)


def _sent(sms: Sms, accepted: Accepted) -> None:
    now = clock.now()
    _settle(
        sms, SmsState.SENT, reference=accepted.reference, sent_at=now, next_try_at=now + FIRST_WAIT, error=""
    )


def _settle(sms: Sms, state: SmsState, *, error: str, **values: Any) -> None:
    """Keep what became of it, and its text without the code."""
    text = sms.text.replace(sms.secret, CODE_BLANKED) if sms.secret else sms.text
    _ours(sms).update(state=state, claimed_until=None, text=text, secret="", last_error=error, **values)
    if state is not SmsState.SENT:
        logger.warning("SMS %s %s (%s)", sms.pk, state.value, error)


def _ours(sms: Sms) -> Any:
    """The row as long as it is as we took it: who overslept the lease writes nothing."""
    return Sms.objects.filter(pk=sms.pk, state=SmsState.WAITING, claimed_until=sms.claimed_until)
