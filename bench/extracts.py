"""Invented extracts of a back office, of any size: the three files that the portal takes today."""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator
from pathlib import Path

from stdnum import luhn

Row = tuple[str, ...]

SITES_PER_FIRM = 25
SITES_OF_A_COMPANY = (1, 1, 1, 2, 3)
SHARE_WITH_A_FIRM = 0.7
FIRST_NUMBER = 20_000
TRADES = ("MAÇONNERIE", "CHARPENTES", "COUVERTURE", "PLÂTRERIE", "ÉLECTRICITÉ", "ÉTANCHÉITÉ", "FAÇADES")
FAMILIES = ("MEYER", "LEFÈVRE", "D'ARC-VALLON", "BÉGUIN", "ŒUVRARD", "LE GOFF", "PRÉVÔT", "BENALI", "CÔME")
FIRST_NAMES = (
    *("Zoé", "Loïc", "Anaïs", "Jean-Noël", "Fatima", "Élise", "Mehmet", "Maëlle", "José", "Inès", "Hugo"),
    *("Françoise", "Aïcha", "Paul", "Yann", "Léa", "Théo", "Chloé", "Raphaël", "Gaëlle", "Bruno", "Nadia"),
)
TOWNS = (
    ("57000", "METZ"),
    ("67000", "STRASBOURG"),
    ("54000", "NANCY"),
    ("71000", "MÂCON"),
    ("10000", "TROYES"),
)
HEADS: dict[str, Row] = {
    "cabinets.csv": ("siret", "nom", "courriel"),
    "adherents.csv": (
        "numero_adherent", "raison_sociale", "siren", "forme_juridique", "activite", "masse_salariale",
        "date_adhesion", "gerant_nom", "gerant_prenom", "adresse1", "adresse2", "code_postal", "ville",
        "telephone", "courriel", "cabinet_siret",
    ),
    "sites.csv": (
        "identifiant_cibtp", "numero_adherent", "siret", "nom_site", "adresse1", "adresse2", "code_postal",
        "ville", "date_fermeture",
    ),
}  # fmt: skip


def siren(number: int) -> str:
    """The n-th invented SIREN, with its key."""
    body = f"{30_000_000 + number:08}"
    return body + luhn.calc_check_digit(body)


def siret(of_siren: str, number: int) -> str:
    """The n-th SIRET of that SIREN, with its key."""
    body = f"{of_siren}{number:04}"
    return body + luhn.calc_check_digit(body)


def tables(sites: int) -> dict[str, list[Row]]:
    """The rows of each file: always the same ones for the same number of sites."""
    chance = random.Random(sites)  # noqa: S311  invented names, no secret
    firms = list(_firms(max(2, sites // SITES_PER_FIRM), chance))
    companies: list[Row] = []
    found: list[Row] = []
    while len(found) < sites:
        company = _company(len(companies), firms, chance)
        companies.append(company)
        count = min(chance.choice(SITES_OF_A_COMPANY), sites - len(found))
        found += [_site(company, place, chance) for place in range(1, count + 1)]
    return {"cabinets.csv": firms, "adherents.csv": companies, "sites.csv": found}


def write(folder: Path, sites: int) -> int:
    """Write the three files into a folder; the number of lines, heads left out. Raises OSError."""
    rows_of = tables(sites)
    for name, rows in rows_of.items():
        with (folder / name).open("w", encoding="cp1252", newline="") as file:
            csv.writer(file, delimiter=";", lineterminator="\r\n").writerows([HEADS[name], *rows])
    return sum(len(rows) for rows in rows_of.values())


def _firms(count: int, chance: random.Random) -> Iterator[Row]:
    for number in range(count):
        name = f"CABINET {chance.choice(FAMILIES)} & ASSOCIÉS"
        yield siret(siren(5_000_000 + number), 1), name, f"contact@cabinet{number}.example"


def _company(place: int, firms: list[Row], chance: random.Random) -> Row:
    number, family = f"{FIRST_NUMBER + place:05}", chance.choice(FAMILIES)
    first_name = chance.choice(FIRST_NAMES)
    return (
        number,
        f"{chance.choice(TRADES)} {family} {first_name.upper()}",
        siren(place),
        chance.choice(("SA", "SAS", "SARL", "EURL", "SCOP", "EI")),
        chance.choice(("GO", "SO", "TP")),
        f"{chance.randrange(40_000, 2_000_000)},{chance.randrange(100):02}",
        f"{chance.randrange(1, 29):02}/{chance.randrange(1, 13):02}/{chance.randrange(1990, 2023)}",
        family,
        first_name,
        f"{chance.randrange(1, 200)} RUE DE L'ÉGLISE",
        "",
        *chance.choice(TOWNS),
        f"03 {chance.randrange(10, 99)} 00 {chance.randrange(10, 99)} 00",
        f"contact@adherent{number}.example",
        chance.choice(firms)[0] if chance.random() < SHARE_WITH_A_FIRM else "",
    )


def _site(company: Row, place: int, chance: random.Random) -> Row:
    number, town = company[0], chance.choice(TOWNS)
    return (
        f"{number}-{place:03}-{int(number) % 97 or 97:02}",
        number,
        siret(company[2], place),
        "SIÈGE" if place == 1 else f"AGENCE DE {town[1]}",
        f"{chance.randrange(1, 200)} RUE DE L'ÉGLISE",
        "",
        *town,
        "",
    )
