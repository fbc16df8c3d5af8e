"""What is read again before it is saved: only what changes; and the seal on what was shown.

The seal keeps the step from being skipped, and what is saved from being other than what was shown (R85).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core import signing

from delegations.givers import Giver
from delegations.matrix import RightsMatrix
from delegations.models import Delegation, Role
from delegations.notices import spelled
from delegations.sentences import changes
from delegations.terms import Terms
from delegations.told import MEANING

SALT = "delegations.rights.shown"
KEPT = dt.timedelta(days=1)


@dataclass(frozen=True)
class Summary:
    """Facts, then a line for each level; what the role may do when it is new, what follows, and where."""

    facts: list[tuple[str, str]]
    levels: list[str]
    meaning: str = ""
    follows: tuple[str, ...] = ()
    sites: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.facts or self.levels)


def effective(terms: Terms, giver: Giver) -> RightsMatrix:
    """The levels that terms come to: a role has all that the giver's side holds."""
    return giver.offered if terms.role == giver.leading_role else terms.matrix


def days_of(starts_on: dt.date, ends_on: dt.date | None) -> dict[str, str]:
    """The two days, as the form calls them."""
    return {
        "Date d’effet": spelled(starts_on),
        "Date de fin": f"{spelled(ends_on)} inclus" if ends_on else "Sans date de fin",
    }


def of_new(terms: Terms, giver: Giver, email: str) -> Summary:
    """All that will be given."""
    role = terms.role.label
    firm = giver.site.adherent.accounting_firm if terms.role == Role.HEAD else None
    if firm is not None:
        role = f"{role}, pour {firm.name}"
    facts = {"Bénéficiaire": email, "Rôle": role} | days_of(terms.first_day, terms.ends_on)
    leading = terms.role == giver.leading_role
    found = [] if leading else changes(RightsMatrix(), terms.matrix)
    return Summary(
        list(facts.items()),
        [change.given() for change in found],
        MEANING[terms.role] if leading else "",
        (f"Une invitation sera envoyée à {email}, valable {settings.INVITATION_LINK_DAYS} jours.",),
    )


def of_change(terms: Terms, giver: Giver, delegation: Delegation) -> Summary:
    """Only what differs from what is recorded; nothing when nothing does."""
    was = {"Rôle": Role(delegation.role).label} | days_of(delegation.starts_on, delegation.ends_on)
    now = {"Rôle": terms.role.label} | days_of(terms.first_day, terms.ends_on)
    facts = [(name, f"{was[name]} → {now[name]}") for name in now if was[name] != now[name]]
    found = changes(delegation.matrix, effective(terms, giver))
    promoted = terms.role == giver.leading_role and terms.role != delegation.role
    return Summary(
        facts,
        [change.compared() for change in found],
        MEANING[terms.role] if promoted else "",
        tuple(_follows_change(terms, delegation)),
    )


def _follows_change(terms: Terms, delegation: Delegation) -> Iterator[str]:
    """Who is told of it; and, where a firm's delegation narrows, how many of its people it touches."""
    if delegation.accepted_at is not None:
        yield f"Un courriel le dira à {delegation.address}."
    if delegation.role != Role.HEAD:
        return
    passed_on = list(delegation.children.open().select_related("parent"))
    fewer = sum(not one.matrix <= one.given.meet(terms.cells) for one in passed_on)
    if fewer:
        verb = "perdent" if fewer > 1 else "perd"
        yield f"{_people(fewer)} {verb} une partie de {'leurs' if fewer > 1 else 'ses'} droits."
    ends = terms.ends_on
    sooner = sum(1 for one in passed_on if ends and (one.last_day is None or one.last_day > ends))
    if sooner:
        yield f"Les droits de {_people(sooner)} prendront fin plus tôt."


def _people(count: int) -> str:
    return f"{count} collaborateurs du cabinet" if count > 1 else "1 collaborateur du cabinet"


def recorded(delegation: Delegation) -> Summary:
    """What is recorded now, for who changed it at the same time as somebody else."""
    facts = {"Rôle": Role(delegation.role).label} | days_of(delegation.starts_on, delegation.ends_on)
    leading = delegation.role in (Role.ADMINISTRATOR, Role.DEPUTY)
    found = [] if leading else changes(RightsMatrix(), delegation.matrix)
    return Summary(list(facts.items()), [change.given() for change in found])


def facts_of(
    terms: Terms, giver: Giver, *, about: str, sites: Sequence[str] = (), version: int = 0
) -> dict[str, Any]:
    """What is sealed: who gives what to whom, where; `about` is the address, or the delegation's number."""
    levels = terms.cells
    return {
        "person": giver.person.pk,
        "site": giver.site.cibtp_id,
        "side": giver.side.value,
        "about": about,
        "sites": list(sites),
        "version": version,
        "role": terms.role.value,
        "levels": [levels.read_bits, levels.write_bits],
        "days": [terms.first_day.isoformat(), terms.ends_on.isoformat() if terms.ends_on else ""],
    }


def seal(facts: dict[str, Any], attempt: str) -> str:
    """What the page of the summary sends back."""
    return signing.dumps({"facts": facts, "attempt": attempt}, salt=SALT, compress=True)


def unseal(token: str) -> tuple[dict[str, Any], str] | None:
    """The facts shown and the attempt; None for what was never sealed here, or too long ago."""
    try:
        found = signing.loads(token, salt=SALT, max_age=KEPT)
    except signing.BadSignature:
        return None
    return found["facts"], found["attempt"]
