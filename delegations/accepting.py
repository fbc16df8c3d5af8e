"""Accepting or declining what an invitation offers (product.md 6.3)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction

from adherents.models import Site
from delegations import notices
from delegations.ends import record_ends_of
from delegations.giving import answer_days
from delegations.invitations import waiting
from delegations.models import Delegation, Invitation, Outcome, Role
from delegations.refusals import AlreadyAnswered, AlreadyGiven, Refused
from portal import clock
from portal.journal.models import Kind
from portal.journal.recording import record
from portal.origin import Origin


@transaction.atomic
def accept(*, invitation: Invitation, person: Any, origin: Origin) -> list[Delegation]:
    """Take what still waits; certifies the address. A firm's head waits for the company's answer.

    Raises AlreadyAnswered when nothing waits any more, AlreadyGiven when the person holds that side of
    each site already, and Refused for another address.
    """
    if not person.is_active or person.email != invitation.email:
        raise Refused("Cette invitation est pour une autre adresse électronique.")
    offered = locked(invitation)
    taken = [one for one in offered if not _holds_already(one, person)]
    if not taken:
        raise AlreadyGiven(invitation.email)
    now = clock.now()
    person.email_certified_at = now
    person.save(update_fields=["email_certified_at"])
    for delegation in taken:
        _take(delegation, person, now, origin)
    return taken


def _take(delegation: Delegation, person: Any, now: dt.datetime, origin: Origin) -> None:
    delegation.beneficiary, delegation.accepted_at = person, now
    if delegation.role == Role.HEAD:
        delegation.answer_by = clock.today() + dt.timedelta(days=answer_days())
    else:
        delegation.confirmed_at = now
    delegation.save(update_fields=["beneficiary", "accepted_at", "confirmed_at", "answer_by"])
    _record(delegation, "rights.accepted", "accepte les droits donnés", person, origin)
    if delegation.role == Role.HEAD:
        notices.ask_confirmation(delegation)
    else:
        notices.tell_accepted(delegation)


@transaction.atomic
def decline(*, invitation: Invitation, origin: Origin, person: Any = None) -> list[Delegation]:
    """Refuse all that waits; whoever holds the mailbox may. Raises AlreadyAnswered."""
    offered = locked(invitation)
    now = clock.now()
    for delegation in offered:
        delegation.over_at, delegation.outcome = now, Outcome.REFUSED
        delegation.save(update_fields=["over_at", "outcome"])
        _record(delegation, "rights.declined", "refuse les droits donnés", person, origin)
        notices.tell_renounced(delegation, notices.giver_side(delegation))
    return offered


def locked(invitation: Invitation) -> list[Delegation]:
    """What still waits, read under the locks of its sites, taken in the order of their keys."""
    sites = Delegation.objects.filter(invitation=invitation).values("site_id")
    record_ends_of(*Site.objects.locked().filter(pk__in=sites).order_by("pk"))
    offered = waiting(invitation)
    if not offered:
        raise AlreadyAnswered("Cette invitation a déjà reçu une réponse, ou ces droits ont pris fin.")
    return offered


def _holds_already(offered: Delegation, person: Any) -> bool:
    theirs = Delegation.objects.filter(site=offered.site_id, side=offered.side, beneficiary=person)
    return theirs.filter(over_at=None).exists()


def _record(delegation: Delegation, action: str, act: str, person: Any, origin: Origin) -> None:
    record(
        action,
        f"{delegation.named} {act} ({notices.role_of(delegation)}, {notices.period(delegation)})",
        kind=Kind.RIGHTS,
        origin=origin,
        actor=person,
        actor_name="" if person else delegation.named,
        site=delegation.site,
    )
