"""The certification of an address lapses after some months and is renewed by a mail (product.md 4.4, R23).

Whether it holds follows from its date alone; the link that renews it never signs in.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import Enum

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from accounts.limits import certification_claims
from accounts.locking import locked
from accounts.models import Recertification, User
from portal import clock, tokens
from portal.journal.models import Kind
from portal.journal.recording import record
from portal.limits.counting import take
from portal.messaging.outbox import Mail, absolute, queue_mail
from portal.origin import Origin

PURPOSE = "certification"
TEMPLATE = "accounts/mails/certification"


def last_day(user: User) -> dt.date | None:
    """The last day of the certification; None for an address that was never certified."""
    if user.email_certified_at is None:
        return None
    return clock.months_after(clock.day_of(user.email_certified_at), settings.CERTIFICATION_MONTHS)


def has_lapsed(user: User) -> bool:
    """Whether the person has to certify the address again before anything else. Staff's do not lapse."""
    if user.is_staff:
        return False
    last = last_day(user)
    return last is None or clock.today() > last


# --- the link --------------------------------------------------------------------------------------


class LinkState(Enum):
    """What a link is worth now."""

    READY = "ready"
    USED = "used"  # the certification was renewed since
    EXPIRED = "expired"
    REPLACED = "replaced"  # a newer one was sent, or the address changed
    DEAD = "dead"  # never ours, or the account is not active


@dataclass(frozen=True)
class Link:
    """A link's state and, when it speaks of somebody, who."""

    state: LinkState
    user: User | None = None


def read_link(token: str) -> Link:
    """What a link is worth now. Changes nothing: mail scanners follow links."""
    old = False
    try:
        parts = tokens.read(PURPOSE, token, max_age=dt.timedelta(hours=settings.CERTIFICATION_LINK_HOURS))
    except tokens.Expired as error:
        parts, old = error.parts, True
    except tokens.Forged:
        return Link(LinkState.DEAD)
    active = Recertification.objects.select_related("user").filter(user__is_active=True)
    sent = active.filter(user_id=parts[0]).first()
    if sent is None:
        return Link(LinkState.DEAD)
    return Link(_state(sent, int(parts[1]), old), sent.user)


def _state(sent: Recertification, number: int, old: bool) -> LinkState:
    if number != sent.number or sent.address != sent.user.email:
        return LinkState.REPLACED
    if sent.certified_at != sent.user.email_certified_at:
        return LinkState.USED
    last = last_day(sent.user)
    over = last is None or clock.today() > last + dt.timedelta(days=settings.CERTIFICATION_LINK_DAYS)
    return LinkState.EXPIRED if old and over else LinkState.READY


@transaction.atomic
def renew(token: str, *, origin: Origin) -> Link:
    """Certify the address anew by a READY link; any other changes nothing. Signs nobody in."""
    link = read_link(token)
    if link.state is not LinkState.READY or link.user is None:
        return link
    user = locked(link.user.pk)
    link = read_link(token)  # again: renewed, replaced or changed meanwhile
    if link.state is not LinkState.READY:
        return link
    user.email_certified_at = clock.now()
    user.save(update_fields=["email_certified_at"])
    record(
        "account.address_recertified",
        f"{user.get_full_name()} certifie de nouveau son adresse électronique",
        kind=Kind.ACCOUNT,
        origin=origin,
        actor=user,
    )
    return link


# --- its mail --------------------------------------------------------------------------------------


def latest_number(user: User) -> int:
    """The number of the link that was sent last, 0 before any: tells a page from the one before."""
    return Recertification.objects.filter(user=user).values_list("number", flat=True).first() or 0


def awaits_link(user: User) -> bool:
    """Whether a link went to the present address and still lives, and nothing was certified by it yet."""
    since = clock.now() - dt.timedelta(hours=settings.CERTIFICATION_LINK_HOURS)
    sent = Recertification.objects.filter(user=user, address=user.email or "", sent_at__gt=since)
    return any(one.certified_at == user.email_certified_at for one in sent)


@transaction.atomic
def send_link(user: User, *, origin: Origin, after: str = "") -> bool:
    """Mail a link to who asks for one; the former dies. Raises Blocked (R06).

    `after` is the number of the link that was the latest on the page that asks. When another was sent since,
    by the same press sent twice, nothing is counted or sent and that one lives: False then.
    """
    user = locked(user.pk)
    if after not in {"", str(latest_number(user))}:
        return False
    take(*certification_claims(user.pk, origin))
    (sent,) = numbered([user])
    mail = mail_of(sent, once="")
    queue_mail(TEMPLATE, to=mail.to, context=mail.context, secret=mail.secret)
    return True


def numbered(users: list[User], days_warned: int | None = None) -> list[Recertification]:
    """The next link of each, written down. The accounts' rows are locked."""
    known = Recertification.objects.in_bulk([user.pk for user in users])
    rows = [_next(user, known.get(user.pk), days_warned) for user in users]
    Recertification.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["user"],
        update_fields=["address", "certified_at", "number", "days_warned", "sent_at"],
    )
    return rows


def _next(user: User, known: Recertification | None, days_warned: int | None) -> Recertification:
    same = known is not None and known.certified_at == user.email_certified_at
    warned = days_warned if days_warned is not None else known.days_warned if known and same else None
    return Recertification(
        user=user,
        address=user.email or "",
        certified_at=user.email_certified_at,
        number=known.number + 1 if known else 1,
        days_warned=warned,
        sent_at=clock.now(),
    )


def mail_of(sent: Recertification, *, once: str) -> Mail:
    """The mail with that link."""
    token = tokens.make(PURPOSE, sent.pk, sent.number)
    url = absolute(reverse("accounts:certification_link", kwargs={"token": token}))
    last = last_day(sent.user)
    lapsed = last is None or clock.today() > last
    context = {"person": sent.user, "url": url, "last_day": last, "lapsed": lapsed}
    context["hours"] = settings.CERTIFICATION_LINK_HOURS
    return Mail(to=sent.address, context=context, once=once, secret=url)
