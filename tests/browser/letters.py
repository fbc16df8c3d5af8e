"""Sites of a caisse's own extract, their printed letters read back, for the journeys."""

from __future__ import annotations

import csv
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tests.embedded_portal import EmbeddedPortal
from tests.imports.extract_files import adherent, cabinet, site, write


@dataclass(frozen=True)
class Pair:
    """What page n of both files says, and the SIRET that the company knows."""

    cibtp_id: str
    code: str
    siret: str
    text: str


def write_extract(folder: Path, *, first: int, sites: int) -> None:
    """Write the three files for as many sites, two a company, of companies numbered from `first`."""
    folder.mkdir(parents=True)
    companies = range(first, first + sites // 2)
    firm = cabinet(1)
    write(folder, "cabinets.csv", [firm])
    write(folder, "adherents.csv", [adherent(n, cabinet_siret=firm["siret"]) for n in companies])
    write(folder, "sites.csv", [site(n, rank) for n in companies for rank in (1, 2)])


def sirets_of(folder: Path) -> dict[str, str]:
    """SIRET by identifier, as the extract's sites say."""
    with (folder / "sites.csv").open(encoding="cp1252", newline="") as file:
        return {row["identifiant_cibtp"]: row["siret"] for row in csv.DictReader(file, delimiter=";")}


def pages_of(path: Path) -> list[str]:
    """The text of each page, as pdftotext gives it."""
    text = subprocess.run(["pdftotext", str(path), "-"], capture_output=True, text=True, check=True).stdout
    return text.split("\f")[:-1]


def printed_pairs(folder: Path, sirets: dict[str, str]) -> list[Pair]:
    """Identifier and code paired by page."""
    pairs = []
    for welcome, code in zip(pages_of(folder / "bienvenue.pdf"), pages_of(folder / "codes.pdf"), strict=True):
        identifier = re.search(r"Votre identifiant CIBTP\s*: (\d{5}-\d{3}-\d{2})", welcome)
        secret = re.search(r"Votre code confidentiel\s*: ([A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{2})", code)
        assert identifier
        assert secret
        assert secret.group(1) not in welcome
        cibtp_id = identifier.group(1)
        assert cibtp_id not in code
        assert sirets[cibtp_id] not in code.replace(" ", "").replace("\u00a0", "")
        pairs.append(Pair(cibtp_id, secret.group(1), sirets[cibtp_id], code))
    return pairs


def imported_and_printed(portal: EmbeddedPortal, extract: Path, letters: Path) -> list[Pair]:
    """Import an extract, import it again, print its letters, and read them back."""
    sirets = sirets_of(extract)
    portal.manage("import_extracts", str(extract))
    again = portal.manage("import_extracts", str(extract))
    assert f"identiques\u00a0: {len(sirets)}," in again
    wanted = [part for cibtp_id in sirets for part in ("--site", cibtp_id)]
    portal.manage("print_letters", str(letters), *wanted)
    return printed_pairs(letters, sirets)
