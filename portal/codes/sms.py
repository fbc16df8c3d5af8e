"""Codes that come by SMS: six digits, ten minutes, five tries, once (product.md 4.3, R41).

A code is bound to its holder, its number and its purpose, and to any further text that it confirms (an
account number): typed for anything else it is wrong. A try is counted, and committed, before it is compared
(R11).
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F

from portal import clock
from portal.codes.models import MOST_TRIES, SmsCode
from portal.messaging.sms.outbox import queue_sms, take_back
from portal.pasted import figures

LIVES = dt.timedelta(minutes=10)
LENGTH = 6


class Verdict(Enum):
    """What a typed code is worth."""

    RIGHT = "right"
    WRONG = "wrong"
    DEAD = "dead"  # its tries are spent, by this one or before
    EXPIRED = "expired"
    NONE = "none"  # nothing was sent, or it was used


@dataclass(frozen=True)
class Binding:
    """What a code answers for. `bound_to` is what else it confirms, empty for a number alone."""

    holder: str
    purpose: str
    number: str
    bound_to: str = ""


@dataclass(frozen=True)
class Answer:
    """The verdict, how many tries are left, and whether this very try spent the last one."""

    verdict: Verdict
    left: int = 0
    spent_now: bool = False


def draw() -> str:
    """Six digits, each as likely as the others."""
    return f"{secrets.randbelow(10**LENGTH):0{LENGTH}}"


def read(typed: str) -> str:
    """The six digits of what was typed or pasted, label and spaces apart; empty when there are none.

    « Votre code : 123 456 » is read; a text that holds several such numbers is not.
    """
    return figures(typed, LENGTH)


def digest(code: str, binding: Binding) -> str:
    """The keyed hash of a code for what it answers for, with the key that lives outside the database."""
    parts = (binding.purpose, binding.holder, binding.number, binding.bound_to, code)
    message = "sms-code:" + ":".join(f"{len(part)}:{part}" for part in parts)
    return hmac.new(settings.CODE_KEY.encode(), message.encode(), hashlib.sha256).hexdigest()


def matches(code: str, stored: str, binding: Binding) -> bool:
    """Whether what was typed is the code whose hash is stored, compared in constant time."""
    return hmac.compare_digest(digest(code, binding), stored)


@transaction.atomic
def send_code(binding: Binding, *, template: str, context: Mapping[str, Any]) -> SmsCode:
    """Send a new code by SMS; the former one for the same holder and purpose dies, sent or not.

    The caller has counted the sending against its limits.
    """
    code, now = draw(), clock.now()
    same = SmsCode.objects.filter(holder=binding.holder, purpose=binding.purpose)
    former = same.select_for_update(of=("self",)).select_related("sms").first()
    if former is not None:
        take_back(former.sms)
    sms = queue_sms(
        template, to=binding.number, context={**context, "code": code}, secret=code, expires_at=now + LIVES
    )
    values = {
        "number": binding.number,
        "digest": digest(code, binding),
        "tries": 0,
        "made_at": now,
        "expires_at": now + LIVES,
        "used_at": None,
        "sms": sms,
    }
    made, _ = SmsCode.objects.update_or_create(
        holder=binding.holder, purpose=binding.purpose, defaults=values
    )
    return made


def try_code(typed: str, binding: Binding) -> Answer:
    """Count one try, then compare. A RIGHT one still has to be consumed, by the act that it allows.

    What cannot be a code (not six digits) is WRONG and costs no try.
    """
    code = read(typed)
    row, answer = _counted(binding) if code else _looked_at(binding)
    if row is None:
        return answer
    if code and matches(code, row.digest, binding):
        return Answer(Verdict.RIGHT, answer.left)
    if code and row.tries >= MOST_TRIES:
        return Answer(Verdict.DEAD, spent_now=True)
    return Answer(Verdict.WRONG, answer.left)


def _refusal(row: SmsCode | None) -> Answer | None:
    """Why nothing is compared, or None."""
    if row is None or row.used_at is not None:
        return Answer(Verdict.NONE)
    if row.is_dead:
        return Answer(Verdict.DEAD)
    return None if row.is_live() else Answer(Verdict.EXPIRED)


def _looked_at(binding: Binding) -> tuple[SmsCode | None, Answer]:
    row = code_of(binding.holder, binding.purpose)
    refusal = _refusal(row)
    if row is None or refusal is not None:
        return None, refusal or Answer(Verdict.NONE)
    return row, Answer(Verdict.WRONG, MOST_TRIES - row.tries)


@transaction.atomic(durable=True)
def _counted(binding: Binding) -> tuple[SmsCode | None, Answer]:
    """The row with this try counted, committed before the caller compares; None when nothing is compared."""
    rows = SmsCode.objects.filter(holder=binding.holder, purpose=binding.purpose)
    row = rows.select_for_update(of=("self",)).first()
    refusal = _refusal(row)
    if row is None or refusal is not None:
        return None, refusal or Answer(Verdict.NONE)
    row.tries += 1
    rows.filter(pk=row.pk).update(tries=F("tries") + 1)
    return row, Answer(Verdict.WRONG, MOST_TRIES - row.tries)


def consume(typed: str, binding: Binding) -> bool:
    """Use the code up, inside the act's transaction; False when another act has, or a newer code was sent."""
    live = SmsCode.objects.filter(holder=binding.holder, purpose=binding.purpose, used_at=None)
    return bool(live.filter(digest=digest(read(typed), binding)).update(used_at=clock.now()))


def code_of(holder: str, purpose: str) -> SmsCode | None:
    """The latest code sent to that holder for that purpose, whatever became of it."""
    return SmsCode.objects.filter(holder=holder, purpose=purpose).select_related("sms").first()
