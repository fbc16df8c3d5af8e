"""The list of employees leaves the portal: what is shown, under the same filters and rights."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from employees.listing import Asked, EmployeeList, Listed, counted, readable
from portal.access.site_access import SiteAccess
from portal.journal.models import Kind
from portal.journal.recording import record
from portal.origin import Origin
from portal.spreadsheets import Cell

MOST = 5_000  # R66: beyond that, one narrows the list first
HEADS = (
    "Nom",
    "Prénom",
    "Collège",
    "Matricule",
    "Classification",
    "Métier",
    "Date d’embauche",
    "Situation",
    "Date de sortie",
)


class TooMany(Exception):
    """More employees answer than one export holds; the message is a French sentence."""


@transaction.atomic
def export(*, access: SiteAccess, asked: Asked, person: Any, origin: Origin) -> list[Sequence[Cell]]:
    """The rows that leave, noted in the journal of the site. Raises TooMany."""
    found = [Listed.of(values) for values in EmployeeList(access, asked).found()[: MOST + 1]]
    if len(found) > MOST:
        raise TooMany(
            "La liste compte plus de 5 000 salariés : filtrez-la par collège ou par nom, puis exportez-la."
        )
    colleges = [college.label for college in readable(access) if asked.college in {"", college.value}]
    record(
        "employees.exported",
        f"Exporte la liste des salariés : {counted(len(found), asked)} ({', '.join(colleges)}).",
        kind=Kind.COMPANY,
        origin=origin,
        actor=person,
        site=access.site,
    )
    return [cells(row) for row in found]


def cells(row: Listed) -> Sequence[Cell]:
    """A row of the sheet, in the order of `HEADS`."""
    return (
        row.last_name,
        row.first_name,
        row.college,
        row.matricule,
        row.classification,
        row.trade,
        row.hired_on,
        row.situation,
        row.left_on,
    )
