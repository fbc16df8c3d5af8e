"""Changing rights that were given: at once, with no new acceptance (product.md 6.3)."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from adherents.models import Site
from delegations import notices
from delegations.administrators import keep_one
from delegations.ends import warn_anew, warned_already
from delegations.givers import Giver, giver_on
from delegations.giving import facts, locked
from delegations.matrix import RightsMatrix
from delegations.models import Delegation, Role
from delegations.refusals import AlreadyOver, ChangedMeanwhile, OwnRights, Refused
from delegations.sentences import changes, kept
from delegations.shares import shares_of, tell_shrunk
from delegations.terms import Terms, check
from portal.journal.models import Kind
from portal.journal.recording import record
from portal.origin import Origin


@transaction.atomic
def change(
    *, person: Any, site: Site, side: str, number: int, terms: Terms, version: int, origin: Origin
) -> list[str]:
    """Change levels, role or days; returns what changed, in sentences (empty when nothing did).

    `version` is the one that the person was shown. Raises Refused, and DoesNotExist for what is not in
    the giver's list.
    """
    giver = giver_on(person, locked(site), side)
    delegation = changeable(giver, number)
    if delegation.version != version:
        raise ChangedMeanwhile
    if (delegation.role == Role.HEAD) != (terms.role == Role.HEAD):
        raise Refused(
            "Une délégation au cabinet comptable le reste\u00a0: mettez-y fin, puis donnez-en une autre."
        )
    refuse_change(giver, delegation)
    check(terms, giver, changing=delegation)
    if not _still_counts(delegation, terms):
        keep_one(delegation)
    was, levels = facts(delegation), _told(delegation, giver)
    shares = shares_of(delegation) if delegation.role == Role.HEAD else []
    _apply(delegation, terms)
    now, found = facts(delegation), changes(levels, _told(delegation, giver))
    moved = [name for name in now if was[name] != now[name]]
    if not moved and not found:
        return []
    delegation.version += 1
    delegation.save()
    sentences = [f"{name}\u00a0: {was[name]} → {now[name]}" for name in moved]
    sentences += [change.sentence() for change in found]
    before, after = kept(found)
    before, after = before | {name: was[name] for name in moved}, after | {name: now[name] for name in moved}
    _record(delegation, giver, sentences, before=before, after=after, origin=origin)
    if delegation.accepted_at is not None:
        notices.tell_changed(delegation, sentences, by=giver.person)
    tell_shrunk(shares, delegation, by=giver.person)
    return sentences


def _still_counts(delegation: Delegation, terms: Terms) -> bool:
    begun = terms.first_day == delegation.starts_on
    return terms.role == Role.ADMINISTRATOR and terms.ends_on is None and begun


def changeable(giver: Giver, number: int) -> Delegation:
    """A delegation of the giver's list that he may change or close, its row locked.

    Raises DoesNotExist, AlreadyOver or OwnRights.
    """
    list_of_his = giver.beneficiaries().select_for_update(of=("self",))
    delegation = list_of_his.select_related("site__adherent", "firm", "parent", "beneficiary").get(pk=number)
    refuse_unchangeable(giver, delegation)
    return delegation


def refuse_unchangeable(giver: Giver, delegation: Delegation) -> None:
    """Raise AlreadyOver or OwnRights for what no giver changes or closes."""
    if delegation.status_on().is_over:
        raise AlreadyOver
    if giver.is_own(delegation):
        raise OwnRights


def refuse_change(giver: Giver, delegation: Delegation) -> None:
    """The same, and OwnRights for what one's own rights hang from: to move its last day would move them."""
    refuse_unchangeable(giver, delegation)
    if giver.depends_on(delegation):
        raise OwnRights


def _told(delegation: Delegation, giver: Giver) -> RightsMatrix:
    """The levels, as sentences tell them: a role's are all that its side holds."""
    return delegation.cells if delegation.role in (Role.USER, Role.HEAD) else giver.offered


def _apply(delegation: Delegation, terms: Terms) -> None:
    if terms.ends_on != delegation.ends_on:
        firm = delegation.parent
        delegation.days_warned = warned_already(terms.ends_on, firm.ends_on if firm else None)
        if delegation.role == Role.HEAD:
            warn_anew(delegation, terms.ends_on)
    delegation.role = terms.role
    delegation.read_bits, delegation.write_bits = terms.cells.read_bits, terms.cells.write_bits
    delegation.starts_on, delegation.ends_on = terms.first_day, terms.ends_on


def _record(
    delegation: Delegation,
    giver: Giver,
    sentences: list[str],
    *,
    before: dict[str, str],
    after: dict[str, str],
    origin: Origin,
) -> None:
    record(
        "rights.changed",
        f"{giver.person.get_full_name()} modifie les droits de {delegation.named}\u00a0: "
        + "\u00a0; ".join(sentences),
        kind=Kind.RIGHTS,
        origin=origin,
        actor=giver.person,
        site=delegation.site,
        before=before,
        after=after,
    )
