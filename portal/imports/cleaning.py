"""What is forgiven in a cell, what is not, and how a cell is quoted back to the clerk."""

from __future__ import annotations

import re
import unicodedata

from django.core.exceptions import ValidationError

FORBIDDEN = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
SPECIAL_SPACES = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
INVISIBLE = re.compile("[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
NO_BREAK_SPACES = "\u00a0\u202f"  # Python does not call them printable
QUOTE_LENGTH = 60


def clean(raw: str) -> tuple[str, list[str]]:
    """The text of a cell, and in French what had to be cleaned for it.

    Raises ValidationError for control characters and bytes that could not be decoded.
    """
    if raw.isascii() and raw.isprintable() and "  " not in raw and raw.strip(" ") == raw:
        return raw, []
    if FORBIDDEN.search(raw):
        raise ValidationError("un caractère de contrôle ou illisible s’y trouve.", code="control")
    text, notes = raw, []
    for note, pattern, replacement in (
        ("espaces insécables remplacées", SPECIAL_SPACES, " "),
        ("caractères invisibles retirés", INVISIBLE, ""),
    ):
        cleaned = pattern.sub(replacement, text)
        if cleaned != text:
            text = cleaned
            notes.append(note)
    composed = unicodedata.normalize("NFC", text)
    if composed != text:
        notes.append("accents recomposés")
    single = " ".join(composed.split())
    if single != composed:
        notes.append("espaces superflues retirées")
    return single, notes


def printable(text: str) -> str:
    """The text with what a terminal could act upon replaced."""
    return "".join(c if c.isprintable() or c in NO_BREAK_SPACES else "\ufffd" for c in text)


def shown(text: str) -> str:
    """A cell as it is quoted to the clerk: printable, and cut at 60 characters."""
    return printable(text if len(text) <= QUOTE_LENGTH else text[: QUOTE_LENGTH - 1] + "…")
