"""The first version of each text at the foot of every page: staff write the following ones."""

from __future__ import annotations

from pathlib import Path
from string import Template
from typing import Any

from django.conf import settings
from django.db import connection

from contact.models import LegalPage, LegalText
from portal import clock
from portal.caisse import current_caisse
from portal.phones import written_phone

TEXTS = Path(__file__).parent / "texts"
AUTHOR = "Version initiale"


def publish(**kwargs: Any) -> None:
    """Write the pages that have no version at all; after every `migrate`, and twice is the same as once."""
    if LegalText._meta.db_table not in connection.introspection.table_names():
        return  # migrated back to nothing
    written = set(LegalText.objects.values_list("page", flat=True))
    missing = [page for page in LegalPage if page.value not in written]
    LegalText.objects.bulk_create(
        LegalText(page=page.value, starts_on=clock.today(), body=body(page), written_by=AUTHOR)
        for page in missing
    )


def body(page: LegalPage) -> str:
    """The text as it is delivered, with the caisse's own name and addresses."""
    caisse = current_caisse()
    facts = {
        "name": caisse.name,
        "address": ", ".join(caisse.address),
        "circumscription": caisse.circumscription,
        "phone": written_phone(caisse.phone),
        "hours": caisse.hours,
        "email": caisse.email,
        "origin": settings.PORTAL_ORIGIN,
    }
    return Template((TEXTS / f"{page.value}.md").read_text(encoding="utf-8")).substitute(facts)
