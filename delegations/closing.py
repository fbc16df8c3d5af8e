"""Ending rights before their last day: by the giver's side, or by the beneficiary (product.md 6.3)."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from adherents.models import Site
from delegations import notices
from delegations.administrators import keep_one
from delegations.changing import changeable
from delegations.ends import record_ends_of
from delegations.givers import giver_on
from delegations.giving import locked, told_whole
from delegations.models import Delegation, Outcome
from delegations.refusals import AlreadyOver
from portal import clock
from portal.journal.models import Entry, Kind
from portal.journal.recording import entry
from portal.origin import Origin


@transaction.atomic
def close(*, person: Any, site: Site, side: str, number: int, origin: Origin) -> Delegation:
    """End a delegation of one's list, and all that hangs from it.

    Raises Refused, and DoesNotExist for what is not in the giver's list.
    """
    giver = giver_on(person, locked(site), side)
    delegation = changeable(giver, number)
    keep_one(delegation)
    ended = end_with_children(delegation, Outcome.CLOSED)
    _record(ended, "rights.closed", f"{person.get_full_name()} ferme les droits de", person, origin)
    if delegation.accepted_at is not None:
        notices.tell_closed(delegation, by=person)
    _tell_passed_on(ended[1:], delegation)
    return delegation


@transaction.atomic
def renounce(*, person: Any, site: Site, number: int, origin: Origin) -> Delegation:
    """Give one's own rights back, and end all that hangs from them.

    Raises Refused, and DoesNotExist for another's delegation.
    """
    locked(site)
    mine = Delegation.objects.select_for_update(of=("self",)).filter(site=site, beneficiary=person)
    delegation = mine.select_related("site__adherent", "firm", "parent", "beneficiary").get(pk=number)
    if delegation.status_on().is_over:
        raise AlreadyOver
    keep_one(delegation)
    told = [giver for giver in notices.giver_side(delegation) if giver != person]
    first, *passed_on = end_with_children(delegation, Outcome.RENOUNCED)
    _record([first], "rights.renounced", "Renonciation de", person, origin)
    _record(passed_on, "rights.closed", "Fin, avec la délégation du cabinet, des droits de", person, origin)
    notices.tell_renounced(first, told)
    _tell_passed_on(passed_on, first)
    return delegation


def _tell_passed_on(ended: list[Delegation], firm: Delegation) -> None:
    for one in ended:
        if one.accepted_at is not None:
            notices.tell_closed_with_firm(one, firm)


def end_with_children(delegation: Delegation, outcome: Outcome) -> list[Delegation]:
    """Stamp a delegation and, for a firm's, what it passed on: they end for good. The site is locked."""
    record_ends_of(delegation.site)
    children = Delegation.objects.filter(parent=delegation, over_at=None)
    passed_on = list(
        children.select_related("site__adherent", "firm", "parent", "beneficiary").order_by("pk")
    )
    now = clock.now()
    for one in (delegation, *passed_on):
        one.over_at = now
        one.outcome = outcome if one is delegation else Outcome.CLOSED
        one.version += 1
    Delegation.objects.bulk_update(
        [delegation, *passed_on], ["over_at", "outcome", "version"], batch_size=500
    )
    return [delegation, *passed_on]


def _record(ended: list[Delegation], action: str, act: str, person: Any, origin: Origin) -> None:
    Entry.objects.bulk_create(
        [
            entry(
                action,
                f"{act} {one.named} ({notices.role_of(one)})",
                kind=Kind.RIGHTS,
                origin=origin,
                actor=person,
                site=one.site,
                before=told_whole(one),
            )
            for one in ended
        ]
    )
