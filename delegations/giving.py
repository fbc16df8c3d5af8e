"""Giving rights: to a user, to the accounting firm, within the firm (product.md 6.2, 6.3).

Whoever changes the rights of a site locks the site's row first: one order, no deadlock.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from adherents.models import Site
from delegations import notices
from delegations.ends import record_ends_of, warned_already
from delegations.givers import Giver, giver_on
from delegations.matrix import RightsMatrix
from delegations.models import Delegation, DelegationQuerySet, Invitation, Outcome, Role, Side
from delegations.refusals import AlreadyGiven, NoFirmOnFile, OwnAddress, Refused
from delegations.sentences import changes, kept, told
from delegations.terms import Terms, check
from portal import clock
from portal.email_addresses import canonical
from portal.journal.models import Kind
from portal.journal.recording import record
from portal.origin import Origin


@dataclass(frozen=True)
class Given:
    """What became of one site among several: the delegation, or why there is none."""

    site: Site
    delegation: Delegation | None = None
    refusal: str = ""


@transaction.atomic
def give(
    *,
    person: Any,
    site: Site,
    side: str,
    email: str,
    terms: Terms,
    origin: Origin,
    attempt: uuid.UUID | None = None,
) -> Delegation:
    """Give rights on one site and invite the address. Raises Refused, in words.

    The same `attempt` twice gives once, and answers the same (R85).
    """
    invitation, new = _invitation(email, attempt)
    if not new:
        return invitation.delegations.get(site=site)
    made = _give(person, site, side, invitation=invitation, terms=terms, origin=origin)
    notices.send_invitation(invitation, [made])
    return made


@transaction.atomic
def give_on(
    *,
    person: Any,
    sites: Sequence[Site],
    side: str,
    email: str,
    terms: Terms,
    origin: Origin,
    attempt: uuid.UUID | None = None,
) -> list[Given]:
    """Give the same rights on several sites, with one invitation; a site refused keeps no other back.

    The same `attempt` twice gives once, and answers the same (R85).
    """
    invitation, new = _invitation(email, attempt)
    if not new:
        return _as_reported(invitation, sites)
    report = []
    for site in sorted(sites, key=lambda site: site.pk):
        try:
            with transaction.atomic():
                made = _give(person, site, side, invitation=invitation, terms=terms, origin=origin)
        except Refused as refusal:
            report.append(Given(site, refusal=refusal.sentence))
        else:
            report.append(Given(site, made))
    given = [one.delegation for one in report if one.delegation]
    if given:
        invitation.refused = {str(one.site.pk): one.refusal for one in report if one.refusal}
        invitation.save(update_fields=["refused"])
        notices.send_invitation(invitation, given)
    else:
        invitation.delete()
    return report


def _invitation(email: str, attempt: uuid.UUID | None) -> tuple[Invitation, bool]:
    """A new invitation, or the one that the same attempt made; whoever comes second waits for the first."""
    if attempt is None:
        return Invitation.objects.create(email=canonical(email)), True
    return Invitation.objects.get_or_create(attempt=attempt, defaults={"email": canonical(email)})


def _as_reported(invitation: Invitation, sites: Sequence[Site]) -> list[Given]:
    made = {one.site_id: one for one in invitation.delegations.all()}
    return [
        Given(site, made.get(site.pk), invitation.refused.get(str(site.pk), ""))
        for site in sorted(sites, key=lambda site: site.pk)
    ]


def given_by_attempt(attempt: uuid.UUID) -> list[Given]:
    """What that attempt gave already; empty when it did not: it counts against no limit twice."""
    invitation = Invitation.objects.filter(attempt=attempt).first()
    if invitation is None:
        return []
    sites = {one.site_id: one.site for one in invitation.delegations.select_related("site__adherent")}
    refused = Site.objects.filter(pk__in=map(int, invitation.refused)).select_related("adherent")
    return _as_reported(invitation, [*sites.values(), *refused])


def refuse_a_second_early(site: Site, side: Side, email: str, role: Role) -> None:
    """Say before anything is written what `give` would refuse. Raises AlreadyGiven or Refused."""
    _refuse_among(Delegation.objects.open().filter(site=site, side=side), canonical(email), role)


def _give(
    person: Any, site: Site, side: str, *, invitation: Invitation, terms: Terms, origin: Origin
) -> Delegation:
    site = locked(site)
    giver = giver_on(person, site, side)
    if invitation.email == person.email:
        raise OwnAddress
    check(terms, giver)
    record_ends_of(site)
    firm = site.adherent.accounting_firm if terms.role == Role.HEAD else None
    if terms.role == Role.HEAD and firm is None:
        raise NoFirmOnFile
    _refuse_a_second(site, Side.FIRM if terms.role == Role.HEAD else giver.side, invitation.email, terms.role)
    made = Delegation.objects.create(
        site=site,
        email=invitation.email,
        side=Side.FIRM if firm else giver.side,
        role=terms.role,
        firm=firm or (giver.firm.firm if giver.firm else None),
        parent=giver.firm,
        read_bits=terms.cells.read_bits,
        write_bits=terms.cells.write_bits,
        starts_on=terms.first_day,
        ends_on=terms.ends_on,
        given_by=person,
        invitation=invitation,
        days_warned=warned_already(terms.ends_on, giver.last_day),
    )
    _record_given(made, giver, origin)
    return made


def locked(site: Site) -> Site:
    """The site with its company and its firm, its row locked until the transaction ends."""
    return Site.objects.locked().select_related("adherent__accounting_firm").get(pk=site.pk)


def _refuse_a_second(site: Site, side: Side, email: str, role: Role) -> None:
    _refuse_among(Delegation.objects.filter(site=site, side=side, over_at=None), email, role)


def _refuse_among(there: DelegationQuerySet, email: str, role: Role) -> None:
    if there.filter(Q(beneficiary=None, email=email) | Q(beneficiary__email=email)).exists():
        raise AlreadyGiven(email)
    if role == Role.HEAD and there.filter(role=Role.HEAD).exists():
        raise Refused("Une délégation est déjà donnée à votre cabinet comptable\u00a0: mettez-y fin d’abord.")


def _record_given(made: Delegation, giver: Giver, origin: Origin) -> None:
    found = changes(RightsMatrix(), made.cells)
    levels = f"\u00a0: {told(found)}" if found else ""
    record(
        "rights.given",
        f"{giver.person.get_full_name()} donne à {made.email} des droits ({notices.role_of(made)}, "
        f"{notices.period(made)}){levels}",
        kind=Kind.RIGHTS,
        origin=origin,
        actor=giver.person,
        site=made.site,
        after=told_whole(made),
    )


def told_whole(delegation: Delegation) -> dict[str, str]:
    """All that a delegation gives, as the journal keeps it."""
    return facts(delegation) | kept(changes(RightsMatrix(), delegation.cells))[1]


def facts(delegation: Delegation) -> dict[str, str]:
    """Role and days, as the journal keeps them."""
    return {
        "Bénéficiaire": delegation.address,
        "Rôle": notices.role_of(delegation),
        "Date d’effet": notices.spelled(delegation.starts_on),
        "Date de fin": notices.last_day(delegation.ends_on),
    }


@transaction.atomic
def name_administrator(*, site: Site, user: Any, origin: Origin, by_firm: bool = False) -> Delegation:
    """Make the person an Administrateur of the site from today, with no last day.

    Whoever proved the two letters becomes the site's Administrateur (product.md 3.2, 3.4); `by_firm` when
    an accounting firm did in its client's stead.
    """
    record_ends_of(Site.objects.locked().get(pk=site.pk))
    now = clock.now()
    _replace_former(site, user, origin)
    delegation = Delegation.objects.create(
        site=site,
        email=user.email or "",
        beneficiary=user,
        side=Side.COMPANY,
        role=Role.ADMINISTRATOR,
        starts_on=clock.today(),
        accepted_at=now,
        confirmed_at=now,
        opened_by_firm=by_firm,
    )
    record(
        "rights.administrator_named",
        f"{user.get_full_name()} devient Administrateur de {site.cibtp_id}"
        + (f"\u00a0; {notices.OPENED_BY_FIRM}" if by_firm else ""),
        kind=Kind.RIGHTS,
        origin=origin,
        actor=user,
        site=site,
        after={"role": Role.ADMINISTRATOR.label, "starts_on": delegation.starts_on.isoformat()},
    )
    return delegation


def _replace_former(site: Site, user: Any, origin: Origin) -> None:
    theirs = Q(beneficiary=user) | Q(beneficiary=None, email=user.email or "-")
    for former in Delegation.objects.filter(theirs, site=site, side=Side.COMPANY, over_at=None):
        former.over_at, former.outcome = clock.now(), Outcome.CLOSED
        former.version += 1
        former.save(update_fields=["over_at", "outcome", "version"])
        record(
            "rights.closed",
            f"Fin, avec de nouveaux droits d’Administrateur, des droits de {former.named} "
            f"({notices.role_of(former)})",
            kind=Kind.RIGHTS,
            origin=origin,
            actor=user,
            site=site,
            before=told_whole(former),
        )


def answer_days() -> int:
    """How many days a company has to answer its firm (product.md 6.3)."""
    return int(settings.FIRM_ANSWER_DAYS)
