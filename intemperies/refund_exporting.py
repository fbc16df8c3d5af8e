"""The refunds leave the portal: the rows that the page shows, under the same rights."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from intemperies.refund_statement import Row, campaigns_of, readable
from portal.access.site_access import SiteAccess
from portal.journal.models import Kind
from portal.journal.recording import record
from portal.origin import Origin
from portal.spreadsheets import Cell
from portal.templatetags.french import pluralize_fr

HEADS = ("Campagne", "Période", "Collège", "Estimation (€)", "Provisoire (€)", "Définitif (€)")
DECLARED = "Déclarations envoyées"


@transaction.atomic
def export(*, access: SiteAccess, person: Any, origin: Origin) -> list[Sequence[Cell]]:
    """The rows that leave, in the order of `HEADS`, noted in the journal of the site."""
    found = campaigns_of(access)
    colleges = ", ".join(college.label for college in readable(access))
    record(
        "refunds.exported",
        f"Exporte les remboursements intempéries\u00a0: {len(found)} campagne{pluralize_fr(len(found))}"
        f" ({colleges}).",
        kind=Kind.COMPANY,
        origin=origin,
        actor=person,
        site=access.site,
    )
    return [cells(campaign.start_year, row) for campaign in found for row in campaign.rows]


def cells(start_year: int, row: Row) -> Sequence[Cell]:
    """A row of the sheet: each figure in a column of its own, so that no sum mixes them."""
    return (
        f"{start_year}-{start_year + 1}",
        month_of(row),
        row.college.label,
        row.estimate,
        row.provisional,
        row.final,
    )


def month_of(row: Row) -> str:
    """« 03/2025 », or where an estimate comes from."""
    return f"{row.period:%m/%Y}" if row.period else DECLARED
