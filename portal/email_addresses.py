"""E-mail addresses: the one normalisation under which two are the same (R05).

NFKC, lower case, without invisible signs, nor what an address is pasted with (a label, `mailto:`, angle
brackets, the full stop of a sentence): a fixed point, whatever is typed. What is not plain ASCII after that
is refused, so that a look-alike can never stand for another person's address. Mail goes to the stored form.
"""

from __future__ import annotations

import re
import unicodedata
from ipaddress import ip_address

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

EXAMPLE = "Une adresse électronique s’écrit comme prenom.nom@exemple.fr."
# Each keeps its only group. None takes another address away: a text that holds two stays as it is.
PASTED = tuple(
    re.compile(pattern, re.DOTALL)
    for pattern in (
        r"[^@:<>]*:([^:]*)",  # « Courriel : », mailto:
        r"(?:(?:adresse|courriel|e-?mail|mail|électronique)\s+)+(\S*@.*)",
        r"[^@<>]*<([^<>]*)>[^@<>]*",  # Marie Keller <marie@exemple.fr>
        r"([^\s@<>]+@[^\s@<>]+)\s*<(?:mailto:)?\1>",  # as a mail program copies a link
        r"([^@]*@[^@?]*)\?[^@]*",  # mailto:…?subject=…
        r"(.*?)[.,;]+",
    )
)


def canonical(text: str) -> str:
    """The form under which an address is stored and compared; not checked."""
    visible = "".join(char for char in text if unicodedata.category(char) != "Cf")
    address = trimmed(unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", visible).lower()))
    bare = next((found[1] for pattern in PASTED if (found := pattern.fullmatch(address))), address)
    return address if bare == address else canonical(bare)


def trimmed(text: str) -> str:
    """A text without what shows nothing at both ends."""
    kept = [place for place, char in enumerate(text) if not is_blank(char)]
    return text[kept[0] : kept[-1] + 1] if kept else ""


def is_blank(char: str) -> bool:
    """Whether a character shows nothing: spaces, controls, zero-width and other format characters."""
    return char.isspace() or unicodedata.category(char) in {"Cc", "Cf", "Zs", "Zl", "Zp"}


def is_local(domain: str) -> bool:
    """Whether a domain names this machine or an address in figures rather than a domain."""
    if domain == "localhost" or domain.startswith("["):
        return True
    try:
        ip_address(domain)
    except ValueError:
        return False
    return True


def parse_email(text: str) -> str:
    """The canonical form of a well-formed address. Raises ValidationError with a French sentence."""
    address = canonical(text)
    if address.count("@") > 1:
        raise ValidationError(f"Écrivez une seule adresse. {EXAMPLE}", code="email")
    if any(map(is_blank, address)):
        raise ValidationError(f"L’adresse comporte un espace. {EXAMPLE}", code="email")
    if not address.isascii():
        raise ValidationError(f"L’adresse comporte un caractère inattendu. {EXAMPLE}", code="email")
    try:
        validate_email(address)
    except ValidationError:
        raise ValidationError(f"L’adresse semble incomplète. {EXAMPLE}", code="email") from None
    name, _, domain = address.rpartition("@")
    if '"' in name or is_local(domain):
        raise ValidationError(f"Cette forme d’adresse n’est pas acceptée. {EXAMPLE}", code="email")
    return address
