"""The mails of a second factor: each change is told to whom it concerns (R27, R47)."""

from __future__ import annotations

from django.urls import reverse

from accounts.models import User
from portal.messaging.outbox import absolute, queue_mail

TEMPLATE = "accounts/mails/second_factor"


def tell(person: User, what: str, *, reset: bool = False, blocked: bool = False) -> None:
    """Say what happened, in the caller's transaction: it is all gone (`reset`), or blocked for a while."""
    if not person.email:
        return
    page = "accounts:staff_factors" if person.is_staff else "accounts:security"
    context = {
        "person": person,
        "what": what,
        "reset": reset,
        "blocked": blocked,
        "url": absolute(reverse(page)),
    }
    queue_mail(TEMPLATE, to=person.email, context=context)
