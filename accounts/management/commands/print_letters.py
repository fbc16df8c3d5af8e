"""`manage.py print_letters DIR [--site ID …]`: print the letters that open a space."""

from __future__ import annotations

import getpass
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from accounts.letters import CODES_FILE, WELCOME_FILE, LettersRefused, Printing, counted, print_letters
from adherents.models import Site
from portal.identifiers import parse_cibtp_id
from portal.pdf.compiling import CompilationFailed
from portal.pdf.joining import NotJoinable


class Command(BaseCommand):
    """Writes two PDFs, never a code elsewhere; refuses rather than print a part."""

    help = "Imprime les courriers de bienvenue et les courriers informatiques, dans l’ordre postal."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The folder, and the sites when not all that wait."""
        parser.add_argument("dossier", type=Path, help=f"où écrire {WELCOME_FILE} et {CODES_FILE}")
        parser.add_argument(
            "--site",
            nargs="+",
            action="extend",
            metavar="IDENTIFIANT",
            help="seulement ces sites ; un code encore valable est remplacé",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Print, then say in French what was printed and what to do with it."""
        folder: Path = options["dossier"]
        sites = _sites(options["site"]) if options["site"] else None
        try:
            printing = print_letters(folder=folder, sites=sites, printed_by=_person())
        except LettersRefused as error:
            raise CommandError(str(error)) from None
        except OSError as error:
            raise CommandError(
                f"Impossible d’écrire dans {folder} ({error.strerror}) : rien n’a été imprimé."
            ) from None
        except (CompilationFailed, NotJoinable) as error:
            raise CommandError(f"La mise en page a échoué ({error}) : rien n’a été imprimé.") from None
        self._report(printing, folder)

    def _report(self, printing: Printing, folder: Path) -> None:
        if printing.without_address:
            waiting = ", ".join(printing.without_address)
            self.stderr.write(f"Sans adresse postale complète, donc toujours en attente : {waiting}")
        if printing.batch is None:
            self.stdout.write("Aucun courrier à imprimer.")
            return
        self.stdout.write(f"{counted(printing.count)}, dans l’ordre postal :")
        self.stdout.write(f"  {folder / WELCOME_FILE}")
        self.stdout.write(f"  {folder / CODES_FILE}")
        self.stdout.write(
            "La même page des deux fichiers s’adresse au même site : deux enveloppes distinctes."
        )
        self.stdout.write(
            f"{CODES_FILE} contient les codes en clair : supprimez-le dès que les courriers sont postés."
        )


def _sites(typed: list[str]) -> list[Site]:
    try:
        wanted = {parse_cibtp_id(text) for text in typed}
    except ValidationError as error:
        raise CommandError(" ".join(error.messages)) from None
    sites = list(Site.objects.filter(cibtp_id__in=wanted))
    unknown = sorted(wanted - {site.cibtp_id for site in sites})
    if unknown:
        raise CommandError(f"Site inconnu : {', '.join(unknown)}. Rien n’a été imprimé.")
    return sites


def _person() -> str:
    try:
        return f"Commande print_letters ({getpass.getuser()})"
    except (KeyError, OSError, ImportError):  # a container without that user's name
        return "Commande print_letters"
