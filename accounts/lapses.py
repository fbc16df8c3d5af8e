"""People are warned that their certification lapses, each notice once, whatever nights were missed (R23)."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet

from accounts.certification import TEMPLATE, mail_of, numbered
from accounts.models import Recertification, User
from portal import clock
from portal.messaging.outbox import queue_mails

CHUNK = 500


def warn() -> int:
    """Warn whose certification lapses within 7 and within 30 days; how many. Twice is the same as once.

    When both notices were missed, the 7 days' alone goes out. By chunks, each in one transaction: killed
    anywhere, the next run goes on. Accounts that somebody else is changing are left to the next run.
    """
    return sum(_warn(days) for days in sorted(settings.CERTIFICATION_NOTICE_DAYS))


def _warn(days: int) -> int:
    count = 0
    while True:
        with transaction.atomic():
            free = lapsing(days).select_for_update(of=("self",), skip_locked=True, no_key=True)
            users = list(free.order_by("pk")[:CHUNK])
            if not users:
                return count
            sent = numbered(users, days_warned=days)
            queue_mails(TEMPLATE, (mail_of(one, once=_once(one, days)) for one in sent))
        count += len(users)


def _once(sent: Recertification, days: int) -> str:
    return f"certification:{sent.pk}:{sent.certified_at}:{days}"


def lapsing(days: int) -> QuerySet[User]:
    """Whose certification ends within so many days, today included, and who were not told so since."""
    today = clock.today()
    first, last = first_day_lapsing(today), first_day_lapsing(today + dt.timedelta(days=days + 1))
    told = Q(recertification__certified_at=F("email_certified_at"), recertification__days_warned__lte=days)
    return User.objects.filter(
        email_certified_at__gte=clock.start_of(first),
        email_certified_at__lt=clock.start_of(last),
        is_active=True,
        is_staff=False,
        email__isnull=False,
    ).exclude(told)


def first_day_lapsing(day: dt.date) -> dt.date:
    """The first day of certification whose last day is not before that one."""
    months = settings.CERTIFICATION_MONTHS
    first = clock.months_after(day, -months)
    while clock.months_after(first - dt.timedelta(days=1), months) >= day:
        first -= dt.timedelta(days=1)
    while clock.months_after(first, months) < day:
        first += dt.timedelta(days=1)
    return first
