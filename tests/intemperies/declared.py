"""Declarations in the database, as a company would have sent them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from adherents.models import Site
from intemperies.models import Line, State, Stoppage, Worksite
from portal import clock
from tests.factories import WorksiteFactory, employee_of, line_of, owner_of, stoppage_of

MONDAY = dt.date(2026, 1, 12)


def worksite_of(site: Site, name: str = "Lycée Fabert") -> Worksite:
    """A worksite in Metz."""
    where = {"address": "2 rue Saint-Vincent", "postal_code": "57000", "town": "Metz", "departement": "57"}
    made: Worksite = WorksiteFactory(site=site, name=name, **where)
    return made


def draft_of(worksite: Worksite, **fields: Any) -> Stoppage:
    """A draft for frost; nobody lost anything yet."""
    values = {"begun_by": owner_of(worksite.site), "work": "Coulage", "written_by": "Zoé Meyer"}
    return stoppage_of(worksite.site, worksite=worksite, **(values | fields))


def loses(stoppage: Stoppage, hours: Mapping[dt.date, str], wage: str = "14.50", **fields: Any) -> Line:
    """An employee of the site lost those hours."""
    lost = {day: Decimal(typed) for day, typed in hours.items()}
    return line_of(
        stoppage, employee_of(stoppage.site, **fields), lost, wage=Decimal(wage), worked_hours=Decimal(303)
    )


def marked_sent(draft: Stoppage, state: State = State.SENT) -> Stoppage:
    """The draft, sent, and perhaps cancelled or replaced since; each line was told 87,41 € and 9,20 €."""
    now = clock.now()
    said = {
        str(key): {"owed": "87.41", "refunded": "9.20"} for key in draft.lines.values_list("pk", flat=True)
    }
    draft.state, draft.sent_at, draft.number = state, now, f"INT-2026-{draft.pk:06}"
    draft.said = {
        "lines": {key: {"college": "ouvrier", "lost": "12.00"} | each for key, each in said.items()}
    }
    draft.over_at = None if state is State.SENT else now
    draft.save()
    return draft


def declared(site: Site, *, name: str = "Lycée Fabert", **of: Any) -> Stoppage:
    """One that stands: somebody lost twelve hours over two days."""
    draft = draft_of(worksite_of(site, name), **of)
    loses(draft, {MONDAY: "5.00", MONDAY + dt.timedelta(days=1): "7.00"})
    return marked_sent(draft)
