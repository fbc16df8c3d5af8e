"""Activating an account from the mail: certifies the address and names the Administrateur (3.3)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from accounts.limits import MAILS_BY_ADDRESS, PROVED_MAILS_BY_ADDRESS
from accounts.models import CodeRequest, Opening, ProvisionalCode
from adherents.models import Site
from delegations.giving import name_administrator
from portal import clock, tokens
from portal.journal.models import Kind
from portal.journal.recording import record
from portal.limits.counting import clear
from portal.messaging.outbox import absolute, queue_mail
from portal.origin import Origin

PURPOSE = "activation"


class LinkState(Enum):
    """What an activation link is worth now."""

    READY = "ready"
    USED = "used"  # the account is activated: good news
    EXPIRED = "expired"  # a new one can be sent
    REPLACED = "replaced"  # a newer link was sent, or the address corrected
    DEAD = "dead"  # undone, or never ours


@dataclass(frozen=True)
class Link:
    """A link's state and, when it speaks of one, its opening."""

    state: LinkState
    opening: Opening | None = None


def send_activation(opening: Opening, *, replacing: bool = False, gave_way: Sequence[Site] = ()) -> None:
    """Mail the activation link; with `replacing` the former one dies.

    `gave_way`: the sites whose opening with the same address was undone for this one, which the mail names.
    """
    if replacing:
        opening.link_number += 1
        opening.save(update_fields=["link_number"])
    token = tokens.make(PURPOSE, opening.pk, opening.link_number)
    url = absolute(reverse("accounts:activation", kwargs={"token": token}))
    context = {
        "person": opening.user,
        "site": opening.site,
        "gave_way": gave_way,
        "url": url,
        "hours": settings.ACTIVATION_LINK_HOURS,
        "days": settings.UNACTIVATED_OPENING_DAYS,
    }
    assert opening.user.email is not None
    queue_mail("accounts/mails/activation", to=opening.user.email, context=context, secret=url)


def read_link(token: str) -> Link:
    """What a link is worth now. Changes nothing: mail scanners follow links."""
    expired = False
    try:
        parts = tokens.read(PURPOSE, token, max_age=dt.timedelta(hours=settings.ACTIVATION_LINK_HOURS))
    except tokens.Expired as error:
        parts, expired = error.parts, True
    except tokens.Forged:
        return Link(LinkState.DEAD)
    return _state(Opening.objects.whole().filter(pk=parts[0]).first(), int(parts[1]), expired)


def _state(opening: Opening | None, number: int, expired: bool) -> Link:
    if opening is None:
        return Link(LinkState.DEAD)
    if opening.undone_at is not None:
        return Link(LinkState.DEAD if opening.code.is_usable() else LinkState.REPLACED)
    if opening.activated_at is not None:
        return Link(LinkState.USED, opening)
    if opening.is_stale(clock.now()):
        return Link(LinkState.DEAD)
    if number != opening.link_number:
        return Link(LinkState.REPLACED, opening)
    return Link(LinkState.EXPIRED if expired else LinkState.READY, opening)


@transaction.atomic
def activate(token: str, *, origin: Origin) -> Link:
    """Activate the account of a READY link; any other link changes nothing. Returns what it was worth."""
    link = read_link(token)
    if link.opening is None or link.state is not LinkState.READY:
        return link
    Site.objects.locked().get(pk=link.opening.site_id)
    link = read_link(token)  # again: another may have activated, corrected or undone it meanwhile
    if link.opening is None or link.state is not LinkState.READY:
        return link
    opening, user, now = link.opening, link.opening.user, clock.now()
    opening.activated_at = now
    opening.save(update_fields=["activated_at"])
    user.is_active = True
    user.email_certified_at = now
    user.save(update_fields=["is_active", "email_certified_at"])
    for limit in (MAILS_BY_ADDRESS, PROVED_MAILS_BY_ADDRESS):
        clear(limit, user.email or "")
    by_firm = "\u00a0; ouvert par un cabinet comptable" if opening.by_firm else ""
    record(
        "account.activated",
        f"{user.get_full_name()} active son compte\u00a0; adresse certifiée{by_firm}",
        kind=Kind.ACCOUNT,
        origin=origin,
        actor=user,
        site=opening.site,
    )
    name_administrator(site=opening.site, user=user, origin=origin, by_firm=opening.by_firm)
    # A site that has its Administrateur keeps no letter alive, and waits for none (product.md 8).
    ProvisionalCode.objects.filter(site=opening.site).void(now)
    CodeRequest.objects.pending().filter(site=opening.site).update(answered_at=now)
    return link


@transaction.atomic
def renew_link(token: str) -> Link:
    """Send a new link in place of an expired one, to the opening's own address."""
    link = read_link(token)
    if link.opening is not None and link.state is LinkState.EXPIRED:
        send_activation(link.opening, replacing=True)
    return link
