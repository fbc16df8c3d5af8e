"""How many invitations a person may send, and an address receive: each one is a mail."""

from __future__ import annotations

import datetime as dt

from portal.limits.counting import Claim, Limit

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
INVITATIONS_BY_GIVER = Limit(
    "Invitations, par personne qui délègue", {300: DAY}, DAY, sliding=False, cleared_by_success=False
)
INVITATIONS_BY_ADDRESS = Limit(
    "Invitations, par personne et adresse", {10: HOUR}, DAY, sliding=False, cleared_by_success=False
)
# A firm's head is invited by many clients; nobody else by so many people in a day.
INVITATIONS_RECEIVED = Limit(
    "Invitations, par adresse invitée", {100: DAY}, DAY, sliding=False, cleared_by_success=False
)
CHANGES_BY_GIVER = Limit(
    "Modifications de droits, par personne", {300: DAY}, DAY, sliding=False, cleared_by_success=False
)
CHANGES_OF_ONE = Limit(
    "Modifications, par délégation", {20: HOUR}, HOUR, sliding=False, cleared_by_success=False
)
# Each change is told by mail to everybody on the site.
SECOND_FACTOR_OF_SITE = Limit(
    "Second facteur exigé ou non, par site", {10: DAY}, DAY, sliding=False, cleared_by_success=False
)


def invitation_claims(giver_id: int, address: str) -> tuple[Claim, Claim, Claim]:
    """What one more invitation counts against."""
    return (
        (INVITATIONS_BY_GIVER, str(giver_id)),
        (INVITATIONS_BY_ADDRESS, f"{giver_id}:{address}"),
        (INVITATIONS_RECEIVED, address),
    )


def change_claims(giver_id: int, number: int) -> tuple[Claim, Claim]:
    """What one more change counts against: its beneficiary is told of each by mail."""
    return (CHANGES_BY_GIVER, str(giver_id)), (CHANGES_OF_ONE, str(number))


def second_factor_claims(person_id: int, site_id: int) -> tuple[Claim, Claim]:
    """What asking a second factor of a whole site, or no longer, counts against."""
    return (CHANGES_BY_GIVER, str(person_id)), (SECOND_FACTOR_OF_SITE, str(site_id))
