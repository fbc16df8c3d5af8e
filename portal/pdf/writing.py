"""Writing a PDF object by object: only the offsets stay in memory (ISO 32000-1, 7.5)."""

from __future__ import annotations

from array import array
from io import BytesIO
from typing import Any, BinaryIO

from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    IndirectObject,
    NameObject,
    NumberObject,
    PdfObject,
    StreamObject,
)

HEADER = b"%PDF-1.7\n%\x80\x80\x80\x80\n"


class ObjectFile:
    """A PDF being written to a binary file: reserve numbers, write objects in any order, then close."""

    def __init__(self, target: BinaryIO) -> None:
        self._target = target
        self._offsets = array("Q")
        self._position = 0
        self._put(HEADER)

    def reserve(self) -> int:
        """A new object number; its object must be written before `close`."""
        self._offsets.append(0)
        return len(self._offsets)

    def write(self, number: int, value: PdfObject) -> None:
        """Write the object that bears a reserved number."""
        self._offsets[number - 1] = self._position
        self._put(b"%d 0 obj\n%s\nendobj\n" % (number, _bytes(value)))

    def add(self, value: PdfObject) -> int:
        """Write an object under a new number, which is returned."""
        number = self.reserve()
        self.write(number, value)
        return number

    def close(self, **trailer: Any) -> None:
        """Write the cross-reference table and the trailer with these keys. The target stays open."""
        start = self._position
        self._put(b"xref\n0 %d\n0000000000 65535 f \n" % (len(self._offsets) + 1))
        for offset in self._offsets:
            self._put(b"%010d 00000 n \n" % offset)
        entries = _bytes(dictionary(Size=len(self._offsets) + 1, **trailer))
        self._put(b"trailer\n%s\nstartxref\n%d\n%%%%EOF\n" % (entries, start))

    def _put(self, content: bytes) -> None:
        self._target.write(content)
        self._position += len(content)


def reference(number: int) -> IndirectObject:
    """`number 0 R`."""
    return IndirectObject(number, 0, None)


def references(numbers: list[int]) -> ArrayObject:
    """`[a 0 R b 0 R …]`."""
    return ArrayObject(reference(number) for number in numbers)


def dictionary(**entries: str | int | PdfObject) -> DictionaryObject:
    """A PDF dictionary; a `str` becomes a name, an `int` a number."""
    made = DictionaryObject()
    for key, value in entries.items():
        made[NameObject(f"/{key}")] = _pdf(value)
    return made


def _pdf(value: str | int | PdfObject) -> PdfObject:
    if isinstance(value, PdfObject):
        return value
    return NameObject(f"/{value}") if isinstance(value, str) else NumberObject(value)


def _bytes(value: PdfObject) -> bytes:
    buffer = BytesIO()
    value.write_to_stream(buffer)
    written = buffer.getvalue()
    if isinstance(value, StreamObject):
        # Data that end with a carriage return would make one line end with pypdf's line feed (PDF/A 6.1.7.1).
        return written.removesuffix(b"\nendstream") + b"\r\nendstream"
    return written
