"""How often each door may be tried. Sign-in: 10 passwords a day at most for one account (R07)."""

from __future__ import annotations

import datetime as dt

from accounts.addresses import canonical
from portal.identifiers import compact
from portal.limits.counting import Claim, Limit
from portal.origin import Origin

MINUTE, HOUR, DAY = dt.timedelta(minutes=1), dt.timedelta(hours=1), dt.timedelta(days=1)

SIGN_IN_BY_ACCOUNT = Limit(
    "Connexion, par compte",
    {5: MINUTE, 6: 5 * MINUTE, 7: 15 * MINUTE, 8: HOUR, 9: HOUR, 10: DAY},
    forget_after=DAY,
    sliding=True,
    cleared_by_success=True,
)
SIGN_IN_BY_IP = Limit("Connexion, par réseau", {40: HOUR}, HOUR, sliding=False, cleared_by_success=False)

# Five wrong codes suspend that identifier's opening: an hour, a day, then until staff (R16).
OPENING_BY_IDENTIFIER = Limit(
    "Ouverture, par identifiant",
    {5: HOUR, 10: DAY, 15: None},
    forget_after=30 * DAY,
    sliding=True,
    cleared_by_success=True,
)
OPENING_BY_IP = Limit("Ouverture, par réseau", {30: HOUR}, HOUR, sliding=False, cleared_by_success=False)
# Counted after a wrong try, and refuses nobody: staff are told of a spray, honest people get in.
OPENING_OVERALL = Limit("Ouverture, en tout", {1000: HOUR}, HOUR, sliding=False, cleared_by_success=False)
STEP_TWO_BY_CODE = Limit("Ouverture, par code", {12: DAY}, DAY, sliding=False, cleared_by_success=False)

MAILS_BY_ADDRESS = Limit("Courriels, par adresse", {6: HOUR}, HOUR, sliding=False, cleared_by_success=False)
MAILS_BY_IP = Limit("Courriels, par réseau", {40: HOUR}, HOUR, sliding=False, cleared_by_success=False)


def sign_in_claims(address: str, origin: Origin) -> tuple[Claim, ...]:
    """What a sign-in counts against: the canonical address that is looked up, and the network."""
    return ((SIGN_IN_BY_ACCOUNT, address), (SIGN_IN_BY_IP, origin.network))


def opening_claims(cibtp_id: str, origin: Origin) -> tuple[Claim, ...]:
    """What a first step of opening or association counts against."""
    return (
        (OPENING_BY_IDENTIFIER, compact(cibtp_id)),
        (OPENING_BY_IP, origin.network),
    )


def mail_claims(email: str, origin: Origin) -> tuple[Claim, ...]:
    """What asking for a mail counts against, whether or not one is sent."""
    return ((MAILS_BY_ADDRESS, canonical(email)), (MAILS_BY_IP, origin.network))


def step_two_claims(email: str, code_id: int, origin: Origin) -> tuple[Claim, ...]:
    """What step 2 and its correction count against: one code writes to few addresses a day."""
    return (*mail_claims(email, origin), (STEP_TWO_BY_CODE, str(code_id)))
