"""Identifiers of companies and sites: read as people type them, checked, and printed in one way.

Rules and samples: SIREN and SIRET with La Poste's exception, the CIBTP identifier without a key
check (its key is a guess, so it never rejects).
"""

from __future__ import annotations

import re
import unicodedata

from django.core.exceptions import ValidationError
from stdnum import luhn
from stdnum.fr import siret as stdnum_siret

CIBTP_ID = re.compile(r"[0-9]{5}-[0-9]{3}-[0-9]{2}\Z")
SEPARATORS = re.compile(r"[\s\-\u2010-\u2015\u2212./_\u200b-\u200f\u2060\ufeff]+")


def compact(text: str) -> str:
    """What was typed, without spaces, dashes and dots; full-width characters made plain."""
    return SEPARATORS.sub("", unicodedata.normalize("NFKC", text))


def ascii_digits(text: str, length: int) -> str | None:
    """The `length` ASCII digits that were typed, or None when it is anything else."""
    digits = compact(text)
    return digits if len(digits) == length and digits.isascii() and digits.isdigit() else None


def parse_siren(text: str) -> str:
    """The nine digits of a SIREN. Raises ValidationError with a French sentence."""
    digits = ascii_digits(text, 9)
    if digits is None:
        raise ValidationError("Le SIREN compte 9 chiffres, par exemple 732 829 320.", code="siren")
    if not luhn.is_valid(digits):
        raise ValidationError("Ce SIREN comporte une erreur : vérifiez chaque chiffre.", code="siren")
    return digits


def parse_siret(text: str) -> str:
    """The fourteen digits of a SIRET, La Poste's included. Raises ValidationError."""
    digits = ascii_digits(text, 14)
    if digits is None:
        raise ValidationError("Le SIRET compte 14 chiffres, par exemple 732 829 320 00074.", code="siret")
    if not stdnum_siret.is_valid(digits):
        raise ValidationError("Ce SIRET comporte une erreur : vérifiez chaque chiffre.", code="siret")
    return digits


def parse_cibtp_id(text: str) -> str:
    """The identifier with its dashes, `29209-001-12`. Raises ValidationError."""
    digits = ascii_digits(text, 10)
    if digits is None:
        raise ValidationError("L’identifiant CIBTP s’écrit comme 29209-001-12.", code="cibtp_id")
    return f"{digits[:5]}-{digits[5:8]}-{digits[8:]}"


def format_siren(siren: str) -> str:
    """`732 829 320`, with no-break spaces."""
    return "\u00a0".join((siren[:3], siren[3:6], siren[6:9]))


def format_siret(siret: str) -> str:
    """`732 829 320 00074`, with no-break spaces."""
    return f"{format_siren(siret)}\u00a0{siret[9:]}"
