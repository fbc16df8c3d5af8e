"""Ending a person's sessions, by himself or by staff, with its line in the journal (R33)."""

from __future__ import annotations

from django.db import transaction

from accounts.models import User
from portal.journal.models import Kind
from portal.journal.recording import record
from portal.origin import Origin
from portal.sessions import closing
from portal.sessions.models import Session


@transaction.atomic
def close_one(*, person: User, handle: str, kept: str | None, origin: Origin) -> Session | None:
    """End one of his own; None when it has ended meanwhile, or is the one of `kept`."""
    closed = closing.close(person, handle, kept)
    if closed is not None:
        sentence = f"Ferme une de ses sessions\u00a0: {closed.device or 'navigateur inconnu'}"
        record("session.closed", sentence, kind=Kind.SIGN_IN, origin=origin, actor=person)
    return closed


@transaction.atomic
def close_the_others(*, person: User, kept: str | None, origin: Origin) -> int:
    """End all of his own but the one of `kept`; returns how many were open."""
    count = closing.close_others(person, kept)
    if count:
        sentence = f"Ferme ses autres sessions ({count})"
        record("session.others_closed", sentence, kind=Kind.SIGN_IN, origin=origin, actor=person)
    return count


@transaction.atomic
def end_all(*, person: User, staff: User, origin: Origin) -> int:
    """Staff end every session of a person; the line names both. Returns how many were open."""
    count = closing.close_others(person)
    sentence = f"Ferme les sessions de {person.get_full_name() or person} ({count})"
    record(
        "session.ended_by_staff",
        sentence,
        kind=Kind.SIGN_IN,
        origin=origin,
        actor=staff,
        after={"Compte": person.pk},
    )
    return count
