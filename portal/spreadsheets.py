"""Lists that leave the portal: cells that no spreadsheet runs, whoever wrote the text they hold (R65)."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any, TextIO

from django.db.models import TextChoices
from django.http import HttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

FORMULA_STARTS = frozenset("=+-@\t\r\n\0")
NEGATIVE_NUMBER = re.compile(r"-[0-9][0-9 \u00a0\u202f]*(?:[.,][0-9]+)?", re.ASCII)
LONGEST_CELL = 32_767  # what Excel takes
NARROWEST, WIDEST = 10, 40  # characters
UNREADABLE = "\ufffd"

Cell = str | int | Decimal | dt.date | dt.datetime | None


class SheetFormat(TextChoices):
    """What a list may leave as."""

    XLSX = "xlsx", "Excel"
    CSV = "csv", "CSV"


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


def attachment(
    name: str, heads: Sequence[str], rows: Iterable[Sequence[Cell]], sheet_format: SheetFormat
) -> HttpResponse:
    """A list as a file to keep, called `name` (without its ending): its heads, then its rows.

    Texts are neutralised; numbers and days stay what they are, written in French in a CSV. The rows are
    held in memory: a list that may hold more than some thousands is made in a task.
    """
    write = _workbook if sheet_format is SheetFormat.XLSX else _text
    kind = {
        SheetFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        SheetFormat.CSV: "text/csv; charset=utf-8",
    }[sheet_format]
    response = HttpResponse(write(heads, rows), content_type=kind)
    file_name = f"{name}.{sheet_format.value}"
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=file_name)
    return response


# --- CSV ----------------------------------------------------------------------------------------------


def _text(heads: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    out = io.StringIO(newline="")
    sheet = SheetWriter(out)
    sheet.row(heads)
    for row in rows:
        sheet.row(map(_in_french, row))
    return out.getvalue().encode(SheetWriter.ENCODING)


def _in_french(cell: Cell) -> str:
    if isinstance(cell, dt.datetime):
        return f"{_local(cell):%d/%m/%Y %H:%M:%S}"
    if isinstance(cell, dt.date):
        return f"{cell:%d/%m/%Y}"
    if isinstance(cell, Decimal):
        return f"{cell:f}".replace(".", ",")
    return "" if cell is None else str(cell)


# --- As the back office writes its own extracts --------------------------------------------------------

EXTRACT_ENCODING = "cp1252"
LIKE = str.maketrans(
    {"\u202f": "\u00a0", "\u2010": "-", "\u2011": "-", "\u2212": "-", "\u2032": "'", "\u2033": '"'}
    | {"Ł": "L", "ł": "l", "Đ": "D", "đ": "d", "Ħ": "H", "ħ": "h", "ı": "i", "ẞ": "SS", "→": "->", "≥": ">="}
    | {"ĸ": "k", "Ŋ": "N", "ŋ": "n", "Ŧ": "T", "ŧ": "t", "≤": "<=", "≠": "<>", "⌀": "Ø", "∅": "Ø"}
)


def extract(heads: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """The bytes of a CSV for the caisse's own software: cp1252, every cell neutralised."""
    out = io.StringIO(newline="")
    sheet = SheetWriter(out)
    sheet.row(heads)
    for row in rows:
        sheet.row(in_cp1252(_in_french(cell)) for cell in row)
    return out.getvalue().encode(EXTRACT_ENCODING)


def in_cp1252(text: str) -> str:
    """The text in letters that cp1252 has: the nearest ones, else « ? »; on one line."""
    if text.isascii() and text.isprintable():
        return text
    composed = unicodedata.normalize("NFC", text).translate(LIKE)
    return "".join(map(_cp1252_letter, " ".join(composed.splitlines())))


def _cp1252_letter(char: str) -> str:
    if unicodedata.category(char) == "Cc":
        return " "
    if _in_encoding(char):
        return char
    if unicodedata.category(char) in {"Cf", "Mn"}:
        return ""
    parts = unicodedata.normalize("NFKD", char)
    plain = "".join(part for part in parts if not unicodedata.combining(part))
    return plain if _in_encoding(plain) else "?"


def _in_encoding(text: str) -> bool:
    try:
        return bool(text.encode(EXTRACT_ENCODING))
    except UnicodeEncodeError:
        return False


# --- XLSX ---------------------------------------------------------------------------------------------


def _workbook(heads: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    book = Workbook(write_only=True)
    sheet: Any = book.create_sheet("Liste")
    sheet.freeze_panes = "A2"
    kept = list(rows)
    for place, width in enumerate(_widths(heads, kept), 1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    sheet.append([_bold(sheet, head) for head in heads])
    for row in kept:
        sheet.append([_native(sheet, cell) for cell in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _widths(heads: Sequence[str], rows: Sequence[Sequence[Cell]]) -> Iterator[int]:
    for place, head in enumerate(heads):
        longest = max([len(head), *(len(_in_french(row[place])) for row in rows)])
        yield min(max(longest + 2, NARROWEST), WIDEST)


def _bold(sheet: Any, head: str) -> Any:
    cell = WriteOnlyCell(sheet, value=_inert(head))
    cell.font = Font(bold=True)
    return cell


def _native(sheet: Any, cell: Cell) -> Any:
    if isinstance(cell, str):
        return _inert(cell)
    value: Any = _local(cell) if isinstance(cell, dt.datetime) else cell
    made = WriteOnlyCell(sheet, value=value)
    if isinstance(cell, dt.datetime):
        made.number_format = "dd/mm/yyyy hh:mm:ss"
    elif isinstance(cell, dt.date):
        made.number_format = "dd/mm/yyyy"
    elif isinstance(cell, Decimal):
        made.number_format = "#,##0.00"
    return made


def _inert(text: str) -> str:
    """What Excel takes as a text and nothing else: an XML file holds no control character."""
    return ILLEGAL_CHARACTERS_RE.sub(UNREADABLE, neutralise(text))[:LONGEST_CELL]


def _local(moment: dt.datetime) -> dt.datetime:
    """The moment as a clock in Paris shows it: a sheet knows no time zone."""
    return timezone.make_naive(moment) if timezone.is_aware(moment) else moment
