"""The back office's extract of refunds: a line for each site, campaign, collège, state and month."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from typing import Any

from django.core.exceptions import ValidationError

from intemperies.calculation.parameters import campaign_year
from intemperies.models.refunds import FIRST_CAMPAIGN, RefundLine, RefundState
from portal.access.levels import College
from portal.identifiers import parse_cibtp_id
from portal.imports import registry
from portal.imports.extract import Column, Extract, Parent
from portal.imports.fields import OLDEST_YEAR, identifier

CAMPAIGN = re.compile(r"([0-9]{4})-([0-9]{4})")
MONTH = re.compile(r"([0-9]{2})/([0-9]{4})")
COLLEGES = {college.name: college.value for college in College}
STATES = {"PROVISOIRE": RefundState.PROVISIONAL.value, "DEFINITIF": RefundState.FINAL.value}


def one_of(known: Mapping[str, str], unknown: str) -> Callable[[str], str]:
    """A reader of the extract's own words, whatever their case; `unknown` begins the sentence of refusal."""

    def read(cell: str) -> str:
        if cell.upper() not in known:
            raise ValidationError(f"{unknown}\u00a0: {', '.join(known)}.")
        return known[cell.upper()]

    return read


def campaign(cell: str) -> int:
    """The year in which « 2024-2025 » begins. Raises ValidationError."""
    found = CAMPAIGN.fullmatch(cell)
    if found is None or int(found[2]) != int(found[1]) + 1:
        raise ValidationError("une campagne s’écrit avec ses deux années, par exemple 2025-2026.")
    if int(found[1]) < FIRST_CAMPAIGN:
        raise ValidationError(f"la première campagne est {FIRST_CAMPAIGN}-{FIRST_CAMPAIGN + 1}.")
    return int(found[1])


def month(cell: str) -> dt.date:
    """The first day of « 03/2025 ». Raises ValidationError."""
    found = MONTH.fullmatch(cell)
    if found is None:
        raise ValidationError("une période s’écrit mm/aaaa, par exemple 01/2026.")
    if int(found[2]) < OLDEST_YEAR:
        raise ValidationError(f"l’année est antérieure à {OLDEST_YEAR}.")
    try:
        return dt.date(int(found[2]), int(found[1]), 1)
    except ValueError:
        raise ValidationError("ce mois n’existe pas.") from None


def period_in_order(values: Mapping[str, Any]) -> str | None:
    """Nothing comes back for a month before the campaign."""
    period, start = values["periode"], values["campagne"]
    if campaign_year(period) < start:
        return f"La période {period:%m/%Y} précède la campagne {start}-{start + 1}."
    return None


REMBOURSEMENTS = Extract(
    name="remboursements.csv",
    model=RefundLine,
    key=("site", "start_year", "college", "state", "period"),
    columns=(
        Column("identifiant_cibtp", read=identifier(parse_cibtp_id)),
        Column("campagne", "start_year", campaign),
        Column(
            "college", "college", one_of(COLLEGES, "ce collège n’est pas connu\u00a0; collèges possibles")
        ),
        Column("etat", "state", one_of(STATES, "cet état n’est pas connu\u00a0; états possibles")),
        Column("periode", "period", month),
        Column("montant", "amount"),
    ),
    parents=(
        Parent(
            "site",
            {"identifiant_cibtp": "cibtp_id"},
            unknown="ce site n’est pas connu\u00a0; voyez sites.csv.",
        ),
    ),
    after=("sites.csv",),
    rules=(period_in_order,),
)


def register() -> None:
    """Take this file."""
    registry.register(REMBOURSEMENTS)
