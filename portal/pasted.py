"""Values as people type or paste them: spaces, dashes, full-width and invisible signs, a label before them.

Nothing is guessed: a text that holds none, or several that differ, is not read.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

LONGEST = 200  # what a field takes: the value with the whole sentence that it was copied from
BETWEEN = r"[\s\-\u2010-\u2015\u2212./_]"
SEPARATORS = re.compile(f"{BETWEEN}+")
FIGURES = re.compile(f"[0-9](?:{BETWEEN}*[0-9])*")


def plain(text: str) -> str:
    """The text with full-width signs made plain, without the signs that show nothing and take no place."""
    if text.isascii():
        return text
    folded = unicodedata.normalize("NFKC", text)
    return "".join(char for char in folded if unicodedata.category(char) != "Cf")


def compact(text: str) -> str:
    """The same without spaces, dashes and dots."""
    return SEPARATORS.sub("", plain(text))


def figures(text: str, length: int) -> str:
    """The one number of `length` ASCII digits in the text; empty when there is none, or several."""
    runs = {compact(run) for run in FIGURES.findall(plain(text))}
    return _only({run for run in runs if len(run) == length})


def signs(text: str, alphabet: str, groups: Sequence[int]) -> str:
    """The one code in the text, in capitals, made of the alphabet's signs and printed in groups of so many.

    It stands alone or after a colon, spaced at will; or anywhere, spaced as it is printed or not at all.
    Empty when there is none, or several.
    """
    capitals = plain(text).upper()
    grouped = f"{BETWEEN}*".join(f"[{alphabet}]{{{size}}}" for size in groups)
    found = {compact(run) for run in re.findall(rf"(?<![^\W_])(?=({grouped})(?![^\W_]))", capitals)}
    alone = compact(capitals.rpartition(":")[2])
    if re.fullmatch(f"[{alphabet}]{{{sum(groups)}}}", alone):
        found.add(alone)
    return _only(found)


def _only(found: set[str]) -> str:
    return found.pop() if len(found) == 1 else ""
