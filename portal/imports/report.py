"""What is told of an import: one row per line in a CSV file, and a summary per file."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

from portal.imports.disk import reason
from portal.imports.line import Line, State
from portal.spreadsheets import SheetWriter

FIRST_REFUSALS = 5
HEADER = ("fichier", "ligne", "état", "normalisé", "détail")


@dataclass
class Summary:
    """The outcome of one file: counts, the first refusals, and its fault when it was refused whole."""

    name: str
    counts: Counter[State] = field(default_factory=Counter)
    cleaned: int = 0
    refusals: list[tuple[int, str]] = field(default_factory=list)
    fault: str = ""

    @property
    def refused(self) -> bool:
        """Whether nothing of the file was kept."""
        return bool(self.fault or self.counts[State.REFUSED])

    def add(self, lines: Sequence[Line]) -> None:
        """Count lines whose state is settled."""
        for line in lines:
            if line.state is None:
                raise ValueError(f"{self.name}: nothing was said of line {line.number}.")
            self.counts[line.state] += 1
            self.cleaned += bool(line.cleaned)
            if line.refused and len(self.refusals) < FIRST_REFUSALS:
                self.refusals.append((line.number, line.detail))

    def sentence(self) -> str:
        """The counts in French, and whether the file was kept."""
        if self.fault:
            return f"Fichier refusé, rien n’en est gardé. {self.fault}"
        counts = self.counts
        told = (
            f"Lignes lues : {counts.total()}, créées : {counts[State.CREATED]}, "
            f"modifiées : {counts[State.CHANGED]}, identiques : {counts[State.SAME]}, "
            f"refusées : {counts[State.REFUSED]} ; dont normalisées : {self.cleaned}."
        )
        return f"Fichier refusé, rien n’en est gardé. {told}" if self.refused else told


def is_report(path: Path) -> bool:
    """Whether the file is the report of an earlier import."""
    start = ";".join(HEADER).encode(SheetWriter.ENCODING)
    try:
        if not path.is_file():
            return False
        with path.open("rb") as file:
            return file.read(len(start)) == start
    except OSError:
        return False


class ReportError(Exception):
    """The report's file cannot be written; the message is a French sentence."""


class Report:
    """The report's file, readable by its owner only since it quotes the extracts. A context manager."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> Self:
        try:
            descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        except OSError as error:
            raise self._unwritable(error) from error
        self._file = open(descriptor, "w", encoding=SheetWriter.ENCODING, newline="")
        self._sheet = SheetWriter(self._file)
        try:
            self._rows([HEADER])
        except ReportError:
            self._close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()

    def lines(self, name: str, lines: Sequence[Line]) -> None:
        """Write the settled lines of a file, and see them on the disk's way."""
        self._rows(
            [
                (name, str(line.number), str(line.state), " ; ".join(line.cleaned), line.detail)
                for line in lines
            ]
        )

    def outcome(self, name: str, sentence: str) -> None:
        """Write the row that closes a file, or says why it was not read."""
        self._rows([(name, "", "bilan", "", sentence)])

    def _rows(self, rows: Sequence[Sequence[str]]) -> None:
        try:
            for row in rows:
                self._sheet.row(row)
            self._file.flush()
        except OSError as error:
            raise self._unwritable(error) from error

    def _close(self) -> None:
        # Every row was flushed when it was written: what closing cannot write was told already.
        with suppress(OSError):
            self._file.close()

    def _unwritable(self, error: OSError) -> ReportError:
        return ReportError(f"Le rapport {self._path} ne peut pas être écrit : {reason(error)}.")
