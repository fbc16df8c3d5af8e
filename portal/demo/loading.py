"""An invented caisse: three employers, a firm, one member of staff; made by the portal's own verbs."""

from __future__ import annotations

import base64
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
from accounts.models import Factor, FactorKind, ProvisionalCode, User
from adherents.models import Site
from contact import terms
from delegations.giving import name_administrator
from portal import clock
from portal.demo.rights import PEOPLE, share
from portal.origin import COMMAND
from portal.second_factor import seeds, totp

EXTRACTS = Path(__file__).parent / "extracts"
UNOPENED = "29209"
STAFF = ("staff@caisse-demo.example", "Compagnon-Staff-26")
# Of the demo alone, and printed at each start, so that whoever tries it can sign in as staff.
STAFF_SEED = base64.b32decode("DEMOCAISSECONGESINTEMPERIES23456")


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
    staff = User.objects.create_superuser(STAFF[0], STAFF[1], last_name="Dubois", first_name="Camille")
    app = {"kind": FactorKind.TOTP, "name": "Application de la démonstration"}
    Factor.objects.create(user=staff, seed=seeds.sealed(STAFF_SEED), **app)
    for employer in EMPLOYERS:
        open_for(employer)
    accept_terms()
    folder = settings.VAR_DIR / "letters"
    print_letters(
        folder=folder, sites=Site.objects.filter(adherent__number=UNOPENED), printed_by="Démonstration"
    )


@transaction.atomic
def open_for(employer: DemoEmployer) -> None:
    """Make the employer an activated Administrateur of his company's sites, who gives rights there."""
    user = User.objects.create(
        email=employer.email,
        password=make_password(employer.password),
        first_name=employer.first_name,
        last_name=employer.last_name,
        is_active=True,
        email_certified_at=clock.now(),
    )
    sites = list(Site.objects.filter(adherent__number=employer.number).select_related("adherent"))
    for site in sites:
        name_administrator(site=site, user=user, origin=COMMAND)
    share(user, sites)


def accept_terms() -> None:
    """Everybody of the demo has signed in before."""
    text = terms.in_effect()
    assert text is not None
    for user in User.objects.filter(is_staff=False):
        terms.accept(user=user, text=text, origin=COMMAND)


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
    lines += [f"  {person.what}  {person.email}  {person.password}" for person in PEOPLE]
    lines.append(f"  agent de la caisse  {STAFF[0]}  {STAFF[1]}")
    lines.append(f"    clé de son application d’authentification (TOTP)  {totp.grouped(STAFF_SEED)}")
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
