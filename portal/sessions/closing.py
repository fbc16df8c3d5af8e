"""Ending sessions from elsewhere: one's own, all but this one, or all of somebody (R33, R34)."""

from __future__ import annotations

import hmac
from typing import Any

from django.contrib.sessions.exceptions import SessionInterrupted
from django.db import transaction
from django.db.models import QuerySet

from portal import clock
from portal.prepared import Blank, Prepared
from portal.sessions.models import Session, SessionQuerySet
from portal.sessions.turns import wait_for_turn


def open_sessions(user: Any) -> SessionQuerySet:
    """A person's live sessions, the last seen first."""
    live: SessionQuerySet = Session.objects.filter(user=user).live(clock.now())
    return live


MOST = 10  # sessions that a person has at once: the eleventh ends the one that was seen longest ago


def _seen_longest_ago() -> QuerySet[Session, tuple[Any, ...]]:
    """A person's sessions but one, without the `MOST` less one that were seen last."""
    person = Session._meta.get_field("user").target_field
    others = Session.objects.filter(user_id=Blank("user", person))
    others = others.exclude(session_key=Blank("kept", Session._meta.pk))
    beyond: QuerySet[Session, tuple[Any, ...]] = others.order_by("-seen_at", "pk").values_list("pk")
    return beyond[MOST - 1 :]


SEEN_LONGEST_AGO = Prepared(_seen_longest_ago)


def keep_to_the_most(user: Any, kept: str | None) -> None:
    """End what is beyond `MOST`, never the session of that key."""
    beyond = [key for (key,) in SEEN_LONGEST_AGO.rows(user=user.pk, kept=kept or "")]
    if beyond:
        Session.objects.filter(pk__in=beyond).delete()


def still_open(key: str | None) -> None:
    """Go on only while the session of that key is there; None asks nothing. The account's row is locked.

    Raises SessionInterrupted for one that was ended while its request was on its way.
    """
    if key is not None and not Session.objects.filter(pk=key).exists():
        raise SessionInterrupted("The session was ended while this request was on its way.")


@transaction.atomic
def close(user: Any, handle: str, kept: str | None = None) -> Session | None:
    """End one of the person's sessions, named as a page names it.

    None when it has ended meanwhile, or is the one of the key `kept`.
    """
    wait_for_turn(user.pk)
    for session in open_sessions(user).exclude(session_key=kept or ""):
        if hmac.compare_digest(session.handle.encode(), handle.encode()):
            Session.objects.filter(pk=session.pk).delete()
            return session
    return None


@transaction.atomic
def close_others(user: Any, kept: str | None = None) -> int:
    """End the person's sessions but the one of that key; returns how many were live."""
    wait_for_turn(user.pk)
    others = Session.objects.filter(user=user).exclude(session_key=kept or "")
    count: int = others.live(clock.now()).count()
    others.delete()
    return count
