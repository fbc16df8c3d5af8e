"""An invented caisse: three employers, a firm, one member of staff; made by the portal's own verbs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.management import call_command
from django.db import transaction
from pypdf import PdfReader

from accounts.letters import print_letters
from accounts.models import ProvisionalCode, User
from adherents.models import Site
from delegations.granting import name_administrator
from portal import clock
from portal.origin import COMMAND

EXTRACTS = Path(__file__).parent / "extracts"
UNOPENED = "29209"
STAFF = ("staff@caisse-demo.example", "Compagnon-Staff-26")


@dataclass(frozen=True)
class DemoEmployer:
    """Who administers which adhérent in the demo, and with what password."""

    number: str
    email: str
    password: str
    first_name: str
    last_name: str


EMPLOYERS = (
    DemoEmployer("30417", "loic.perrin@perrin-batiment.example", "Truelle-Bleue-26", "Loïc", "Perrin"),
    DemoEmployer("31520", "anais@couverture-lefevre.example", "Ardoise-Fine-26", "Anaïs", "Lefèvre"),
)


def is_loaded() -> bool:
    """Whether this database holds a caisse already: a second start keeps the data."""
    return Site.objects.exists() or User.objects.exists()


def load() -> None:
    """Import the extracts, open two employers' spaces, print the letters of the third."""
    report = settings.VAR_DIR / "rapport-import-demo.csv"
    call_command("import_extracts", str(EXTRACTS), report=str(report), stdout=StringIO())
    User.objects.create_superuser(STAFF[0], STAFF[1], last_name="Dubois", first_name="Camille")
    for employer in EMPLOYERS:
        open_for(employer)
    folder = settings.VAR_DIR / "letters"
    print_letters(
        folder=folder, sites=Site.objects.filter(adherent__number=UNOPENED), printed_by="Démonstration"
    )


@transaction.atomic
def open_for(employer: DemoEmployer) -> None:
    """Make the employer an activated Administrateur of every site of his company."""
    user = User.objects.create(
        email=employer.email,
        password=make_password(employer.password),
        first_name=employer.first_name,
        last_name=employer.last_name,
        is_active=True,
        email_certified_at=clock.now(),
    )
    for site in Site.objects.filter(adherent__number=employer.number).select_related("adherent"):
        name_administrator(site=site, user=user, origin=COMMAND)


def printed_code() -> str:
    """The code on the demo's only code letter, read from the PDF as its addressee would; or empty."""
    letter = settings.VAR_DIR / "letters" / "codes.pdf"
    if not letter.exists():
        return ""
    found = re.search(r"[A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{2}", PdfReader(letter).pages[0].extract_text())
    return found.group() if found else ""


def guide() -> str:
    """Who can sign in with what at first, and the letters' data of the employer not opened yet."""
    lines = ["Pour se connecter :"]
    for employer in EMPLOYERS:
        count = Site.objects.filter(adherent__number=employer.number).count()
        sites = "1 site" if count == 1 else f"{count} sites"
        lines.append(f"  employeur ({sites})  {employer.email}  {employer.password}")
    lines.append(f"  agent de la caisse   {STAFF[0]}  {STAFF[1]}")
    unopened = Site.objects.select_related("adherent").filter(adherent__number=UNOPENED).first()
    code = printed_code()
    if unopened and code and ProvisionalCode.objects.live().filter(site=unopened).exists():
        lines += [
            "",
            f"Pour ouvrir un espace ({unopened.adherent.company_name}, jamais ouvert) :",
            f"  Identifiant CIBTP    {unopened.cibtp_id}",
            f"  Numéro de SIRET      {unopened.siret}",
            f"  Code confidentiel    {code}",
            f"  Ses deux courriers   {settings.VAR_DIR / 'letters'}",
        ]
    return "\n".join(lines)
