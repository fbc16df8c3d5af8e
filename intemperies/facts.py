"""What the journal's lines about worksites say beyond their sentence."""

from __future__ import annotations

from intemperies.models.worksites import TRADES
from portal.journal.facts import Fact, register


def name_facts() -> None:
    """Name the facts of a worksite, in the words of its page."""
    register(
        "worksite",
        {
            "name": Fact("Nom du chantier"),
            "address": Fact("Adresse"),
            "postal_code": Fact("Code postal"),
            "town": Fact("Ville"),
            "departement": Fact("Département"),
            "altitude": Fact("Altitude", lambda metres: f"{metres}\u00a0m"),
            "trade": Fact("Catégorie", lambda value: dict(TRADES).get(value, value)),
            "activity": Fact("Activité"),
            "public_works": Fact("Marché public", _yes_or_no),
            "over": Fact("Terminé", _yes_or_no),
        },
    )


def _yes_or_no(value: bool) -> str:
    return "Oui" if value else "Non"
