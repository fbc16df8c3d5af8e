"""A person's mobile number: the one verb that changes it, and its certification (product.md 4.3, R40)."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import transaction

from accounts.locking import locked
from accounts.models import User
from portal import clock
from portal.journal.models import Kind
from portal.journal.recording import record
from portal.messaging.outbox import queue_mail
from portal.messaging.sms.gateway import is_offered
from portal.messaging.sms.outbox import queue_sms
from portal.origin import Origin
from portal.phones import masked

ALERT_LIVES = dt.timedelta(days=1)
MOBILE_FIELDS = ("mobile", "certified_mobile", "mobile_certified_at")


def certified_on(user: User) -> dt.date | None:
    """The day on which the mobile was certified, as long as that holds: twelve months, by the date alone."""
    if user.mobile_certified_at is None or user.certified_mobile != user.mobile:
        return None
    day = clock.day_of(user.mobile_certified_at)
    return day if clock.today() < clock.months_after(day, settings.MOBILE_CERTIFICATION_MONTHS) else None


def has_certified_mobile(user: User) -> bool:
    """Whether the person proved that he holds his mobile, less than twelve months ago."""
    return certified_on(user) is not None


@transaction.atomic
def change_mobile(*, user: User, number: str, origin: Origin) -> bool:
    """Write another mobile number (E.164, or empty), which is not certified; False when it is the same.

    The person is told at his address, and at the former number if he had certified it.
    """
    person = locked(user.pk)
    changed = person.mobile != number
    if changed:
        former, was_certified = person.mobile, bool(person.certified_mobile)
        _write(person, number, None)
        _tell_of_change(person, former, was_certified, origin)
    for field in MOBILE_FIELDS:  # the caller's own copy says the same
        setattr(user, field, getattr(person, field))
    return changed


@transaction.atomic
def certify_mobile(*, user: User, number: str, origin: Origin, at: dt.datetime | None = None) -> None:
    """Write that the person holds that number, which becomes his mobile if it was another."""
    change_mobile(user=user, number=number, origin=origin)
    _write(user, number, at or clock.now())
    record(
        "account.mobile_certified",
        f"{user.get_full_name()} certifie son téléphone mobile {masked(number)}",
        kind=Kind.ACCOUNT,
        origin=origin,
        actor=user,
    )


def uncertify_since(*, user: User, since: dt.datetime, origin: Origin) -> None:
    """End the certification of a mobile that dates from then or later; the number stays. Row locked."""
    if user.mobile_certified_at is None or user.mobile_certified_at < since:
        return
    _write(user, user.mobile, None)
    record(
        "account.mobile_uncertified",
        f"La certification du téléphone mobile {masked(user.mobile)} de {user.get_full_name()} prend fin",
        kind=Kind.ACCOUNT,
        origin=origin,
        actor=user,
    )


def _write(person: User, number: str, certified_at: dt.datetime | None) -> None:
    person.mobile = number
    person.certified_mobile = number if certified_at else ""
    person.mobile_certified_at = certified_at
    person.save(update_fields=MOBILE_FIELDS)


def _tell_of_change(person: User, former: str, was_certified: bool, origin: Origin) -> None:
    lost = f"\u00a0; la certification du {masked(former)} prend fin" if was_certified else ""
    record(
        "account.mobile_uncertified" if was_certified else "account.mobile_changed",
        f"{person.get_full_name()} change de téléphone mobile{lost}",
        kind=Kind.ACCOUNT,
        origin=origin,
        actor=person,
        before={"mobile": masked(former)},
        after={"mobile": masked(person.mobile)},
    )
    if person.email:
        context = {"person": person, "former": masked(former), "number": masked(person.mobile)}
        queue_mail("accounts/mails/mobile_changed", to=person.email, context=context)
    if was_certified and is_offered():
        expires_at = clock.now() + ALERT_LIVES
        queue_sms("accounts/sms/mobile_changed", to=former, context={}, expires_at=expires_at)
