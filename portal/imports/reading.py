"""From the bytes of an extract to rows of cells, in one pass and within bounds.

Each physical line is cut on its own: an unbalanced quote spoils its line and no other, and a line
number is the one that any editor shows.
"""

from __future__ import annotations

import codecs
import csv
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import BinaryIO, NamedTuple

from django.core.exceptions import ValidationError

from portal.imports.cleaning import clean, shown

LINE_BYTES = 65_536
BLOCK_BYTES = 1 << 20
NAMES_TOLD = 20
UTF8_ACCENT = re.compile(rb"\xc3[\x80-\xbf]")


class ExtractError(Exception):
    """The file as a whole cannot be taken; the message is a French sentence for the clerk."""


class Row(NamedTuple):
    """A line of the file: its number (the header's is 1), its cells or a French fault, a remark."""

    number: int
    cells: list[str]
    fault: str = ""
    remark: str = ""


def encoding_of(file: BinaryIO) -> str:
    """`utf-8` when every byte of the file agrees with it, else `cp1252`. Leaves the file at its start."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    found = "utf-8"
    file.seek(0)
    try:
        while block := file.read(BLOCK_BYTES):
            decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        found = "cp1252"
    file.seek(0)
    if file.read(len(codecs.BOM_UTF8)) == codecs.BOM_UTF8:
        return "utf-8"
    file.seek(0)
    return found


def rows(file: BinaryIO) -> Iterator[Row]:
    """The lines of the file that are not blank, the header first. The file must be seekable."""
    encoding = encoding_of(file)
    for number, raw in _physical_lines(file):
        if raw is None:
            yield Row(number, [], "La ligne est trop longue pour être lue.")
        elif raw.strip():
            text, remark = _decode(raw, encoding)
            yield _cut(number, text)._replace(remark=remark)


def _physical_lines(file: BinaryIO) -> Iterator[tuple[int, bytes | None]]:
    """Numbered lines without their end; None for one that is too long, which is never held whole."""
    number = 0
    while raw := file.readline(LINE_BYTES):
        number += 1
        if len(raw) < LINE_BYTES or raw.endswith(b"\n"):
            yield number, raw.removesuffix(b"\n").removesuffix(b"\r")
            continue
        while (rest := file.readline(LINE_BYTES)) and not rest.endswith(b"\n"):
            pass
        yield number, None


def _decode(raw: bytes, encoding: str) -> tuple[str, str]:
    """The line's text, with a remark when it is in UTF-8 among lines that are not.

    One spoilt byte makes a whole file pass for cp1252: its accents must not all turn into « Ã© ».
    """
    if encoding == "cp1252" and UTF8_ACCENT.search(raw):
        with suppress(UnicodeDecodeError):
            return raw.decode("utf-8"), "ligne en UTF-8 dans un fichier qui ne l’est pas"
    return raw.decode(encoding, "surrogateescape"), ""


def _cut(number: int, line: str) -> Row:
    if '"' not in line:
        return Row(number, line.split(";"))
    try:
        return Row(number, next(csv.reader([line], delimiter=";", strict=True)))
    except csv.Error:
        return Row(number, [], "Un guillemet n’est pas refermé, ou un texte contient un retour à la ligne.")


def header_of(lines: Iterator[Row], expected: Sequence[str]) -> list[str]:
    """Take the header off the lines: the names of the columns in the file's own order.

    Raises ExtractError unless it holds each expected column once and no other.
    """
    row = next(lines, None)
    if row is None:
        raise ExtractError("Le fichier est vide.")
    try:
        found = [clean(cell)[0].lower() for cell in row.cells]
    except ValidationError:
        raise ExtractError("L’en-tête est illisible : le fichier n’est pas un CSV de texte.") from None
    times = Counter(found)
    missing = [name for name in expected if name not in times]
    unknown = [shown(name) for name in times if name not in expected]
    twice = [name for name in expected if times[name] > 1]
    faults = [
        f"{title} : {', '.join(names[:NAMES_TOLD])}"
        for title, names in (
            ("colonnes manquantes", missing),
            ("colonnes inconnues", unknown),
            ("colonnes en double", twice),
        )
        if names
    ]
    if row.fault or faults:
        raise ExtractError(row.fault or f"L’en-tête ne convient pas ; {' ; '.join(faults)}.")
    return found
