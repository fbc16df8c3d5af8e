"""`manage.py import_extracts DIR`: take the back office's extracts."""

from __future__ import annotations

from argparse import ArgumentParser
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from portal.imports.cleaning import printable
from portal.imports.report import ReportError, Summary
from portal.imports.running import REPORT_NAME, FolderError, Outcome, import_folder


class Command(BaseCommand):
    """Reads the files that the apps registered; fails when one of them is refused."""

    help = "Reprend les extraits CSV du système de gestion, chaque fichier en entier ou pas du tout."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The folder, a trial run, and where the report goes."""
        parser.add_argument("dossier", type=Path, help="le dossier qui contient les extraits")
        parser.add_argument("--dry-run", action="store_true", help="tout vérifier sans rien garder")
        parser.add_argument(
            "--report", type=Path, help=f"le rapport, ligne par ligne (sinon {REPORT_NAME} dans le dossier)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Import, then say in French what became of each file."""
        directory: Path = options["dossier"]
        report: Path = options["report"] or directory / REPORT_NAME
        dry_run: bool = options["dry_run"]
        try:
            outcome = import_folder(directory, report_path=report, dry_run=dry_run, tell=self._tell)
        except (FolderError, ReportError) as error:
            raise CommandError(printable(str(error))) from None
        except DatabaseError as error:
            raise CommandError(
                f"La base de données n’est pas disponible ({type(error).__name__}) : rien n’a été repris."
            ) from None
        self._close(outcome, report, dry_run)

    def _tell(self, summary: Summary) -> None:
        self._say(f"{summary.name} : {summary.sentence()}")
        for number, reason in summary.refusals:
            self._say(f"  ligne {number} : {reason}")

    def _close(self, outcome: Outcome, report: Path, dry_run: bool) -> None:
        for name in outcome.absent:
            self._say(f"{name} : absent du dossier")
        for name in outcome.unknown:
            self._say(f"{name} : fichier pas encore repris, ignoré")
        if dry_run:
            self._say("Essai à blanc : rien n’a été gardé.")
        self._say(f"Rapport ligne par ligne : {report}")
        if outcome.refused:
            raise CommandError(f"Fichiers refusés : {', '.join(outcome.refused)}. Rien n’en a été gardé.")

    def _say(self, text: str) -> None:
        with suppress(BrokenPipeError):  # nobody reads on: the report tells the same
            self.stdout.write(printable(text))
