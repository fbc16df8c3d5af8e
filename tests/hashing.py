"""How much hashing a password costs in tests."""

from __future__ import annotations

from functools import lru_cache

import pytest
from django.contrib.auth.hashers import make_password

from accounts.hashers import PortalArgon2Hasher


def cheaply(patch: pytest.MonkeyPatch) -> None:
    """Hash at a low cost from now on: at the cost that serves it is half of what signing in takes."""
    patch.setattr(PortalArgon2Hasher, "memory_cost", 64)
    patch.setattr(PortalArgon2Hasher, "time_cost", 1)


def hash_of(password: str) -> str:
    """The one hash of a password at the cost of this test: one of another cost is renewed at a sign-in."""
    return _hashed(password, PortalArgon2Hasher.memory_cost)


@lru_cache
def _hashed(password: str, memory_cost: int) -> str:
    return make_password(password)
