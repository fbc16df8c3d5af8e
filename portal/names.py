"""Names of people: they stand in mails, letters and the journal."""

from __future__ import annotations

import re
import unicodedata

from django.core.exceptions import ValidationError


def validate_name(name: str) -> None:
    """A name is letters, spaces, apostrophes, dashes, and dots that end a word (no address of a web site).

    Raises ValidationError.
    """
    foreign = any(
        not (char.isalpha() or unicodedata.category(char).startswith("M") or char in " '’-.") for char in name
    )
    if foreign or re.search(r"\.\w", name):
        raise ValidationError(
            "Un nom s’écrit seulement avec des lettres, des espaces, des tirets et des apostrophes."
        )
