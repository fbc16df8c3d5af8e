"""Counting tries before they are compared, in rows locked together and always in the same order."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from portal import clock
from portal.limits.models import Counter

# What Django's own bulk_create cannot do: tell what was there. Writing a key over itself locks its row.
COLUMNS = ("key", "limit", "tries", "since", "last_try_at", "blocked_until")
NAMES = ", ".join(f'"{column}"' for column in COLUMNS)
BLANKS = ", ".join(["%s"] * len(COLUMNS))
UPSERT = f"INSERT INTO {Counter._meta.db_table} ({NAMES})"
LOCKED = 'ON CONFLICT ("key") DO UPDATE SET "key" = excluded."key" RETURNING *'
KEPT = 'ON CONFLICT ("key") DO UPDATE SET ' + ", ".join(f"{name} = excluded.{name}" for name in COLUMNS[2:])
NO_WAIT = dt.timedelta(0)
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
        return self.waits[last] if tries > last else self.waits.get(tries, NO_WAIT)


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


def _keyed(claims: Iterable[Claim]) -> dict[str, Limit]:
    return {key_of(limit, subject): limit for limit, subject in claims}


def _upsert(rows: Sequence[Counter], conflict: str) -> tuple[str, list[Any]]:
    """The statement that writes counters in their order, and its parameters."""
    fields: list[Any] = [Counter._meta.get_field(column) for column in COLUMNS]
    written = [
        field.get_db_prep_save(getattr(row, field.attname), connection) for row in rows for field in fields
    ]
    return f"{UPSERT} VALUES {', '.join([f'({BLANKS})'] * len(rows))} {conflict}", written


def _made(keyed: Mapping[str, Limit], now: dt.datetime) -> list[tuple[Limit, Counter]]:
    """A locked counter for each key, made where there is none: one statement, in the order of the keys."""
    fresh = [
        Counter(key=key, limit=limit.name, since=now, last_try_at=now) for key, limit in sorted(keyed.items())
    ]
    return [(keyed[row.key], row) for row in Counter.objects.raw(*_upsert(fresh, LOCKED))]


def _kept(locked: Iterable[tuple[Limit, Counter]]) -> None:
    """Write locked counters, all in one statement."""
    with connection.cursor() as cursor:
        cursor.execute(*_upsert([row for _, row in locked], KEPT))


def take(*claims: Claim) -> list[Counter]:
    """Count one try for every claim, before anything is compared. Raises Blocked and counts nothing.

    Returns the counters that this try brought to a wait, so that the caller can tell staff.
    """
    now = clock.now()
    reached = []
    keyed = _keyed(claims)
    with transaction.atomic():
        locked = _made(keyed, now)
        blocked = [row.blocked_until for _, row in locked if row.is_blocked(now)]
        if blocked:
            raise Blocked(max(until for until in blocked if until is not None))
        for limit, row in locked:
            if _count(limit, row, now):
                reached.append(row)
        _kept(locked)
    return reached


def _count(limit: Limit, row: Counter, now: dt.datetime) -> bool:
    if now - (row.last_try_at if limit.sliding else row.since) >= limit.forget_after:
        row.tries, row.since = 0, now
    row.tries += 1
    row.last_try_at = now
    wait = limit.wait_after(row.tries)
    row.blocked_until = UNTIL_STAFF if wait is None else now + wait if wait else None
    return row.blocked_until is not None


def succeeded(*claims: Claim) -> None:
    """The try was right: clear what a success clears, give the try back to the rest."""
    _proved_right(claims, all_of_it=True)


def give_back(*claims: Claim) -> None:
    """The try was right and something else is still to prove: it alone is not counted, and blocks nobody."""
    _proved_right(claims, all_of_it=False)


def _proved_right(claims: Iterable[Claim], *, all_of_it: bool) -> None:
    with transaction.atomic(savepoint=False):
        locked = _made(_keyed(claims), clock.now())
        for limit, row in locked:
            cleared = limit.cleared_by_success
            row.tries = 0 if cleared and all_of_it else max(0, row.tries - 1)
            if cleared or limit.wait_after(row.tries) == NO_WAIT:
                row.blocked_until = None
        _kept(locked)


def clear(limit: Limit, *subjects: str) -> None:
    """Forget the tries of some subjects: staff unlock them, or their letters were printed anew."""
    Counter.objects.filter(key__in=[key_of(limit, subject) for subject in subjects]).delete()
