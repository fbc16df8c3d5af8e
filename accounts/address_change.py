"""Changing one's address: the account sleeps until the new one is confirmed (product.md 4.1, R05, R39).

While a change waits, the account keeps its former address, opens nothing, and is still counted among its
sites' Administrateurs. The new address confirms it; the former one cancels it, by the link it was sent or
by a new password. For its seven days that link takes back a confirmed change too, so that who steals a
password does not keep the account by being quick (accounts.address_restoring). Nothing dies of waiting:
whoever mistyped gets back in by the former address, any day.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import Enum
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.address_restoring import restore
from accounts.limits import MAILS_BY_ADDRESS, PROVED_MAILS_BY_ADDRESS
from accounts.locking import locked
from accounts.models import EmailChange, Opening, User
from portal import clock, tokens
from portal.journal.models import Kind
from portal.journal.recording import record
from portal.limits.counting import clear
from portal.messaging.outbox import absolute, queue_mail
from portal.origin import Origin
from portal.sessions.closing import close_others

CONFIRMATION, CANCELLATION = "address-confirmation", "address-cancellation"


class LinkState(Enum):
    """What a link of a change is worth now."""

    READY = "ready"
    UNDOABLE = "undoable"  # the new address took its place, and the former one may still take it back
    CONFIRMED = "confirmed"  # the new address took the place of the former one
    CANCELLED = "cancelled"  # the former one stays
    EXPIRED = "expired"  # its time is over, and the change still waits
    REPLACED = "replaced"  # a newer link was sent
    TAKEN = "taken"  # the new address has an account of its own
    DEAD = "dead"  # never ours


@dataclass(frozen=True)
class Link:
    """A link's state and, when it speaks of one, its change."""

    state: LinkState
    change: EmailChange | None = None


@transaction.atomic
def ask(*, person: User, address: str, origin: Origin) -> EmailChange | None:
    """Deactivate the account, end its sessions, and write to both addresses.

    The same is done, and seen, when the address already has an account: that account's holder is written
    to in place of a link, and the change waits in vain until it is cancelled. None when one waits already.
    """
    user = locked(person.pk)
    if not user.is_active or user.email is None:
        return None
    user.is_active, user.address_changing = False, True
    user.save(update_fields=["is_active", "address_changing"])
    change = EmailChange.objects.create(user=user, former=user.email, address=address)
    close_others(user)
    _record(
        "account.address_change_asked", "demande à changer d’adresse\u00a0; compte désactivé", user, origin
    )
    send_confirmation(change)
    _send_cancellation(change)
    return change


def send_confirmation(change: EmailChange, *, replacing: bool = False) -> None:
    """Write to the new address: the link that confirms or, when it has an account, what was asked.

    With `replacing` the former link dies.
    """
    if replacing:
        change.link_number += 1
        change.save(update_fields=["link_number"])
    holder = User.objects.filter(email=change.address).first()
    token = tokens.make(CONFIRMATION, change.pk, change.link_number)
    link = absolute(reverse("accounts:address_confirmation", kwargs={"token": token}))
    hours = settings.ADDRESS_CONFIRMATION_HOURS
    if holder is None:
        template, secret = "accounts/mails/address_confirmation", link
        context = {"person": change.user, "url": link, "hours": hours}
    else:
        template, secret = "accounts/mails/address_taken", ""
        context = {"person": holder, "url": absolute(reverse("accounts:sign_in"))}
    queue_mail(template, to=change.address, context=context, secret=secret)


def _send_cancellation(change: EmailChange) -> None:
    token = tokens.make(CANCELLATION, change.pk)
    url = absolute(reverse("accounts:address_cancellation", kwargs={"token": token}))
    context = {"person": change.user, "url": url, "days": settings.ADDRESS_CANCELLATION_DAYS}
    queue_mail("accounts/mails/address_change_asked", to=change.former, context=context, secret=url)


def awaited(address: str) -> EmailChange | None:
    """The latest change that waits for that address; None without one."""
    return EmailChange.objects.pending().filter(address=address).select_related("user").first()


# --- what a link is worth ------------------------------------------------------------------------


def read_confirmation(token: str) -> Link:
    """What the link sent to a new address is worth. Changes nothing: mail scanners follow links."""
    return _read(CONFIRMATION, token, dt.timedelta(hours=settings.ADDRESS_CONFIRMATION_HOURS))


def read_cancellation(token: str) -> Link:
    """What the link sent to a former address is worth. Changes nothing."""
    return _read(CANCELLATION, token, dt.timedelta(days=settings.ADDRESS_CANCELLATION_DAYS))


def _read(purpose: str, token: str, max_age: dt.timedelta) -> Link:
    expired = False
    try:
        parts = tokens.read(purpose, token, max_age=max_age)
    except tokens.Expired as error:
        parts, expired = error.parts, True
    except tokens.Forged:
        return Link(LinkState.DEAD)
    change = EmailChange.objects.select_related("user").filter(pk=parts[0]).first()
    if change is None:
        return Link(LinkState.DEAD)
    return Link(_state(change, parts[1:], expired), change)


def _state(change: EmailChange, number: list[Any], expired: bool) -> LinkState:
    if change.confirmed_at is not None:
        return LinkState.CONFIRMED if number or expired else _taking_back(change)
    if change.cancelled_at is not None:
        return LinkState.CANCELLED
    if number and number[0] != change.link_number:
        return LinkState.REPLACED
    if expired:
        return LinkState.EXPIRED
    if number and User.objects.filter(email=change.address).exists():
        return LinkState.TAKEN
    return LinkState.READY


def _taking_back(change: EmailChange) -> LinkState:
    """What the former address's live link is worth once the new one is confirmed, whatever came since.

    An opening that nobody activated does not keep the address: taking back undoes it.
    """
    taken = User.objects.filter(email=change.former).exists()
    if taken and not Opening.objects.account_waits(change.former):
        return LinkState.TAKEN
    return LinkState.UNDOABLE


# --- what a link does ----------------------------------------------------------------------------


@transaction.atomic
def confirm(token: str, *, origin: Origin) -> Link:
    """Put the new address, certified, in the place of the former one and reactivate the account.

    Only a READY link does it; the link that comes back says what it was worth. Signs nobody in.
    """
    link = read_confirmation(token)
    if link.state is not LinkState.READY or link.change is None:
        return link
    user = locked(link.change.user_id)
    link = read_confirmation(token)  # again: another may have confirmed or cancelled it meanwhile
    if link.state is not LinkState.READY or link.change is None:
        return link
    if not _replaced(user, link.change.address):
        return Link(LinkState.TAKEN, link.change)
    close_others(user)  # none was opened while the account slept; should one have been, it ends here
    link.change.confirmed_at = user.email_certified_at
    link.change.save(update_fields=["confirmed_at"])
    for limit in (MAILS_BY_ADDRESS, PROVED_MAILS_BY_ADDRESS):
        clear(limit, link.change.address)
    _record("account.address_changed", "confirme sa nouvelle adresse électronique", user, origin)
    queue_mail("accounts/mails/address_changed", to=link.change.former, context={"person": user})
    return link


def _replaced(user: User, address: str) -> bool:
    """Write the new address, unless it got an account at this instant."""
    user.email, user.email_certified_at = address, clock.now()
    user.is_active, user.address_changing = True, False
    try:
        with transaction.atomic():
            user.save(update_fields=["email", "email_certified_at", "is_active", "address_changing"])
    except IntegrityError:
        return False
    return True


@transaction.atomic
def cancel(token: str, *, origin: Origin, taking_back: bool = False) -> Link:
    """Give the account back to its former address, by a READY link. Signs nobody in.

    An UNDOABLE one does it for who read that the new address is confirmed (`taking_back`).
    """
    link = read_cancellation(token)
    if link.change is None:
        return link
    user = locked(link.change.user_id)
    link = read_cancellation(token)  # again: confirmed or cancelled meanwhile
    if link.state is LinkState.READY:
        cancel_for(user, origin=origin)
    undoing = link.change if taking_back and link.state is LinkState.UNDOABLE else None
    if undoing is not None and not restore(user=user, change=undoing, origin=origin):
        return Link(LinkState.TAKEN, undoing)
    return link


def cancel_for(user: User, *, origin: Origin) -> None:
    """Cancel the change that waits, if any, and reactivate. The account's row is locked."""
    if not user.address_changing:
        return
    EmailChange.objects.pending().filter(user=user).update(cancelled_at=clock.now())
    user.is_active, user.address_changing = True, False
    user.save(update_fields=["is_active", "address_changing"])
    close_others(user)
    _record("account.address_change_cancelled", "garde son ancienne adresse électronique", user, origin)


@transaction.atomic
def renew(token: str) -> Link:
    """Send a new link in place of an expired one, to the new address."""
    link = read_confirmation(token)
    if link.change is not None and link.state is LinkState.EXPIRED:
        send_confirmation(link.change, replacing=True)
    return link


def _record(action: str, act: str, user: User, origin: Origin) -> None:
    record(action, f"{user.get_full_name()} {act}", kind=Kind.ACCOUNT, origin=origin, actor=user)
