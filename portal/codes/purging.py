"""Codes sent by SMS leave a day after their end, and with them whom they were for and which number."""

from __future__ import annotations

import datetime as dt

from portal import clock
from portal.codes.models import SmsCode

KEPT = dt.timedelta(
    days=1
)  # after its end: a page still says what became of it, and it proves for half an hour
AT_ONCE = 5_000  # rows of one statement: its locks are short, and a worker that dies loses one chunk


def purge(at_once: int = AT_ONCE) -> int:
    """Delete the codes that ended more than `KEPT` ago, used or not, the oldest first; returns how many.

    Each chunk is deleted for good before the next: run again, it goes on where it was stopped.
    """
    over = SmsCode.objects.filter(expires_at__lt=clock.now() - KEPT)
    purged = 0
    while True:
        chunk = over.order_by("expires_at").values("pk")[:at_once]
        deleted, _ = over.filter(pk__in=chunk).delete()  # asked again of each: a new code takes a row over
        purged += deleted
        if deleted < at_once:
            return purged
