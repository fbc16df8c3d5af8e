"""Time-based one-time passwords (RFC 6238): six digits, thirty seconds, SHA-1, as every app reads them."""

from __future__ import annotations

import base64
import datetime as dt
import hmac
from urllib.parse import quote, urlencode

import segno
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.hotp import HOTP

DIGITS, STEP = 6, 30
TOLERANCE = 1  # steps before and after the present one (R46)


def step_at(moment: dt.datetime) -> int:
    """The step of thirty seconds in which a moment lies."""
    return int(moment.timestamp()) // STEP


def value(seed: bytes, step: int) -> str:
    """What an app shows during that step."""
    return HOTP(seed, DIGITS, SHA1()).generate(step).decode()  # noqa: S303  what RFC 6238 and the apps take


def step_of(typed: str, seed: bytes, *, at: dt.datetime, after: int) -> int | None:
    """The step whose value was typed, among the live ones after `after`; None for a wrong one."""
    now, found = step_at(at), None
    for step in range(now - TOLERANCE, now + TOLERANCE + 1):
        same = hmac.compare_digest(value(seed, step), typed)
        if same and step > after and found is None:
            found = step
    return found


def base32(seed: bytes) -> str:
    """The seed as apps take it, without padding."""
    return base64.b32encode(seed).decode().rstrip("=")


def grouped(seed: bytes) -> str:
    """The same in groups of four, to be typed."""
    text = base32(seed)
    return " ".join(text[place : place + 4] for place in range(0, len(text), 4))


def address(seed: bytes, *, account: str, issuer: str) -> str:
    """The otpauth:// address that a QR code holds."""
    label = quote(f"{issuer}:{account}")
    asked = {"secret": base32(seed), "issuer": issuer, "digits": DIGITS, "period": STEP}
    return f"otpauth://totp/{label}?{urlencode(asked, quote_via=quote)}"


def picture(text: str) -> str:
    """A QR code as the address of an image (data:), dark on white whatever the page's colours."""
    drawn: str = segno.make(text, error="m", micro=False).svg_data_uri(scale=4, border=3, light="#fff")
    return drawn
