"""A sign-in whose password is proved and whose second factor is not: five minutes, on the server."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest
from django.utils.crypto import constant_time_compare

from accounts.models import User
from portal import clock

KEY = "pending_sign_in"
LIVES = dt.timedelta(minutes=5)


def begin(request: HttpRequest, user: User) -> None:
    """Remember who proved his password, under a new session id (R29). Nobody is signed in."""
    request.session.cycle_key()
    request.session[KEY] = {
        "user": user.pk,
        "at": clock.now().isoformat(),
        "password": user.get_session_auth_hash(),
    }


def person(request: HttpRequest) -> User | None:
    """Who waits to prove the rest; None when nobody does, too late, or the password changed meanwhile."""
    kept: dict[str, Any] | None = request.session.get(KEY)
    if kept is None or clock.now() - dt.datetime.fromisoformat(kept["at"]) > LIVES:
        return None
    user = User.objects.filter(pk=kept["user"], is_active=True).first()
    same = user is not None and constant_time_compare(kept["password"], user.get_session_auth_hash())
    return user if same else None


def waits(request: HttpRequest) -> bool:
    """Whether a sign-in of this session waits, or waited too long."""
    return KEY in request.session


def forget(request: HttpRequest) -> None:
    """Nobody waits any more."""
    request.session.pop(KEY, None)
