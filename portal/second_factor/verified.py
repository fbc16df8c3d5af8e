"""Whether a session's person proved a second factor in it."""

from __future__ import annotations

from typing import Any

from django.contrib.sessions.backends.base import SessionBase

from portal import clock

VERIFIED = "second_factor_at"


def mark(session: SessionBase) -> None:
    """The person proved one, now."""
    session[VERIFIED] = clock.now().isoformat()


def forget(session: SessionBase) -> None:
    """What was proved is no factor of his any more."""
    session.pop(VERIFIED, None)


def is_verified(request: Any) -> bool:
    """Whether the session of the request is one in which a second factor was proved."""
    session = getattr(request, "session", None)
    return session is not None and VERIFIED in session
