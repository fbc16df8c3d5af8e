"""Seeds of TOTP apps: encrypted at rest, under keys that live outside the database (R50)."""

from __future__ import annotations

import base64
import hashlib
import secrets
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

SEED_BYTES = 20  # as RFC 4226 advises for SHA-1; 32 signs of base32


def draw() -> bytes:
    """A new seed."""
    return secrets.token_bytes(SEED_BYTES)


def sealed(seed: bytes) -> str:
    """The seed as it is kept, under the first of SECOND_FACTOR_KEYS."""
    return _box().encrypt(seed).decode()


def opened(kept: str) -> bytes:
    """The seed itself, whichever of the keys it was sealed under. Raises Lost when none opens it."""
    try:
        return _box().decrypt(kept.encode())
    except InvalidToken:
        raise Lost from None


def resealed(kept: str) -> str:
    """The same under the first key, so that a former key can be given up. Raises Lost."""
    try:
        return _box().rotate(kept.encode()).decode()
    except InvalidToken:
        raise Lost from None


class Lost(Exception):
    """No key of today opens the seed: it was sealed under one that was given up, or altered."""


def _box() -> MultiFernet:
    return _box_of(tuple(settings.SECOND_FACTOR_KEYS))


@lru_cache(maxsize=4)
def _box_of(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(_derived(key)) for key in keys])


def _derived(key: str) -> bytes:
    return base64.urlsafe_b64encode(hashlib.sha256(f"second-factor:{key}".encode()).digest())
