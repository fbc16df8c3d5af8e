"""Who reads an invitation, and the account that an invited person opens from it (product.md 6.3)."""

from __future__ import annotations

from enum import Enum
from typing import Any

from django.db import transaction

from accounts.activation import send_activation
from accounts.certifying import adopt_certification
from accounts.limits import MAILS_BY_ADDRESS
from accounts.models import Opening, User
from accounts.opening import Person, new_account
from accounts.undoing import undo_stale_openings
from delegations.accepting import accept, locked
from delegations.models import Delegation, Invitation
from delegations.refusals import Refused
from portal import clock
from portal.journal.models import Kind
from portal.journal.recording import record
from portal.limits.counting import clear
from portal.origin import Origin


class Guest(Enum):
    """Who reads an invitation, as far as the address to which it was sent goes."""

    INVITED = "invited"  # signed in with that address
    ANOTHER = "another"  # signed in with another one
    NEWCOMER = "newcomer"  # nobody signed in, and the address has no account
    HOLDER = "holder"  # nobody signed in, and it has one
    UNACTIVATED = "unactivated"  # likewise, opened with a letter and not activated yet
    CHANGING = "changing"  # likewise, whose account waits for its new address
    DISABLED = "disabled"  # likewise, disabled by the caisse
    STAFF = "staff"  # likewise, of the caisse's own people: it opens no site


class AddressTaken(Exception):
    """The address got an account since the page was shown."""


def holder_of(invitation: Invitation) -> str:
    """Under which name an invitation holds the code that certifies its newcomer's mobile."""
    return f"invitation:{invitation.pk}"


def guest_of(reader: Any, invitation: Invitation) -> Guest:
    """Who the reader is. Changes nothing: an opening that waited too long counts as undone already."""
    if reader.is_authenticated:
        return Guest.INVITED if reader.email == invitation.email else Guest.ANOTHER
    account = User.objects.filter(email=invitation.email).first()
    if account is None:
        return Guest.NEWCOMER
    if account.is_staff:
        return Guest.STAFF
    return Guest.HOLDER if account.is_active else _asleep(account)


def _asleep(account: User) -> Guest:
    """Whose account is deactivated: until a new address, an activation, or for good."""
    if account.address_changing:
        return Guest.CHANGING
    waiting = Opening.objects.pending().filter(user=account).first()
    if waiting is None:
        return Guest.DISABLED
    return Guest.NEWCOMER if waiting.is_stale(clock.now()) else Guest.UNACTIVATED


def open_account(*, invitation: Invitation, person: Person, origin: Origin) -> list[Delegation]:
    """Open the account of the invited address, activated, and accept what waits for it.

    The link proves the address, which is certified by it. Raises AlreadyAnswered when nothing waits any
    more, and AddressTaken.
    """
    stale = Opening.objects.stale(clock.now()).filter(user__email=invitation.email)
    for site_id in list(stale.values_list("site", flat=True)):
        undo_stale_openings(site_id=site_id)  # by itself: it locks another site than those offered
    return _opened(invitation, person, origin)


@transaction.atomic
def _opened(invitation: Invitation, person: Person, origin: Origin) -> list[Delegation]:
    locked(invitation)  # before the account is made: of two at once, the second finds it answered
    if person.email != invitation.email:
        raise Refused("Cette invitation est pour une autre adresse électronique.")
    user = new_account(person)
    if user is None:
        raise AddressTaken
    user.is_active = True
    user.save(update_fields=["is_active"])
    record(
        "account.opened_by_invitation",
        f"{user.get_full_name()} ouvre son compte depuis une invitation\u00a0; adresse certifiée",
        kind=Kind.ACCOUNT,
        origin=origin,
        actor=user,
    )
    adopt_certification(user=user, holder=holder_of(invitation), origin=origin)
    clear(MAILS_BY_ADDRESS, person.email)
    return accept(invitation=invitation, person=user, origin=origin)


@transaction.atomic
def send_activation_again(invitation: Invitation) -> None:
    """Send a new activation link for the space that somebody opened with the invited address."""
    pending = Opening.objects.pending().filter(user__email=invitation.email)
    waiting = pending.select_related("user", "site__adherent").first()
    if waiting is not None:
        send_activation(waiting, replacing=True)
