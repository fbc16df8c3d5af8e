"""An import from end to end: the files of a folder in order, each of them whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TypeVar

from django.db import DatabaseError, transaction

from portal.imports import registry
from portal.imports.cleaning import shown
from portal.imports.disk import reason
from portal.imports.extract import Extract
from portal.imports.line import line_from
from portal.imports.reading import ExtractError, header_of, rows
from portal.imports.report import Report, Summary, is_report
from portal.imports.storing import Key, keep

BATCH = 500  # lines that are read, compared and written together
REPORT_NAME = "rapport-import.csv"

T = TypeVar("T")


class FolderError(Exception):
    """Nothing can be read at all; the message is a French sentence."""


@dataclass
class Outcome:
    """What an import did: a summary per file read, the known files not there, the files not known."""

    summaries: list[Summary]
    absent: list[str]
    unknown: list[str]

    @property
    def refused(self) -> list[str]:
        """The files of which nothing was kept."""
        return [summary.name for summary in self.summaries if summary.refused]


def import_folder(
    directory: Path, *, report_path: Path, dry_run: bool, tell: Callable[[Summary], None]
) -> Outcome:
    """Read the extracts of a folder, parents first, calling `tell` as each file is settled.

    Each file is kept whole or not at all; with `dry_run` the same is done, each file seeing what
    the earlier ones would have brought, then everything is rolled back. Raises FolderError,
    ReportError, or DatabaseError when the database is away.
    """
    present = _files_of(directory)
    known = {extract.name: extract for extract in registry.in_order()}
    outcome = Outcome([], [name for name in known if name not in present], sorted(set(present) - set(known)))
    if len(outcome.absent) == len(known):
        expected = ", ".join(known)
        raise FolderError(f"Le dossier {directory} ne contient aucun des fichiers attendus : {expected}.")
    if os.path.realpath(report_path) in map(os.path.realpath, present.values()):
        raise FolderError(f"Le rapport ne peut pas prendre la place d’un extrait : {report_path}.")
    with Report(report_path) as report, _rolled_back_if(dry_run):
        for name, extract in known.items():
            if name in present:
                summary = _import_file(extract, present[name], report)
                report.outcome(name, summary.sentence())
                tell(summary)
                outcome.summaries.append(summary)
    return outcome


def _files_of(directory: Path) -> dict[str, Path]:
    """The CSV files of the folder by name in small letters, but for earlier reports."""
    found: dict[str, Path] = {}
    try:
        paths = sorted(directory.iterdir())
    except OSError as error:
        raise FolderError(f"Le dossier {directory} ne peut pas être lu : {reason(error)}.") from error
    for path in paths:
        name = path.name.lower()
        if not name.endswith(".csv") or name == REPORT_NAME or is_report(path):
            continue
        if name in found:
            raise FolderError(f"Le dossier contient deux fichiers {shown(name)} : laissez-en un.")
        found[name] = path
    return found


@contextmanager
def _rolled_back_if(dry_run: bool) -> Iterator[None]:
    if not dry_run:
        yield
        return
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def _import_file(extract: Extract, path: Path, report: Report) -> Summary:
    """Read one file in a transaction of its own; whatever is wrong with it is told in the summary."""
    summary = Summary(extract.name)
    try:
        with transaction.atomic():
            _import_lines(extract, path, report, summary)
            if summary.refused:
                transaction.set_rollback(True)
    except ExtractError as error:
        summary.fault = str(error)
    except OSError as error:
        summary.fault = f"Le fichier ne peut pas être lu : {reason(error)}."
    except DatabaseError as error:
        # The error's own text may quote what the file holds: only its kind is told.
        summary.fault = (
            f"La base de données n’a pas pu le garder ({type(error).__name__}) : "
            "vérifiez qu’elle est disponible et à jour, puis relancez."
        )
    return summary


def _import_lines(extract: Extract, path: Path, report: Report, summary: Summary) -> None:
    if not path.is_file():
        raise ExtractError("Ce n’est pas un fichier.")
    seen: dict[Key, int] = {}
    with path.open("rb") as file:
        source = rows(file)
        columns = [extract.bound[name] for name in header_of(source, list(extract.bound))]
        for batch in _batches(source):
            lines = [line_from(row, extract, columns) for row in batch]
            keep(extract, lines, seen)
            summary.add(lines)
            report.lines(extract.name, lines)


def _batches(items: Iterable[T]) -> Iterator[list[T]]:
    iterator = iter(items)
    while batch := list(islice(iterator, BATCH)):
        yield batch
