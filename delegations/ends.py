"""Ends of rights, recorded and told: a right itself ends by the clock, whether or not this ever runs.

Everything here catches up on what was missed, and finds nothing more to do when it runs again. It works
by chunks, each in a transaction of its own (stamps, journal, mails): killed anywhere, the next run goes
on. Rows are locked and not waited for, so that two runs share the work and hold nobody back.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import partial

from django.db import transaction
from django.db.models import F, Q

from adherents.models import Site
from delegations import end_notices, notices
from delegations.models import Delegation, Outcome, Role
from delegations.models.delegation import DelegationQuerySet
from portal import clock
from portal.journal.models import Entry, Kind
from portal.journal.recording import entry
from portal.origin import TASK

NOTICE_DAYS = (30, 7)  # before the last day
REMINDER_DAYS = (3, 10)  # after the acceptance of a firm that its company leaves unanswered
CHUNK = 500


def warned_already(*last_days: dt.date | None) -> int | None:
    """The notice that needs no mail any more: whoever sets so near a last day knows it.

    Of several last days (one's own, one's firm's) the first counts; None is no last day.
    """
    days = [day for day in last_days if day is not None]
    if not days:
        return None
    left = (min(days) - clock.today()).days
    return next((notice for notice in reversed(NOTICE_DAYS) if left <= notice), None)


def warn_anew(firm: Delegation, ends_on: dt.date | None) -> None:
    """Before a firm's last day moves to that one: whose own it brings with it is to be warned again."""
    first = min(day for day in (firm.ends_on, ends_on) if day is not None)
    moved = firm.children.filter(Q(ends_on=None) | Q(ends_on__gt=first), over_at=None)
    moved.update(days_warned=None)


def record_ends_of(*sites: Site) -> None:
    """Record what ended on these sites before somebody gives there anew. The sites' rows are locked."""
    for found in (past_own_day(clock.today()), left_by_their_firm()):
        ended = list(found.filter(site__in=sites).select_for_update(of=("self",), no_key=True))
        if ended:
            _record(ended)


def record_ends() -> int:
    """Record all that ended, wherever; how many. What a firm passed on ends with it."""
    past = partial(past_own_day, clock.today())
    return in_chunks(past, _record) + in_chunks(left_by_their_firm, _record)


def warn() -> int:
    """Tell what ends within 30 and within 7 days, each notice once; how many.

    When both were missed, the 7 days' alone goes out.
    """
    return sum(_warn(days, by) for days in sorted(NOTICE_DAYS) for by in (ending_by_own_day, ending_by_firm))


def remind() -> int:
    """Remind companies of a firm that waits for their answer, 3 and 10 days after; how many."""
    return sum(
        in_chunks(partial(unanswered_since, days), partial(_remind, days))
        for days in sorted(REMINDER_DAYS, reverse=True)
    )


# --- what there is to do ----------------------------------------------------------------------------


def past_own_day(day: dt.date) -> DelegationQuerySet:
    """Not yet over, and past their last day or the day by which the company had to answer."""
    unanswered = Q(confirmed_at__isnull=True, answer_by__lt=day)
    return _whole().filter(Q(ends_on__lt=day) | unanswered, over_at=None)


def left_by_their_firm() -> DelegationQuerySet:
    """Not yet over, though the end of the firm's delegation is recorded."""
    return _whole().filter(over_at=None, parent__over_at__isnull=False)


def ending_by_own_day(first: dt.date, last: dt.date) -> DelegationQuerySet:
    """In force or to come, and whose own last day is the one that counts, between these two days."""
    not_before = Q(parent=None) | Q(parent__ends_on=None) | Q(parent__ends_on__gte=F("ends_on"))
    return _agreed().filter(not_before, ends_on__range=(first, last))


def ending_by_firm(first: dt.date, last: dt.date) -> DelegationQuerySet:
    """The same for those whose firm's last day comes first."""
    longer = Q(ends_on=None) | Q(ends_on__gt=F("parent__ends_on"))
    return _agreed().filter(longer, parent__ends_on__range=(first, last))


def unanswered_since(days: int) -> DelegationQuerySet:
    """Firms that accepted so many days ago or more, not reminded since, and can still be confirmed."""
    today = clock.today()
    return _whole().filter(
        role=Role.HEAD,
        over_at=None,
        confirmed_at=None,
        answer_by__gte=today,
        accepted_at__date__lte=today - dt.timedelta(days=days),
        days_reminded__lt=days,
    )


def _agreed() -> DelegationQuerySet:
    return _whole().filter(over_at=None, confirmed_at__isnull=False)


def _whole() -> DelegationQuerySet:
    return Delegation.objects.select_related("site__adherent", "firm", "parent", "beneficiary")


# --- doing it ---------------------------------------------------------------------------------------


def in_chunks(found: Callable[[], DelegationQuerySet], act: Callable[[list[Delegation]], None]) -> int:
    """Hand all that is found to `act`, which takes it out of the selection; how many.

    What somebody else is changing is left to the next run. Sites stay together, for one mail a giver.
    """
    count = 0
    while True:
        with transaction.atomic():
            free = found().select_for_update(of=("self",), skip_locked=True, no_key=True)
            taken = list(free.order_by("site_id", "pk")[:CHUNK])
            if not taken:
                return count
            act(taken)
        count += len(taken)


def _record(ended: list[Delegation]) -> None:
    _rows(ended).update(over_at=clock.now(), outcome=Outcome.EXPIRED, version=F("version") + 1)
    Entry.objects.bulk_create(
        [
            entry("rights.expired", _sentence(one), kind=Kind.RIGHTS, origin=TASK, site=one.site)
            for one in ended
        ]
    )
    end_notices.tell_ended(ended)


def _sentence(ended: Delegation) -> str:
    who = f"{ended.named} ({notices.role_of(ended)})"
    last = ended.last_day
    if last is None or last >= clock.today():
        return f"La demande faite pour {who} expire\u00a0: l’entreprise n’a pas répondu à temps"
    return f"Fin des droits de {who}, dont le dernier jour était le {notices.spelled(last)}"


def _warn(days: int, ending: Callable[[dt.date, dt.date], DelegationQuerySet]) -> int:
    today = clock.today()
    later = Q(days_warned=None) | Q(days_warned__gt=days)

    def found() -> DelegationQuerySet:
        return ending(today, today + dt.timedelta(days=days)).filter(later)

    def tell(some: list[Delegation]) -> None:
        _rows(some).update(days_warned=days)
        end_notices.tell_ending(some, days)

    return in_chunks(found, tell)


def _remind(days: int, unanswered: list[Delegation]) -> None:
    _rows(unanswered).update(days_reminded=days)
    for one in unanswered:
        notices.ask_confirmation(one, reminder=True, once=f"reminder:{one.pk}:{days}")


def _rows(taken: list[Delegation]) -> DelegationQuerySet:
    return Delegation.objects.filter(pk__in=[one.pk for one in taken])
