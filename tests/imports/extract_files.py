"""Small extracts as the back office writes them, clean or spoilt, and reading the report back."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from pathlib import Path

from django.core.management import CommandError, call_command
from stdnum import luhn

from tests import factories

COLUMNS = {
    "cabinets.csv": "siret;nom;courriel",
    "adherents.csv": (
        "numero_adherent;raison_sociale;siren;forme_juridique;activite;masse_salariale;date_adhesion;gerant_nom;"
        "gerant_prenom;adresse1;adresse2;code_postal;ville;telephone;courriel;cabinet_siret"
    ),
    "sites.csv": (
        "identifiant_cibtp;numero_adherent;siret;nom_site;adresse1;adresse2;code_postal;ville;date_fermeture"
    ),
    "salaries.csv": (
        "identifiant_cibtp;matricule;nir;nom;prenom;date_naissance;college;metier;classification;"
        "date_embauche;date_sortie;taux_horaire;heures_deux_mois;jours_intemperies_annee;conges_acquis;iban_connu"
    ),
    "remboursements.csv": "identifiant_cibtp;campagne;college;etat;periode;montant",
}
FORMULA = '=HYPERLINK("http://x")'
Row = Mapping[str, str]


def siren(number: int) -> str:
    """A SIREN with a right key."""
    body = f"{40_000_000 + number:08}"
    return body + luhn.calc_check_digit(body)


def siret(number: int, establishment: int = 1) -> str:
    """A SIRET with a right key."""
    body = siren(number) + f"{establishment:04}"
    return body + luhn.calc_check_digit(body)


def wrong_key(identifier: str) -> str:
    """The identifier with its last digit changed."""
    return identifier[:-1] + str((int(identifier[-1]) + 1) % 10)


def cabinet(number: int, **changes: str) -> dict[str, str]:
    """A line of cabinets.csv."""
    line = {"siret": siret(900 + number), "nom": f"CABINET LEFÈVRE {number}"}
    return {**line, "courriel": f"contact@cabinet{number}.example", **changes}


def adherent(number: int, **changes: str) -> dict[str, str]:
    """A line of adherents.csv, without an accounting firm."""
    return {
        "numero_adherent": f"{number:05}",
        "raison_sociale": f"MAÇONNERIE {number}",
        "siren": siren(number),
        "forme_juridique": "SARL",
        "activite": "GO",
        "masse_salariale": "123456,78",
        "date_adhesion": "28/02/2001",
        "gerant_nom": "ŒUVRARD",
        "gerant_prenom": "Zoé",
        "adresse1": "12 RUE DE L'ÉGLISE",
        "adresse2": "",
        "code_postal": "01000",
        "ville": "BOURG-EN-BRESSE",
        "telephone": "03 83 12 34 56",
        "courriel": f"contact@adherent{number}.example",
        "cabinet_siret": "",
        **changes,
    }


def site(number: int, rank: int = 1, **changes: str) -> dict[str, str]:
    """A line of sites.csv for the company of that number."""
    return {
        "identifiant_cibtp": f"{number:05}-{rank:03}-{number % 97 or 97:02}",
        "numero_adherent": f"{number:05}",
        "siret": siret(number, rank),
        "nom_site": "SIÈGE",
        "adresse1": "12 RUE DE L'ÉGLISE",
        "adresse2": "",
        "code_postal": "01000",
        "ville": "BOURG-EN-BRESSE",
        "date_fermeture": "",
        **changes,
    }


def employee(number: int, matricule: int = 1, **changes: str) -> dict[str, str]:
    """A line of salaries.csv for the first site of the company of that number."""
    return {
        "identifiant_cibtp": site(number)["identifiant_cibtp"],
        "matricule": f"{matricule:04}",
        "nir": factories.nir(number * 100 + matricule),
        "nom": "D'ARC-VALLON",
        "prenom": "Loïc",
        "date_naissance": "28/02/1980",
        "college": "OUVRIER",
        "metier": "018",
        "classification": "N2P1",
        "date_embauche": "02/03/2015",
        "date_sortie": "",
        "taux_horaire": "14,50",
        "heures_deux_mois": "303,34",
        "jours_intemperies_annee": "3",
        "conges_acquis": "22,50",
        "iban_connu": "O",
        **changes,
    }


def refund(number: int, **changes: str) -> dict[str, str]:
    """A line of remboursements.csv for the first site of the company of that number."""
    return {
        "identifiant_cibtp": site(number)["identifiant_cibtp"],
        "campagne": "2024-2025",
        "college": "OUVRIER",
        "etat": "DEFINITIF",
        "periode": "03/2025",
        "montant": "1234,56",
        **changes,
    }


def text_of(name: str, lines: Iterable[Row | str]) -> str:
    """The text of a file: rows as a CSV writer quotes them, ready-made lines as they are."""
    out = io.StringIO()
    header = COLUMNS[name].split(";")
    out.write(";".join(header) + "\r\n")
    for line in lines:
        if isinstance(line, str):
            out.write(line + "\r\n")
        else:
            csv.writer(out, delimiter=";", lineterminator="\r\n").writerow(
                [line[column] for column in header]
            )
    return out.getvalue()


def write(folder: Path, name: str, lines: Iterable[Row | str], encoding: str = "cp1252") -> Path:
    """Write one extract."""
    path = folder / name
    path.write_bytes(text_of(name, lines).encode(encoding))
    return path


def cut_short(name: str, line: Row) -> str:
    """The line without its last two columns."""
    return text_of(name, [line]).splitlines()[1].rsplit(";", 2)[0]


def run(folder: Path, **options: object) -> str:
    """Import the folder, which must succeed; return what the command said."""
    out = io.StringIO()
    call_command("import_extracts", folder, stdout=out, **options)
    return out.getvalue()


def run_refused(folder: Path, **options: object) -> str:
    """Import the folder, which must fail in French; return what the command said, the failure last."""
    out = io.StringIO()
    try:
        call_command("import_extracts", folder, stdout=out, **options)
    except CommandError as error:
        return f"{out.getvalue()}{error}"
    raise AssertionError(f"Nothing was refused: {out.getvalue()}")


def report_of(folder: Path, name: str = "") -> list[dict[str, str]]:
    """The rows of the folder's report, of one file if named."""
    with (folder / "rapport-import.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    return [row for row in rows if name in {"", row["fichier"]}]


def states_of(folder: Path, name: str) -> dict[int, str]:
    """The state of each line of a file, by its number."""
    return {int(row["ligne"]): row["état"] for row in report_of(folder, name) if row["ligne"]}


def detail_of(folder: Path, name: str, number: int) -> str:
    """What the report says of one line."""
    return next(row["détail"] for row in report_of(folder, name) if row["ligne"] == str(number))
