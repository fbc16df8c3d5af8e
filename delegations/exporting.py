"""The list of beneficiaries leaves the portal: what is shown, under the same filters (R66)."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from delegations.givers import Giver
from delegations.listing import NOT_YET_KNOWN, Asked, name_of
from delegations.models import Delegation
from delegations.notices import role_and_opening
from portal.journal.models import Kind
from portal.journal.recording import record
from portal.origin import Origin
from portal.spreadsheets import Cell
from portal.templatetags.french import pluralize_fr

MOST = 5_000  # R66: beyond that, one narrows the list first
HEADS = ("Rôle", "Nom et prénom", "Statut", "Date d’effet", "Date de fin", "Courriel")


class TooMany(Exception):
    """More delegations answer than one export holds; the message is a French sentence."""


@transaction.atomic
def export(*, giver: Giver, asked: Asked, origin: Origin) -> list[Sequence[Cell]]:
    """The rows that leave, noted in the journal of the site. Raises TooMany."""
    found = list(asked.of(giver.beneficiaries())[: MOST + 1])
    if len(found) > MOST:
        raise TooMany("La liste compte plus de 5\u00a0000 bénéficiaires\u00a0: filtrez-la, puis exportez-la.")
    count = len(found)
    record(
        "rights.exported",
        f"{giver.person.get_full_name()} exporte la liste des bénéficiaires\u00a0: {count} "
        f"ligne{pluralize_fr(count)}",
        kind=Kind.RIGHTS,
        origin=origin,
        actor=giver.person,
        site=giver.site,
    )
    return [cells(one) for one in found]


def cells(delegation: Delegation) -> Sequence[Cell]:
    """A row of the sheet, in the order of `HEADS`."""
    return (
        role_and_opening(delegation),
        name_of(delegation) or NOT_YET_KNOWN,
        delegation.status_on().label,
        delegation.starts_on,
        delegation.ended_on,
        delegation.address,
    )
