"""What the tests of the letters print with, and how they read it back."""

from __future__ import annotations

import datetime as dt
import io
import re
import uuid
from itertools import count
from pathlib import Path

import pytest
import time_machine
from django.core.management import call_command
from pypdf import PdfReader

from accounts.models import Opening, User
from adherents.models import Adherent, Site
from delegations.models import Delegation, Role
from portal import clock
from tests.factories import DelegationFactory

PRINTED = dt.datetime(2026, 11, 21, 9, tzinfo=dt.UTC)
IDENTIFIER = re.compile(r"Votre identifiant CIBTP : (\d{5}-\d{3}-\d{2})\s")
CODE = re.compile(r"Votre code confidentiel : ([A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{2})\s")
numbers = count(29209)


@pytest.fixture
def at_noon():
    """Noon or so on 21 November 2026, standing still; moved by who asks for it."""
    with time_machine.travel(PRINTED, tick=False) as traveller:
        yield traveller


def make_site(company: str = "MAÇONNERIE MEYER", **fields: object) -> Site:
    number = f"{next(numbers):05}"
    adherent = Adherent.objects.create(number=number, company_name=company, siren="732829320", activity="GO")
    where = {"name": "SIÈGE", "address1": "12 rue de l’Église", "postal_code": "54000", "town": "Nancy"}
    facts = {"cibtp_id": f"{number}-001-12", "siret": "73282932000074", **where, **fields}
    return Site.objects.create(adherent=adherent, **facts)


def make_administrator(site: Site, **fields: object) -> Delegation:
    user = User.objects.create(email=f"{site.cibtp_id}@entreprise.example", is_active=True)
    facts = {"role": Role.ADMINISTRATOR, "starts_on": dt.date(2026, 1, 1), **fields}
    return DelegationFactory(site=site, beneficiary=user, **facts)


def make_opening(site: Site) -> Opening:
    code = site.provisional_codes.get()
    code.used_at = clock.now()
    code.save()
    user = User.objects.create(email=f"{site.cibtp_id}@entreprise.example")
    return Opening.objects.create(site=site, code=code, user=user, attempt=uuid.uuid4())


def texts(path: Path) -> list[str]:
    return [page.extract_text() for page in PdfReader(path).pages]


def identifiers(folder: Path) -> list[str]:
    return [one for text in texts(folder / "bienvenue.pdf") for one in IDENTIFIER.findall(text)]


def codes(folder: Path) -> list[str]:
    return [one for text in texts(folder / "codes.pdf") for one in CODE.findall(text)]


def run(*arguments: object) -> str:
    out = io.StringIO()
    call_command("print_letters", *map(str, arguments), stdout=out, stderr=out)
    return out.getvalue()
