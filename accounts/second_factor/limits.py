"""How often a second factor may be tried: whatever it is, one count for the account (R11, R46)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from portal.limits.counting import Claim, Limit, clear
from portal.limits.models import Counter
from portal.origin import Origin

BY_ACCOUNT = Limit(
    "Second facteur, par compte",
    {5: dt.timedelta(minutes=15), 10: dt.timedelta(hours=1), 15: dt.timedelta(days=1)},
    forget_after=dt.timedelta(days=1),
    sliding=True,
    cleared_by_success=True,
)
BY_NETWORK = Limit(
    "Second facteur, par réseau",
    {40: dt.timedelta(hours=1)},
    dt.timedelta(hours=1),
    sliding=False,
    cleared_by_success=False,
)


def claims(user_id: int, origin: Origin) -> tuple[Claim, ...]:
    """What a try counts against."""
    return ((BY_ACCOUNT, str(user_id)), (BY_NETWORK, origin.network))


def own_reached(reached: Iterable[Counter]) -> bool:
    """Whether the account itself is blocked now, and not only the network."""
    return any(row.limit == BY_ACCOUNT.name for row in reached)


def forgive(user_id: int) -> None:
    """The wrong tries of that account are forgotten."""
    clear(BY_ACCOUNT, str(user_id))
