"""The company's answer to its firm: the first one holds for all (product.md 6.3)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.db import transaction

from adherents.models import Site
from delegations import notices
from delegations.givers import giver_on
from delegations.giving import locked
from delegations.models import Delegation, Outcome, Side, Status
from delegations.notices import CONFIRMATION
from delegations.refusals import AlreadyAnswered
from portal import clock, tokens
from portal.journal.models import Kind
from portal.journal.recording import record
from portal.origin import Origin


def read_confirmation(token: str) -> int | None:
    """The key of the delegation that a confirmation's link speaks of, or None. Changes nothing."""
    try:
        days = dt.timedelta(days=settings.FIRM_ANSWER_DAYS + 1)
        return int(tokens.read(CONFIRMATION, token, max_age=days)[0])
    except tokens.Expired as error:
        return int(error.parts[0])
    except tokens.Forged:
        return None


@transaction.atomic
def answer(*, person: Any, site: Site, number: int, confirmed: bool, origin: Origin) -> Delegation:
    """Confirm or refuse the firm. Raises AlreadyAnswered, NoLongerGiver, and DoesNotExist."""
    giver = giver_on(person, locked(site), Side.COMPANY)
    found = giver.beneficiaries().filter(side=Side.FIRM).select_for_update(of=("self",))
    delegation = found.select_related("site__adherent", "firm", "beneficiary").get(pk=number)
    if delegation.status_on() is not Status.TO_CONFIRM:
        raise AlreadyAnswered("Cette demande a déjà reçu une réponse, ou a expiré.")
    if confirmed:
        delegation.confirmed_at = clock.now()
    else:
        delegation.over_at, delegation.outcome = clock.now(), Outcome.REFUSED
    delegation.version += 1
    delegation.save(update_fields=["confirmed_at", "over_at", "outcome", "version"])
    done = "confirme" if confirmed else "refuse"
    record(
        "rights.confirmed" if confirmed else "rights.refused",
        f"{person.get_full_name()} {done} la délégation de {delegation.named} "
        f"({notices.role_of(delegation)})",
        kind=Kind.RIGHTS,
        origin=origin,
        actor=person,
        site=delegation.site,
    )
    notices.tell_answered(delegation, confirmed=confirmed)
    return delegation
