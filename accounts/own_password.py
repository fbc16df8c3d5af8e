"""« Modifier mot de passe »: this browser stays, the others end, the person is told (product.md 4.1, R27)."""

from __future__ import annotations

from django.contrib.auth import update_session_auth_hash
from django.db import transaction
from django.http import HttpRequest

from accounts.locking import locked
from accounts.models import User
from portal.journal.models import Kind
from portal.journal.recording import record
from portal.messaging.outbox import queue_mail
from portal.origin import Origin
from portal.sessions.closing import close_others


@transaction.atomic
def change_own_password(request: HttpRequest, password: str) -> None:
    """Set the password of the session's person; the form has held it against the rule.

    The session goes on under a new id (R29); the person's others end, and so do reset links (R19).
    """
    person = request.user
    assert isinstance(person, User)
    user = locked(person.pk)
    user.set_password(password)
    user.save(update_fields=["password"])
    person.password = user.password
    update_session_auth_hash(request, user)
    close_others(user, request.session.session_key)
    record(
        "account.password_changed",
        "Mot de passe changé",
        kind=Kind.ACCOUNT,
        origin=Origin.of(request),
        actor=user,
    )
    assert user.email is not None
    context = {"person": user, "stays": True}
    queue_mail("accounts/mails/password_changed", to=user.email, context=context)
