"""Counting tries before they are compared, in rows locked together and always in the same order."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction

from portal import clock
from portal.limits.models import Counter

UNTIL_STAFF = dt.datetime(9999, 1, 1, tzinfo=dt.UTC)


@dataclass(frozen=True)
class Limit:
    """How many tries of one subject, and what follows.

    `waits` says how long the subject waits after its n-th try (None: until staff unlock it). Tries
    are forgotten `forget_after` the last one (`sliding`) or the first one (a window). A success
    clears a limit that is `cleared_by_success` and gives back one try of the others (R09).
    """

    name: str
    waits: dict[int, dt.timedelta | None]
    forget_after: dt.timedelta
    sliding: bool
    cleared_by_success: bool

    def wait_after(self, tries: int) -> dt.timedelta | None:
        """The wait that the n-th try brings; zero when it brings none, None for « until staff »."""
        last = max(self.waits)
        return self.waits[last] if tries > last else self.waits.get(tries, dt.timedelta(0))


class Blocked(Exception):
    """Too many tries: says until when, in a way that is the same for whatever was typed."""

    def __init__(self, until: dt.datetime) -> None:
        super().__init__("too many tries")
        self.until = until


Claim = tuple[Limit, str]


def key_of(limit: Limit, subject: str) -> str:
    """The keyed hash under which a subject is counted."""
    message = f"limit:{limit.name}:{subject}".encode()
    return hmac.new(settings.SECRET_KEY.encode(), message, hashlib.sha256).hexdigest()


def _locked(claims: Iterable[Claim], now: dt.datetime) -> list[tuple[Limit, Counter]]:
    keyed = sorted((key_of(limit, subject), limit) for limit, subject in claims)
    fresh = [Counter(key=key, limit=limit.name, since=now, last_try_at=now) for key, limit in keyed]
    Counter.objects.bulk_create(fresh, ignore_conflicts=True)
    rows = [Counter.objects.select_for_update(of=("self",)).get(key=key) for key, _ in keyed]
    return list(zip((limit for _, limit in keyed), rows, strict=True))


def take(*claims: Claim) -> list[Counter]:
    """Count one try for every claim, before anything is compared. Raises Blocked and counts nothing.

    Returns the counters that this try brought to a wait, so that the caller can tell staff.
    """
    now = clock.now()
    reached = []
    with transaction.atomic():
        locked = _locked(claims, now)
        blocked = [row.blocked_until for _, row in locked if row.is_blocked(now)]
        if blocked:
            raise Blocked(max(until for until in blocked if until is not None))
        for limit, row in locked:
            if _count(limit, row, now):
                reached.append(row)
    return reached


def _count(limit: Limit, row: Counter, now: dt.datetime) -> bool:
    if now - (row.last_try_at if limit.sliding else row.since) >= limit.forget_after:
        row.tries, row.since = 0, now
    row.tries += 1
    row.last_try_at = now
    wait = limit.wait_after(row.tries)
    row.blocked_until = UNTIL_STAFF if wait is None else now + wait if wait else None
    row.save()
    return row.blocked_until is not None


def succeeded(*claims: Claim) -> None:
    """The try was right: clear what a success clears, give the try back to the rest."""
    with transaction.atomic():
        for limit, row in _locked(claims, clock.now()):
            row.tries = 0 if limit.cleared_by_success else max(row.tries - 1, 0)
            if limit.wait_after(row.tries) == dt.timedelta(0):
                row.blocked_until = None
            row.save()


def clear(limit: Limit, *subjects: str) -> None:
    """Forget the tries of some subjects: staff unlock them, or their letters were printed anew."""
    Counter.objects.filter(key__in=[key_of(limit, subject) for subject in subjects]).delete()
