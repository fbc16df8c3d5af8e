"""What people type for a code of the second factor, as `portal.pasted` reads it."""

from __future__ import annotations

from portal.codes.posted import ALPHABET
from portal.pasted import figures, signs
from portal.second_factor.totp import DIGITS

RECOVERY_GROUPS = (5, 5)


def digits(text: str) -> str | None:
    """The six digits of a TOTP value, or None when that is not what was typed."""
    return figures(text, DIGITS) or None


def recovery(text: str) -> str | None:
    """The ten signs of a recovery code, in capitals, or None when that is not what was typed."""
    return signs(text, ALPHABET, RECOVERY_GROUPS) or None
