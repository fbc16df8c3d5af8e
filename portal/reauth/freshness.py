"""How long ago the person of a session proved who he is."""

from __future__ import annotations

import datetime as dt

from django.http import HttpRequest

from portal import clock

FRESH = dt.timedelta(minutes=5)
PROVED, CONFIRMED = "proved_at", "confirmed_at"


def signed_in_now(request: HttpRequest) -> None:
    """Signing in proves it."""
    request.session[PROVED] = clock.now().isoformat()


def confirmed_now(request: HttpRequest) -> None:
    """The password was given again: a new session id, and five minutes (R29)."""
    request.session.cycle_key()
    request.session[PROVED] = request.session[CONFIRMED] = clock.now().isoformat()


def is_fresh(request: HttpRequest, *, again: bool = False) -> bool:
    """Whether it was proved within five minutes; with `again`, otherwise than by signing in."""
    at = request.session.get(CONFIRMED if again else PROVED)
    return at is not None and clock.now() - dt.datetime.fromisoformat(at) <= FRESH
