"""Certifying a mobile number by a code sent to it (product.md 4.3): somebody's own, or before his account is.

At an opening or on an invitation there is no account yet: the code is bound to that opening or invitation,
and the account made from it with the very number is certified.
"""

from __future__ import annotations

import datetime as dt
import logging
from dataclasses import dataclass

from django.db import transaction

from accounts.limits import SMS_BY_PREFIX, SMS_OVERALL, sms_claims
from accounts.mobile import certified_on, certify_mobile
from accounts.models import User
from portal import clock
from portal.codes import sms
from portal.codes.models import SmsCode
from portal.codes.sms import Answer, Binding, Verdict
from portal.journal.models import Kind
from portal.journal.recording import record
from portal.limits.counting import take
from portal.origin import Origin
from portal.phones import masked, takes_codes

logger = logging.getLogger(__name__)

PURPOSE = "mobile"
PROVED_FOR = dt.timedelta(minutes=30)  # between the code and the account, as long as an opening's own proof
ALERTS = {
    SMS_OVERALL: (
        "sms.budget_spent",
        "Budget horaire de SMS atteint\u00a0: aucun code ne part pendant une heure",
    ),
    SMS_BY_PREFIX.name: (
        "sms.neighbours",
        "Codes demandés vers des numéros voisins\u00a0: l’envoi vers ces numéros est suspendu pour un jour",
    ),
}


class NotAMobile(Exception):
    """Codes are not sent to such a number: not a mobile's, or of a country that the caisse does not allow."""


@dataclass(frozen=True)
class Certifier:
    """Who certifies: a person, or the holder of an opening or invitation that has no account yet.

    `counted` is whom the limits count when not the holder: a posted code begins as many openings as it likes.
    """

    holder: str
    user: User | None = None
    counted: str = ""

    @classmethod
    def person(cls, user: User) -> Certifier:
        """Somebody who has an account."""
        return cls(f"user:{user.pk}", user)

    @property
    def code(self) -> SmsCode | None:
        """The latest code sent, whatever became of it."""
        return sms.code_of(self.holder, PURPOSE)

    def certified(self) -> tuple[str, dt.date] | None:
        """The number that is certified and since which day, or None."""
        if self.user is not None:
            day = certified_on(self.user)
            return (self.user.mobile, day) if day else None
        proved = _proved(self.holder)
        return (proved.number, clock.day_of(proved.used_at)) if proved and proved.used_at else None


def send_code(*, certifier: Certifier, number: str, origin: Origin) -> None:
    """Send a code to that number (E.164), whoever else may hold it (R05).

    Raises NotAMobile (nothing is counted), and Blocked (R42) with when to ask again.
    """
    if not takes_codes(number):
        raise NotAMobile
    for counter in take(*sms_claims(certifier.counted or certifier.holder, number, origin)):
        if counter.limit in ALERTS:
            _alert(counter.limit, origin)
    sms.send_code(_binding(certifier.holder, number), template="accounts/sms/mobile_code", context={})


def check_code(*, certifier: Certifier, typed: str, origin: Origin) -> Answer:
    """Try a code; the right one certifies the number to which it was sent. What it answers is final."""
    sent = certifier.code
    if sent is None:
        return Answer(Verdict.NONE)
    binding = _binding(certifier.holder, sent.number)
    answer = sms.try_code(typed, binding)
    if answer.spent_now:
        _tell_of_dead_code(certifier, sent.number, origin)
    if answer.verdict is Verdict.RIGHT and not _certified(certifier, typed, binding, origin):
        return Answer(Verdict.NONE)
    return answer


@transaction.atomic
def _certified(certifier: Certifier, typed: str, binding: Binding, origin: Origin) -> bool:
    """Use the code up and write what it proves, both or neither; False when it was used meanwhile."""
    if not sms.consume(typed, binding):
        return False
    if certifier.user is not None:
        certify_mobile(user=certifier.user, number=binding.number, origin=origin)
    return True


def adopt_certification(*, user: User, holder: str, origin: Origin) -> None:
    """Certify the number of an account just made, if its holder proved that very number a moment ago."""
    proved = _proved(holder)
    if proved is not None and proved.used_at is not None and user.mobile and proved.number == user.mobile:
        certify_mobile(user=user, number=user.mobile, origin=origin, at=proved.used_at)


def _proved(holder: str) -> SmsCode | None:
    since = clock.now() - PROVED_FOR
    return SmsCode.objects.filter(holder=holder, purpose=PURPOSE, used_at__gte=since).first()


def _binding(holder: str, number: str) -> Binding:
    return Binding(holder=holder, purpose=PURPOSE, number=number)


def _alert(limit: str, origin: Origin) -> None:
    """Told once: while a limit holds, nothing more is counted."""
    action, sentence = ALERTS[limit]
    logger.error("SMS stopped: %s", action)
    record(action, sentence, kind=Kind.ACCOUNT, origin=origin)


def _tell_of_dead_code(certifier: Certifier, number: str, origin: Origin) -> None:
    record(
        "account.mobile_code_dead",
        f"Cinq codes erronés pour certifier le {masked(number)}\u00a0: le code envoyé ne sert plus",
        kind=Kind.ACCOUNT,
        origin=origin,
        actor=certifier.user,
    )
