"""The link that offers rights: valid a week, sent again on request, dead with what it offers."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import Enum

from django.conf import settings
from django.db import transaction

from delegations.models import Delegation, Invitation, Status
from delegations.notices import INVITATION, send_invitation
from delegations.refusals import AlreadyAnswered, AlreadyOver
from portal import clock, tokens


class LinkState(Enum):
    """What an invitation's link is worth now."""

    READY = "ready"
    USED = "used"  # accepted: good news
    EXPIRED = "expired"  # a new one can be sent
    REPLACED = "replaced"  # a newer one was sent
    OVER = "over"  # closed, refused or past its last day: the right ended, and the link with it
    DEAD = "dead"  # never ours


@dataclass(frozen=True)
class Link:
    """A link's state and, when it is ours, its invitation."""

    state: LinkState
    invitation: Invitation | None = None


def offered_by(invitation: Invitation) -> list[Delegation]:
    """The delegations that an invitation offers, in the order of the sites' keys."""
    whole = Delegation.objects.select_related("site__adherent", "firm", "parent", "given_by", "beneficiary")
    return list(whole.filter(invitation=invitation).order_by("site_id", "pk"))


def waiting(invitation: Invitation) -> list[Delegation]:
    """Those that still wait for the person."""
    return [one for one in offered_by(invitation) if one.status_on() is Status.INVITED]


def read_link(token: str) -> Link:
    """What a link is worth now. Changes nothing: mail scanners follow links."""
    expired = False
    try:
        parts = tokens.read(INVITATION, token, max_age=dt.timedelta(days=settings.INVITATION_LINK_DAYS))
    except tokens.Expired as error:
        parts, expired = error.parts, True
    except tokens.Forged:
        return Link(LinkState.DEAD)
    invitation = Invitation.objects.filter(pk=parts[0]).first()
    return _state(invitation, int(parts[1]), expired) if invitation else Link(LinkState.DEAD)


def _state(invitation: Invitation, number: int, expired: bool) -> Link:
    offered = offered_by(invitation)
    if not any(one.status_on() is Status.INVITED for one in offered):
        if not any(one.accepted_at is not None for one in offered):
            return Link(LinkState.OVER, invitation)
        # Whoever keeps the mail is not told for ever where an accepted right stands.
        return Link(LinkState.DEAD) if expired else Link(LinkState.USED, invitation)
    if number != invitation.number:
        return Link(LinkState.REPLACED, invitation)
    return Link(LinkState.EXPIRED if expired else LinkState.READY, invitation)


@transaction.atomic
def send_again(invitation: Invitation) -> None:
    """Send a new link; the former one dies. Raises AlreadyAnswered, or AlreadyOver."""
    invitation = Invitation.objects.select_for_update().get(pk=invitation.pk)
    offered = waiting(invitation)
    if not offered:
        if any(one.accepted_at is not None for one in offered_by(invitation)):
            raise AlreadyAnswered("Cette invitation est déjà acceptée.")
        raise AlreadyOver
    invitation.number += 1
    invitation.sent_at = clock.now()
    invitation.save(update_fields=["number", "sent_at"])
    send_invitation(invitation, offered)
