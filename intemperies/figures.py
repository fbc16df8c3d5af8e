"""The dated figures as the calculator takes them: read once for each edition and each set of holidays."""

from __future__ import annotations

import datetime as dt

from django.db.models import Subquery

from intemperies.calculation.parameters import (
    Campaign,
    CarenceScope,
    Exclusion,
    Parameters,
    Readings,
    Tolerance,
    Trade,
)
from intemperies.models.figures import CampaignFigures, HourlyCeiling, ReadingChoices, SeasonalExclusion
from portal.holidays.models import Holiday

Holidays = frozenset[tuple[dt.date, bool]]  # a day, and whether it is one in Alsace-Moselle only

_known: dict[tuple[int, Holidays], Parameters] = {}


def current_parameters() -> Parameters:
    """All the figures as staff keep them. One query while nothing changed.

    The holidays are the portal's, which knows no edition: their few days are read each time, with it.
    """
    edition = ReadingChoices.objects.values("edition")[:1]
    rows = list(Holiday.objects.values_list("day", "alsace_moselle", Subquery(edition)))
    holidays = frozenset((day, local) for day, local, _ in rows)
    key = (rows[0][2] or 0 if rows else 0, holidays)
    found = _known.get(key) if key[0] else None
    if found is None:
        found = _read(holidays)
        _known.clear()
        _known[key] = found
    return found


def _read(holidays: Holidays) -> Parameters:
    choices = ReadingChoices.objects.first() or ReadingChoices()
    return Parameters(
        campaigns={row.start_year: _campaign(row) for row in CampaignFigures.objects.all()},
        hourly_ceilings=dict(HourlyCeiling.objects.values_list("year", "amount")),
        holidays=frozenset(day for day, local in holidays if not local),
        local_holidays=frozenset(day for day, local in holidays if local),
        exclusions=tuple(_exclusion(row) for row in SeasonalExclusion.objects.all()),
        readings=Readings(
            carence_first=choices.carence_first,
            carence_scope=CarenceScope(choices.carence_scope),
            tolerance=Tolerance(choices.tolerance),
            first_band_hours=choices.first_band_hours,
        ),
    )


def _campaign(row: CampaignFigures) -> Campaign:
    rates = {Trade.STRUCTURAL: row.structural_rate, Trade.FINISHING: row.finishing_rate}
    return Campaign(row.start_year, row.abattement, rates, row.canicule)


def _exclusion(row: SeasonalExclusion) -> Exclusion:
    return Exclusion(
        departement=row.departement,
        activity=row.activity,
        altitude=row.altitude,
        first=(row.first_month, row.first_day),
        last=(row.last_month, row.last_day),
    )
