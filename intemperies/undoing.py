"""What was sent is never rewritten: it is cancelled with a reason, or corrected by another; a trace stays."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from adherents.models import Site
from intemperies import drafting
from intemperies.drafting import Span, StopFacts, colleges_of, require_whole
from intemperies.models import Line, LostHours, State, Stoppage, Worksite
from portal import clock
from portal.access.site_access import SiteAccess
from portal.journal.models import Kind
from portal.journal.recording import record
from portal.origin import Origin


class NotStanding(Exception):
    """It was cancelled or replaced meanwhile."""


@transaction.atomic
def cancel(
    *, number: int, site: Site, person: Any, access: SiteAccess, reason: str, origin: Origin
) -> Stoppage:
    """Cancel what was sent. Raises NotStanding, OutOfReach, and ValueError without a reason."""
    if not reason.strip():
        raise ValueError("a cancellation gives its reason")
    sent = _standing(number, site)
    require_whole(colleges_of(sent), access)
    sent.state, sent.over_at, sent.over_by = State.CANCELLED, clock.now(), person.get_full_name()
    sent.reason = reason.strip()
    sent.save(update_fields=["state", "over_at", "over_by", "reason"])
    record(
        "stoppage.cancelled",
        f"{person.get_full_name()} annule l’arrêt intempéries {sent.number} ({sent.place.name})",
        kind=Kind.COMPANY,
        origin=origin,
        actor=person,
        site=site,
        after={"motif": sent.reason},
    )
    return sent


@transaction.atomic
def correct(*, number: int, site: Site, person: Any, access: SiteAccess) -> Stoppage:
    """A draft that says what was sent, to be changed and sent in its place; the one begun already, if any.

    Raises NotStanding, OutOfReach.
    """
    sent = _standing(number, site)
    require_whole(colleges_of(sent), access)
    begun = Stoppage.objects.drafts().filter(corrects=sent).first()
    if begun is not None:
        return begun
    draft = drafting.begin(site=site, person=person, facts=facts_of(sent), corrects=sent)
    for line in sent.lines.prefetch_related("lost_hours"):
        hours = list(line.lost_hours.all())
        copy = Line.objects.create(
            stoppage=draft,
            employee_id=line.employee_id,
            college=line.college,
            wage=line.wage,
            worked_hours=line.worked_hours,
            paid_days=line.paid_days,
            stated_by=line.stated_by,
        )
        LostHours.objects.bulk_create(LostHours(line=copy, day=row.day, hours=row.hours) for row in hours)
    return draft


def duplicate(*, stoppage: Stoppage, worksite: Worksite, person: Any) -> Stoppage:
    """A draft of the same bad weather for another worksite: its people are others. Raises WeekTaken."""
    facts = facts_of(stoppage, worksite)
    return drafting.begin(site=stoppage.site, person=person, facts=facts)


def facts_of(stoppage: Stoppage, worksite: Worksite | None = None) -> StopFacts:
    """What its first step says, of that worksite if another is meant."""
    where = worksite or stoppage.worksite
    return StopFacts(
        worksite=where,
        trade=where.trade if worksite else stoppage.trade,
        cause=stoppage.cause,
        work=stoppage.work,
        weather=stoppage.weather,
        vigilance=stoppage.vigilance,
        prefect_order=stoppage.prefect_order,
        spans=[Span(period.begins, period.resumes) for period in stoppage.periods.all()],
    )


def _standing(number: int, site: Site) -> Stoppage:
    locked = Stoppage.objects.select_for_update(of=("self",)).select_related("worksite", "site")
    sent = locked.filter(pk=number, site=site).first()
    if sent is None or not sent.is_sent:
        raise NotStanding
    return sent
