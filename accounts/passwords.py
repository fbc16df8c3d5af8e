"""The password rule: what the caisse prints (8 characters, 3 of 4 classes), and not an obvious one.

R24, R25; requirements of CNIL 2022-100 case 2, acceptable because sign-in is restricted (R07).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Any

from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError

SHORTEST = 8
LONGEST = 200
CLASSES_NEEDED = 3
SHORTEST_TOKEN = 4
RESIDUE = 3
TRADE_WORDS = (
    "cibtp", "conges", "conge", "intemperies", "intemperie", "caisse", "batiment", "btp", "adherent",
    "chantier", "espace", "securise", "motdepasse", "bonjour", "azerty", "qwerty", "password", "welcome",
    "bienvenue", "admin", "administrateur", "entreprise", "salaire", "salaries",
)  # fmt: skip
LOOKALIKES = str.maketrans("0134578@$!", "oieastbasi")


def fold(text: str) -> str:
    """Lower case without accents."""
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(char for char in decomposed if not unicodedata.combining(char)).lower()


def letters(text: str) -> str:
    """Only the letters."""
    return "".join(char for char in text if char.isalpha())


def cores(password: str) -> set[str]:
    """The word behind a password: its letters, and its middle with look-alike figures read as letters."""
    folded = fold(password)
    places = [place for place, char in enumerate(folded) if char.isalpha()]
    middle = folded[places[0] : places[-1] + 1] if places else ""
    return {core for core in (letters(folded), letters(middle.translate(LOOKALIKES))) if core}


def character_classes(password: str) -> int:
    """How many of the four classes the password uses."""
    tests = (str.isupper, str.islower, str.isdigit, lambda char: not char.isalnum())
    return sum(any(test(char) for char in password) for test in tests)


class LengthAndClasses:
    """8 characters at least, from 3 of 4 classes."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raises ValidationError naming each rule that is not met."""
        if len(password) < SHORTEST:
            raise ValidationError(
                f"Ce mot de passe est trop court\u00a0: choisissez-en un d’au moins {SHORTEST} caractères.",
                code="length",
            )
        if len(password) > LONGEST:
            raise ValidationError(
                f"Ce mot de passe est trop long\u00a0: choisissez-en un de {LONGEST} caractères au plus.",
                code="long",
            )
        if character_classes(password) < CLASSES_NEEDED:
            raise ValidationError(
                f"Ce mot de passe n’est pas assez varié\u00a0: mêlez au moins {CLASSES_NEEDED} de ces 4 "
                "sortes de caractères (majuscules, minuscules, chiffres, caractères spéciaux).",
                code="classes",
            )

    def get_help_text(self) -> str:
        """The rule as the pages show it."""
        return (
            f"{SHORTEST} caractères au moins, de {CLASSES_NEEDED} au moins de ces 4 sortes\u00a0: majuscule, "
            "minuscule, chiffre, caractère spécial."
        )


class NotObvious:
    """Not among the known leaked ones, nor a word of the trade with figures around it."""

    def __init__(self) -> None:
        self.common: set[str] = CommonPasswordValidator().passwords

    def validate(self, password: str, user: Any = None) -> None:
        """Raises ValidationError."""
        if len(password) > LONGEST:
            return  # refused already, and not worth reading
        known = fold(password) in self.common or any(self.is_obvious(core) for core in cores(password))
        if known:
            raise ValidationError(
                "Ce mot de passe est trop facile à deviner : choisissez plusieurs mots sans lien entre eux.",
                code="obvious",
            )

    def is_obvious(self, core: str) -> bool:
        """Whether hardly anything is left once the known words are taken out."""
        rest = core
        for word in sorted(TRADE_WORDS, key=len, reverse=True):
            rest = rest.replace(word, "")
        return core in self.common or (rest != core and len(rest) < RESIDUE)

    def get_help_text(self) -> str:
        """The rule as the pages show it."""
        return "Évitez les mots courants et ceux de votre métier."


class NotAboutThePerson:
    """Holds nothing of the person, the company, the identifier or the SIRET."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raises ValidationError. Reads `user.password_context`, a list of words, when it is there."""
        if len(password) > LONGEST:
            return
        folded = re.sub(r"[\s\-._]", "", fold(password))
        if any(token in folded for token in tokens(words_about(user))):
            raise ValidationError(
                "Ce mot de passe ressemble à votre nom, à votre adresse électronique ou à ce qui désigne "
                "votre entreprise\u00a0: choisissez-en un autre.",
                code="personal",
            )

    def get_help_text(self) -> str:
        """The rule as the pages show it."""
        return "N’utilisez ni votre nom, ni celui de votre entreprise, ni vos identifiants."


def words_about(user: Any) -> Iterable[str]:
    """What is known of a person: names, address, and the context that a form adds."""
    for field in ("first_name", "last_name", "email"):
        yield getattr(user, field, None) or ""
    yield from getattr(user, "password_context", ())


def tokens(words: Iterable[str]) -> set[str]:
    """The words of at least four characters in what is known of the person, folded."""
    parts = (part for word in words for part in re.split(r"[\s@.'’&]+", fold(word)))
    return {token for part in parts if len(token := re.sub(r"[\W_]", "", part)) >= SHORTEST_TOKEN}
