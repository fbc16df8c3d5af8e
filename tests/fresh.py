"""When the person of a browser last proved who he is, for tests that are about something else."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.test import Client

from portal import clock
from portal.reauth.freshness import CONFIRMED, PROVED
from portal.sessions.store import SessionStore

LONG = dt.timedelta(days=3650)


def for_long(client: Client) -> Client:
    """Proved, and again, however long the test's clock runs."""
    return _stamped(client, clock.now() + LONG)


def long_ago(client: Client) -> Client:
    """Proved so long ago that it is asked for."""
    return _stamped(client, clock.now() - LONG)


def _stamped(client: Client, at: dt.datetime) -> Client:
    ours, staffs = settings.SESSION_COOKIE_NAME, settings.STAFF_SESSION_COOKIE_NAME
    cookie = client.cookies.get(staffs) or client.cookies[ours]
    session = SessionStore(cookie.value)
    session[PROVED] = session[CONFIRMED] = at.isoformat()
    session.save()
    return client
