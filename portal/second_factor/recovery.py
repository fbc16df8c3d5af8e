"""Recovery codes: ten, drawn from a CSPRNG, shown once, kept only as keyed hashes (R50)."""

from __future__ import annotations

import hashlib
import hmac
import secrets

from django.conf import settings

from portal.codes.posted import ALPHABET, LENGTH

COUNT = 10


def draw() -> list[str]:
    """Ten new codes, as they are shown: `XXXXX-XXXXX`, some 49 bits each."""
    return [_grouped("".join(secrets.choice(ALPHABET) for _ in range(LENGTH))) for _ in range(COUNT)]


def digest(code: str, *, user_id: int) -> str:
    """The keyed hash of a code of that person, separators aside, with the key outside the database."""
    message = f"recovery-code:{user_id}:{code.replace('-', '')}"
    return hmac.new(settings.CODE_KEY.encode(), message.encode(), hashlib.sha256).hexdigest()


def _grouped(code: str) -> str:
    half = LENGTH // 2
    return f"{code[:half]}-{code[half:]}"
