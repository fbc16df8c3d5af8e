"""Cells that no spreadsheet runs, whoever wrote the text they hold (R65)."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterable
from typing import TextIO

FORMULA_STARTS = frozenset("=+-@\t\r\n\0")
NEGATIVE_NUMBER = re.compile(r"-[0-9][0-9 \u00a0\u202f]*(?:[.,][0-9]+)?", re.ASCII)


def neutralise(text: str) -> str:
    """The text, behind an apostrophe when a spreadsheet might take it for a formula.

    Full-width signs count as their plain forms, and leading spaces hide nothing. A negative
    number stays as it is.
    """
    if text[:1].isalnum() or NEGATIVE_NUMBER.fullmatch(text):
        return text
    seen = unicodedata.normalize("NFKC", text[:1] + text.lstrip()[:1])
    return f"'{text}" if FORMULA_STARTS.intersection(seen) else text


class SheetWriter:
    """Rows for a French Excel: `;`, CRLF, every cell neutralised.

    Open the file with `encoding=SheetWriter.ENCODING, newline=""`.
    """

    ENCODING = "utf-8-sig"

    def __init__(self, file: TextIO) -> None:
        self._writer = csv.writer(file, delimiter=";", lineterminator="\r\n")

    def row(self, cells: Iterable[str]) -> None:
        """Write one row. Raises OSError when the file cannot take it."""
        self._writer.writerow([neutralise(cell) for cell in cells])
