"""Taking back an account whose new address is confirmed, by its former address (product.md 4.1).

Whoever asked for the change knew the password. What he may have left in the account goes with the address:
sessions, password, second factors. He may have prepared it: what came to the account in the days before
the request goes too.
"""

from __future__ import annotations

import datetime as dt

from django.db import IntegrityError, transaction

from accounts.mobile import uncertify_since
from accounts.models import EmailChange, Factor, RecoveryCode, User
from accounts.undoing import undo_waiting_at
from portal import clock
from portal.journal.models import Kind
from portal.journal.recording import record
from portal.messaging.outbox import queue_mail
from portal.origin import Origin
from portal.sessions.closing import close_others

MAIL = "accounts/mails/address_restored"
DOUBTED = dt.timedelta(days=7)  # before the request: what was added then may be the thief's


@transaction.atomic
def restore(*, user: User, change: EmailChange, origin: Origin) -> bool:
    """Put the former address back, with no password until a new one is asked for; its certification stays.

    The account's row is locked. An opening never activated at the former address is undone. False, and
    nothing done, when the former address got an account.
    """
    undo_waiting_at(change.former)
    if not _put_back(user, change.former):
        return False
    # Changes are one or the other; the journal has both. Those asked since are undone with it.
    undone = EmailChange.objects.filter(user=user, asked_at__gte=change.asked_at, cancelled_at=None)
    undone.update(confirmed_at=None, cancelled_at=clock.now())
    close_others(user)
    since = change.asked_at - DOUBTED
    _forget_factors(user, since)
    uncertify_since(user=user, since=since, origin=origin)
    record(
        "account.address_restored",
        f"{user.get_full_name()} reprend son ancienne adresse électronique\u00a0; mot de passe effacé",
        kind=Kind.ACCOUNT,
        origin=origin,
        actor=user,
    )
    for address in (change.former, change.address):
        queue_mail(MAIL, to=address, context={"person": user, "here": address == change.former})
    return True


def _put_back(user: User, address: str) -> bool:
    """Write the former address, unless it got an account at this instant."""
    user.email = address
    user.set_unusable_password()
    if user.address_changing:  # a later change waits: it ends too
        user.is_active, user.address_changing = True, False
    try:
        with transaction.atomic():
            user.save(update_fields=["email", "password", "is_active", "address_changing"])
    except IntegrityError:
        return False
    return True


def _forget_factors(user: User, since: dt.datetime) -> None:
    """Older ones stay: they are the person's own."""
    Factor.objects.filter(user=user, created_at__gte=since).delete()
    codes = RecoveryCode.objects.filter(user=user)
    if Factor.objects.filter(user=user).exists():
        codes = codes.filter(created_at__gte=since)
    codes.delete()
