"""Links in mails: signed for one purpose, bound to the state they change, expiring (R18–R20)."""

from __future__ import annotations

import datetime as dt

from django.core import signing


class Expired(Exception):
    """The link was ours, but its time is over. `parts` says what it spoke of."""

    def __init__(self, parts: list[int | str]) -> None:
        super().__init__("expired")
        self.parts = parts


class Forged(Exception):
    """The link was never ours, was cut, or was made for another purpose."""


def make(purpose: str, *parts: int | str) -> str:
    """A token for that purpose and those parts, fit for an address."""
    return _signer(purpose).sign_object(list(parts))


def read(purpose: str, token: str, *, max_age: dt.timedelta) -> list[int | str]:
    """The parts of a token. Raises Expired or Forged."""
    signer = _signer(purpose)
    try:
        parts: list[int | str] = signer.unsign_object(token, max_age=max_age)
    except signing.SignatureExpired:
        raise Expired(signer.unsign_object(token)) from None
    except (signing.BadSignature, ValueError):
        raise Forged from None
    return parts


def _signer(purpose: str) -> signing.TimestampSigner:
    return signing.TimestampSigner(salt=f"portal.{purpose}", sep=".")
