"""How often each door may be tried. Sign-in: 10 passwords a day at most for one account (R07)."""

from __future__ import annotations

import datetime as dt

from django.conf import settings

from portal.email_addresses import canonical
from portal.identifiers import identifier_key
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

# A letter costs a stamp and kills the code of the one before: three requests for a site in a day, no more.
CODE_REQUEST_BY_IDENTIFIER = Limit(
    "Nouveau code, par identifiant", {3: DAY}, DAY, sliding=False, cleared_by_success=False
)
CODE_REQUEST_BY_IP = Limit(
    "Nouveau code, par réseau", {20: HOUR}, HOUR, sliding=False, cleared_by_success=False
)
# Refuses nobody either: staff are told before two hundred letters are printed for nothing.
CODE_REQUESTS_OVERALL = Limit(
    "Nouveau code, en tout", {200: DAY}, DAY, sliding=False, cleared_by_success=False
)

ANSWERS_BY_INVITATION = Limit(
    "Invitation, par invitation", {12: DAY}, DAY, sliding=False, cleared_by_success=False
)

MAILS_BY_ADDRESS = Limit("Courriels, par adresse", {6: HOUR}, HOUR, sliding=False, cleared_by_success=False)
# Counted apart for whoever proved a letter or signed in: a stranger's requests do not make him wait.
PROVED_MAILS_BY_ADDRESS = Limit(
    "Courriels après preuve, par adresse", {6: HOUR}, HOUR, sliding=False, cleared_by_success=False
)
MAILS_BY_IP = Limit("Courriels, par réseau", {40: HOUR}, HOUR, sliding=False, cleared_by_success=False)

# By account, not by address: whoever is signed in does not wait for what a stranger asked in his name.
CERTIFICATION_BY_ACCOUNT = Limit(
    "Certification, par compte", {6: HOUR}, HOUR, sliding=False, cleared_by_success=False
)
ADDRESS_BY_ACCOUNT = Limit("Adresse, par compte", {6: DAY}, DAY, sliding=False, cleared_by_success=False)
# SMS cost money, and a number's neighbours are tried one after the other by who earns by it (R42).
SMS_PAUSE = Limit("SMS, attente", {1: MINUTE}, MINUTE, sliding=True, cleared_by_success=False)
SMS_PAUSE_BY_NUMBER = Limit(
    "SMS, attente par numéro", {1: MINUTE}, MINUTE, sliding=True, cleared_by_success=False
)
SMS_BY_PERSON = Limit("SMS, par personne", {5: DAY}, DAY, sliding=False, cleared_by_success=False)
SMS_BY_NUMBER = Limit("SMS, par numéro", {5: DAY}, DAY, sliding=False, cleared_by_success=False)
# A network may be a firm's whole office, whose people certify their numbers on the same day. In IPv6 it is
# the /48 that one holder is given: else he would have 65,536 of them.
SMS_BY_NETWORK = Limit("SMS, par réseau", {20: DAY}, DAY, sliding=False, cleared_by_success=False)
SMS_BY_PREFIX = Limit("SMS, par numéros voisins", {10: DAY}, DAY, sliding=False, cleared_by_success=False)
SMS_OVERALL = "SMS, en tout"
NEIGHBOURS = 3  # figures in which two neighbouring numbers differ: a thousand of them


def sign_in_claims(address: str, origin: Origin) -> tuple[Claim, ...]:
    """What a sign-in counts against: the canonical address that is looked up, and the network."""
    return ((SIGN_IN_BY_ACCOUNT, address), (SIGN_IN_BY_IP, origin.network))


def opening_claims(cibtp_id: str, origin: Origin) -> tuple[Claim, ...]:
    """What a first step of opening or association counts against."""
    return (
        (OPENING_BY_IDENTIFIER, identifier_key(cibtp_id)),
        (OPENING_BY_IP, origin.network),
    )


def code_request_claims(cibtp_id: str, origin: Origin) -> tuple[Claim, ...]:
    """What asking for a code letter counts against, whether or not one will be printed."""
    return ((CODE_REQUEST_BY_IDENTIFIER, identifier_key(cibtp_id)), (CODE_REQUEST_BY_IP, origin.network))


def mail_claims(email: str, origin: Origin) -> tuple[Claim, ...]:
    """What asking for a mail counts against, whether or not one is sent."""
    return ((MAILS_BY_ADDRESS, canonical(email)), (MAILS_BY_IP, origin.network))


def proved_mail_claims(email: str, origin: Origin) -> tuple[Claim, ...]:
    """What a mail counts against when whoever asks for it has proved a letter or signed in."""
    return ((PROVED_MAILS_BY_ADDRESS, canonical(email)), (MAILS_BY_IP, origin.network))


def step_two_claims(email: str, code_id: int, origin: Origin) -> tuple[Claim, ...]:
    """What step 2 and its correction count against: one code writes to few addresses a day."""
    return (*proved_mail_claims(email, origin), (STEP_TWO_BY_CODE, str(code_id)))


def answer_claims(invitation_id: int, origin: Origin) -> tuple[Claim, ...]:
    """What opening an account from an invitation counts against, as step 2 of an opening does."""
    return ((MAILS_BY_IP, origin.network), (ANSWERS_BY_INVITATION, str(invitation_id)))


def address_claims(user_id: int, email: str, origin: Origin) -> tuple[Claim, ...]:
    """What asking for another address counts against: one account writes to few addresses a day."""
    return (*proved_mail_claims(email, origin), (ADDRESS_BY_ACCOUNT, str(user_id)))


def certification_claims(user_id: int, origin: Origin) -> tuple[Claim, ...]:
    """What asking for one's own certification mail counts against: nothing that a stranger can fill."""
    return ((CERTIFICATION_BY_ACCOUNT, str(user_id)), (MAILS_BY_IP, origin.network))


def sms_claims(holder: str, number: str, origin: Origin) -> tuple[Claim, ...]:
    """What sending a code by SMS counts against; `number` is E.164."""
    hour: dict[int, dt.timedelta | None] = {settings.SMS_HOURLY_BUDGET: HOUR}
    return (
        (SMS_PAUSE, holder),
        (SMS_PAUSE_BY_NUMBER, number),
        (SMS_BY_PERSON, holder),
        (SMS_BY_NUMBER, number),
        (SMS_BY_NETWORK, origin.allotment),
        (SMS_BY_PREFIX, number[:-NEIGHBOURS]),
        (Limit(SMS_OVERALL, hour, HOUR, sliding=False, cleared_by_success=False), ""),
    )
