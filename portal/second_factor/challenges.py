"""What a passkey signs: a challenge that the page bears and nobody keeps.

It is bound to one purpose, one session and one person, and lives five minutes. A session gets another id
with each success (R29), so that what was signed serves once.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import struct

from django.conf import settings

from portal import clock

LIVES = 5 * 60  # seconds
DRAWN, STAMP = 16, struct.Struct(">Q")


def make(purpose: str, *, session: str, user_id: int) -> bytes:
    """A new challenge: when it was made, what was drawn, and their seal."""
    head = STAMP.pack(int(clock.now().timestamp())) + secrets.token_bytes(DRAWN)
    return head + _seal(head, purpose, session, user_id)


def holds(challenge: bytes, purpose: str, *, session: str, user_id: int) -> bool:
    """Whether it was made for that purpose, session and person, less than five minutes ago."""
    length = STAMP.size + DRAWN
    head, seal = challenge[:length], challenge[length:]
    if len(head) != length or not hmac.compare_digest(seal, _seal(head, purpose, session, user_id)):
        return False
    age = int(clock.now().timestamp()) - STAMP.unpack(head[: STAMP.size])[0]
    return bool(0 <= age <= LIVES)


def _seal(head: bytes, purpose: str, session: str, user_id: int) -> bytes:
    message = f"challenge:{purpose}:{session}:{user_id}:".encode() + head
    return hmac.new(settings.SECRET_KEY.encode(), message, hashlib.sha256).digest()
