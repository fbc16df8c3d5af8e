"""What a change of a firm's delegation takes from its people: their share is met with it (product.md 6.2)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from delegations import notices
from delegations.matrix import RightsMatrix
from delegations.models import Delegation
from delegations.sentences import changes


@dataclass(frozen=True)
class Share:
    """What one of the firm's people holds before the change."""

    delegation: Delegation
    matrix: RightsMatrix
    last_day: dt.date | None


def shares_of(firm: Delegation) -> list[Share]:
    """The shares that a firm's people accepted and still hold, before its delegation changes."""
    held = Delegation.objects.open().filter(
        parent=firm, accepted_at__isnull=False, beneficiary__is_active=True
    )
    whole = held.select_related("site__adherent", "firm", "parent", "beneficiary").order_by("pk")
    return [Share(one, one.matrix, one.last_day) for one in whole]


def tell_shrunk(shares: list[Share], firm: Delegation, *, by: Any) -> None:
    """Tell those whose rights shrink, each what he loses himself; the others hear nothing."""
    for share in shares:
        share.delegation.parent = firm
        lost = _lost(share)
        if lost:
            notices.tell_firm_changed(share.delegation, lost, by=by, head=firm.beneficiary)


def _lost(share: Share) -> list[str]:
    now, was = share.delegation.last_day, share.last_day
    found = changes(share.matrix, share.delegation.matrix)
    sentences = [change.sentence() for change in found if change.after < change.before]
    if now is not None and (was is None or now < was):
        sentences.insert(0, f"Date de fin\u00a0: {notices.last_day(was)} → {notices.last_day(now)}")
    return sentences
