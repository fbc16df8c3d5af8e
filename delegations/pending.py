"""What waits before a site opens: said to whoever signs in and holds nothing yet (product.md 5.1)."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from delegations.models import Delegation, Status
from delegations.notices import place, spelled
from portal import clock


def pending_of(user: Any) -> list[tuple[str, str]]:
    """Where, and what is waited for: an answer, a first day, the person's own acceptance.

    An invitation is told to the address that its holder certified, and to no other.
    """
    mine = Q(beneficiary=user)
    if user.email and user.email_certified_at:
        mine |= Q(beneficiary=None, email=user.email)
    found = Delegation.objects.open().filter(mine).order_by("site__cibtp_id", "pk")
    told = [
        (place(one.site), _waits(one))
        for one in found.select_related("site__adherent", "firm", "parent", "invitation")
    ]
    return [(where, sentence) for where, sentence in told if sentence]


def _waits(delegation: Delegation) -> str:
    status = delegation.status_on()
    if status is Status.TO_CONFIRM and delegation.answer_by:
        company = delegation.site.adherent.company_name
        return f"À confirmer par {company}, au plus tard le {spelled(delegation.answer_by)}"
    if status is Status.INVITED:
        sent = delegation.invitation.sent_at if delegation.invitation else delegation.created_at
        day = spelled(clock.day_of(sent))
        return f"Invitation envoyée le {day} à {delegation.email}\u00a0: ouvrez le lien de ce courriel"
    return f"À venir le {spelled(delegation.starts_on)}" if status is Status.COMING else ""
