"""How long a session still lasts, as its pages and its own address tell it (R30, R31)."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import math
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from portal import clock
from portal.sessions.models import Limits, Session
from portal.sessions.store import SessionStore

WARNED_BEFORE = dt.timedelta(minutes=2)


@dataclass(frozen=True)
class Left:
    """Seconds before it ends if nothing is asked, whether asking prolongs it, whose it is; hours in all."""

    seconds: int
    extendable: bool
    person: str
    hours: int

    @property
    def warned_before(self) -> int:
        """How many seconds before its end a person is warned."""
        return int(WARNED_BEFORE.total_seconds())

    @classmethod
    def of(cls, row: Session) -> Left:
        """What is left of a session now."""
        seconds = (row.ends_at - clock.now()).total_seconds()
        return cls(
            seconds=max(0, math.ceil(seconds)),
            extendable=row.idle_until < row.last_instant,
            person=person_of(row.user_id),
            hours=int(Limits.of(staff=row.staff).whole.total_seconds() // 3600),
        )


def left_of(request: HttpRequest) -> Left | None:
    """What is left of the session of who is signed in; None for nobody."""
    session, user = getattr(request, "session", None), getattr(request, "user", None)
    if user is None or not user.is_authenticated or not isinstance(session, SessionStore):
        return None
    return Left.of(session.row) if session.row and session.row.user_id else None


def person_of(key: Any) -> str:
    """How a page designates a person to its own script: says nothing of the account."""
    message = f"session-person:{key}".encode()
    return hmac.new(settings.SECRET_KEY.encode(), message, hashlib.sha256).hexdigest()[:16]
