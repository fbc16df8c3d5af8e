"""What the fonts of a PDF can show. PDF/A refuses a whole file for one character without a glyph."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

# Latin, Greek and Cyrillic letters, punctuation and currencies: all in the fonts that typst carries.
WITHOUT_GLYPH = re.compile(
    "[^ -~\u00a0-\u00ac\u00ae-\u024f\u0391-\u03a1\u03a3-\u03c9\u0400-\u045f\u1e00-\u1eff"
    "\u2010-\u2027\u2030-\u203a\u20a0-\u20bf\u2116\u2122]"
)
WHITE_SPACE = re.compile(r"[\t-\r\x1c-\x1f\x85\u2028\u2029]+")
SUBSTITUTE = "?"


def displayable(text: str) -> str:
    """The text with line breaks made spaces, invisible characters dropped and unknown glyphs made `?`."""
    composed = WHITE_SPACE.sub(" ", unicodedata.normalize("NFC", text))
    return WITHOUT_GLYPH.sub(_replacement, composed)


def _replacement(found: re.Match[str]) -> str:
    character = found.group()
    if unicodedata.category(character) in {"Cc", "Cf", "Cn", "Mn"}:
        return ""
    return WITHOUT_GLYPH.sub(SUBSTITUTE, unicodedata.normalize("NFKC", character))


def displayable_data(value: Any) -> Any:
    """The same JSON-like value with each of its texts displayable."""
    if isinstance(value, str):
        return displayable(value)
    if isinstance(value, dict):
        return {key: displayable_data(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [displayable_data(item) for item in value]
    return value
