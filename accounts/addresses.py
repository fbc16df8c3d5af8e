"""E-mail addresses: the one normalisation under which two are the same (R05).

NFKC, outer spaces gone, lower case; what is not plain ASCII after that is refused, so that a
look-alike can never stand for another person's address. Mail goes to the stored form.
"""

from __future__ import annotations

import unicodedata

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

EXAMPLE = "Une adresse électronique s’écrit comme prenom.nom@exemple.fr."


def canonical(text: str) -> str:
    """The form under which an address is stored and compared; not checked."""
    return unicodedata.normalize("NFKC", text).strip().strip("\u200b\u2060\ufeff").lower()


def parse_email(text: str) -> str:
    """The canonical form of a well-formed address. Raises ValidationError with a French sentence."""
    address = canonical(text)
    if not address.isascii():
        raise ValidationError(f"L’adresse comporte un caractère inattendu. {EXAMPLE}", code="email")
    try:
        validate_email(address)
    except ValidationError:
        raise ValidationError(f"L’adresse semble incomplète. {EXAMPLE}", code="email") from None
    return address
