"""Phone numbers: read as people write them, French unless they begin with +, kept as E.164."""

from __future__ import annotations

import unicodedata

import phonenumbers
from django.core.exceptions import ValidationError
from phonenumbers import NumberParseException, PhoneNumberType

MOBILE = {PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE}
EXAMPLE = "Écrivez par exemple 03 83 12 34 56, ou +352 621 123 456 pour un autre pays."


def parse_phone(text: str, *, mobile: bool = False) -> str:
    """The number as E.164, or an empty string for none. Raises ValidationError."""
    typed = unicodedata.normalize("NFKC", text).strip()
    if not typed:
        return ""
    try:
        number = phonenumbers.parse(typed, "FR")
    except NumberParseException:
        raise ValidationError(f"Ce numéro de téléphone n’est pas complet. {EXAMPLE}", code="phone") from None
    if not phonenumbers.is_valid_number(number):
        raise ValidationError(f"Ce numéro de téléphone comporte une erreur. {EXAMPLE}", code="phone")
    if mobile and phonenumbers.number_type(number) not in MOBILE:
        raise ValidationError(
            "Ce numéro n’est pas celui d’un mobile : en France, il commence par 06 ou 07.", code="mobile"
        )
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
