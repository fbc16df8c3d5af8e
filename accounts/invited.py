"""Who reads an invitation, and the account that an invited person opens from it (product.md 6.3)."""

from __future__ import annotations

from enum import Enum
from typing import Any

from django.db import transaction

from accounts.certifying import adopt_certification
from accounts.limits import MAILS_BY_ADDRESS
from accounts.models import Opening, User
from accounts.opening import Person, new_account
from accounts.undoing import undo_waiting_at
from delegations.accepting import accept, locked
from delegations.models import Delegation, Invitation
from delegations.refusals import Refused
from portal.journal.models import Kind
from portal.journal.recording import record
from portal.limits.counting import clear
from portal.origin import Origin


class Guest(Enum):
    """Who reads an invitation, as far as the address to which it was sent goes."""

    INVITED = "invited"  # signed in with that address
    ANOTHER = "another"  # signed in with another one
    NEWCOMER = "newcomer"  # nobody signed in, and nobody has proved that address yet
    HOLDER = "holder"  # nobody signed in, and it has one
    CHANGING = "changing"  # likewise, whose account waits for its new address
    DISABLED = "disabled"  # likewise, disabled by the caisse
    STAFF = "staff"  # likewise, of the caisse's own people: it opens no site


class AddressTaken(Exception):
    """The address got an account since the page was shown, or somebody opens one with it at this instant."""


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
    waits = Opening.objects.pending().filter(user=account).exists()
    return Guest.NEWCOMER if waits else Guest.DISABLED


def opened_meanwhile(invitation: Invitation) -> Opening | None:
    """The opening that waits for activation with the invited address: it gives way to who proves it."""
    return Opening.objects.pending().filter(user__email=invitation.email).whole().first()


@transaction.atomic
def open_account(*, invitation: Invitation, person: Person, origin: Origin) -> list[Delegation]:
    """Open the account of the invited address, activated, and accept what waits for it.

    The link proves the address, which is certified by it: an opening that was never activated with it
    gives way, for its password may be anybody's. Raises AlreadyAnswered when nothing waits any more, and
    AddressTaken.
    """
    locked(invitation)  # before the account is made: of two at once, the second finds it answered
    if person.email != invitation.email:
        raise Refused("Cette invitation est pour une autre adresse électronique.")
    undo_waiting_at(person.email)
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
