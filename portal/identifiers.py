"""Identifiers of companies, sites and people: read as people type them, checked, and printed in one way.

Rules and samples: SIREN and SIRET with La Poste's exception, the NIR with Corsica's départements, the
CIBTP identifier without a key check (its key is a guess, so it never rejects).
"""

from __future__ import annotations

import re

from django.core.exceptions import ValidationError
from stdnum import luhn
from stdnum.fr import nir as stdnum_nir
from stdnum.fr import siret as stdnum_siret

from portal.pasted import compact, figures

CIBTP_ID = re.compile(r"[0-9]{5}-[0-9]{3}-[0-9]{2}\Z")
SIRET_DIGITS, CIBTP_ID_DIGITS = 14, 10


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
    digits = ascii_digits(text, SIRET_DIGITS)
    if digits is None:
        raise ValidationError("Le SIRET compte 14 chiffres, par exemple 732 829 320 00074.", code="siret")
    if not stdnum_siret.is_valid(digits):
        raise ValidationError("Ce SIRET comporte une erreur : vérifiez chaque chiffre.", code="siret")
    return digits


def parse_cibtp_id(text: str) -> str:
    """The identifier with its dashes, `29209-001-12`. Raises ValidationError."""
    digits = ascii_digits(text, CIBTP_ID_DIGITS)
    if digits is None:
        raise ValidationError("L’identifiant CIBTP s’écrit comme 29209-001-12.", code="cibtp_id")
    return f"{digits[:5]}-{digits[5:8]}-{digits[8:]}"


def typed_cibtp_id(text: str) -> str:
    """The same as a person types or pastes it, with its label: « Identifiant CIBTP : 29209-001-12 »."""
    return parse_cibtp_id(figures(text, CIBTP_ID_DIGITS))


def typed_siret(text: str) -> str:
    """The fourteen digits that a person typed or pasted with their label, unchecked; empty without them."""
    return figures(text, SIRET_DIGITS)


def identifier_key(text: str) -> str:
    """What tries at an identifier are counted under: one key however it was typed (R06)."""
    return figures(text, CIBTP_ID_DIGITS) or compact(text)


def parse_nir(text: str) -> str:
    """The fifteen characters of a NIR, its key checked; Corsica's 2A and 2B included.

    Raises ValidationError, whose sentence never repeats the number.
    """
    number = compact(text).upper()
    if len(number) != 15 or not number.isascii() or not number.isalnum():
        raise ValidationError("Le numéro de sécurité sociale compte 15 caractères, clé comprise.", code="nir")
    if not stdnum_nir.is_valid(number):
        raise ValidationError(
            "Ce numéro de sécurité sociale comporte une erreur : vérifiez chaque chiffre et la clé.",
            code="nir",
        )
    return number


def is_temporary_nir(nir: str) -> bool:
    """Whether the number was given while the person's own was still awaited (it begins with 7 or 8)."""
    return nir[:1] in {"7", "8"}


def format_siren(siren: str) -> str:
    """`732 829 320`, with no-break spaces."""
    return "\u00a0".join((siren[:3], siren[3:6], siren[6:9]))


def format_siret(siret: str) -> str:
    """`732 829 320 00074`, with no-break spaces."""
    return f"{format_siren(siret)}\u00a0{siret[9:]}"
