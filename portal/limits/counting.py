"""Counting tries before they are compared, in rows locked together and always in the same order."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import chain

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Case, F, Q, When

from portal import clock
from portal.limits.models import Counter

# What Django's own bulk_create cannot do: tell what was there. Writing a key over itself locks its row.
MADE = f'INSERT INTO {Counter._meta.db_table} ("key", "limit", tries, since, last_try_at)'
LOCKED = 'ON CONFLICT ("key") DO UPDATE SET "key" = excluded."key" RETURNING *'
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


def _keyed(claims: Iterable[Claim]) -> dict[str, Limit]:
    return {key_of(limit, subject): limit for limit, subject in claims}


def _made(keyed: Mapping[str, Limit], now: dt.datetime) -> list[tuple[Limit, Counter]]:
    """A locked counter for each key, made where there is none: one statement, in the order of the keys."""
    at = Counter._meta.get_field("since").get_db_prep_value(now, connection)
    fresh = [(key, keyed[key].name, 0, at, at) for key in sorted(keyed)]
    rows = ", ".join(["(%s, %s, %s, %s, %s)"] * len(fresh))
    made = Counter.objects.raw(f"{MADE} VALUES {rows} {LOCKED}", list(chain.from_iterable(fresh)))
    return [(keyed[row.key], row) for row in made]


def _kept(locked: Iterable[tuple[Limit, Counter]]) -> None:
    """Write locked counters, all in one statement."""
    Counter.objects.bulk_create(
        [row for _, row in locked],
        update_conflicts=True,
        unique_fields=["pk"],
        update_fields=["tries", "since", "last_try_at", "blocked_until"],
    )


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
    with transaction.atomic(savepoint=False):
        for key, limit in sorted(_keyed(claims).items()):
            if limit.cleared_by_success:
                Counter.objects.filter(key=key).update(tries=0, blocked_until=None)
            else:
                _give_back(key, _still_blocked(limit))


def give_back(*claims: Claim) -> None:
    """The try was right and something else is still to prove: it alone is not counted, and blocks nobody."""
    with transaction.atomic(savepoint=False):
        for key, limit in sorted(_keyed(claims).items()):
            _give_back(key, None if limit.cleared_by_success else _still_blocked(limit))


def _give_back(key: str, blocked: Case | None) -> None:
    Counter.objects.filter(key=key, tries__gt=0).update(tries=F("tries") - 1, blocked_until=blocked)


def _still_blocked(limit: Limit) -> Case:
    """A counter's block, for as long as one try fewer brings a wait too."""
    waits = Q(tries__gt=max(limit.waits) + 1) | Q(tries__in=[tries + 1 for tries in limit.waits])
    return Case(When(waits, then=F("blocked_until")), default=None)


def clear(limit: Limit, *subjects: str) -> None:
    """Forget the tries of some subjects: staff unlock them, or their letters were printed anew."""
    Counter.objects.filter(key__in=[key_of(limit, subject) for subject in subjects]).delete()
