"""Codes that come by post: drawn from a CSPRNG, kept only as keyed hashes (R14, R17).

Ten characters of 31 give 49.5 bits; a code answers for one site only and five wrong ones suspend
that site's opening (R16), so guessing is out of reach.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import secrets

from django.conf import settings
from django.utils import timezone

from portal.pasted import compact, signs

ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # neither 0 nor O, 1, I or L
LENGTH = 10
GROUPS = (4, 4, 2)


def draw() -> str:
    """A new code, `XXXX-XXXX-XX`, to be printed and forgotten."""
    code = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    return f"{code[:4]}-{code[4:8]}-{code[8:]}"


def digest(code: str, *, site_id: int) -> str:
    """The keyed hash of a code for one site, with the key that lives outside the database.

    The code is read as people type or paste it; what holds none is hashed all the same.
    """
    message = f"posted-code:{site_id}:{signs(code, ALPHABET, GROUPS) or compact(code).upper()}"
    return hmac.new(settings.CODE_KEY.encode(), message.encode(), hashlib.sha256).hexdigest()


def matches(code: str, stored: str, *, site_id: int) -> bool:
    """Whether what was typed is the code whose hash is stored, compared in constant time."""
    return hmac.compare_digest(digest(code, site_id=site_id), stored)


def end_of_validity(first_day: dt.date, days: int) -> dt.datetime:
    """The instant from which a code is refused: midnight in Paris after `first_day` + `days` (R15)."""
    following = first_day + dt.timedelta(days=days + 1)
    return timezone.make_aware(dt.datetime.combine(following, dt.time.min))
