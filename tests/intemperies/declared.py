"""Declarations in the database, as a company would have sent them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from adherents.models import Site
from intemperies.models import Line, LostHours, Period, State, Stoppage, Worksite
from portal import clock
from portal.access.levels import College
from tests.factories import employee_of, owner_of

MONDAY = dt.date(2026, 1, 12)


def worksite_of(site: Site, name: str = "Lycée Fabert", **fields: Any) -> Worksite:
    """A worksite in Metz."""
    where = {
        "address": "2 rue Saint-Vincent",
        "postal_code": "57000",
        "town": "Metz",
        "departement": "57",
        "trade": "GO",
    }
    made: Worksite = Worksite.objects.create(site=site, name=name, **(where | fields))
    return made


def draft_of(worksite: Worksite, *, monday: dt.date = MONDAY, **fields: Any) -> Stoppage:
    """A draft for frost, from that Monday at ten to the Wednesday at eight; nobody lost anything yet."""
    year, week, _ = monday.isocalendar()
    begun_by = fields.pop("begun_by", None) or owner_of(worksite.site)
    values = {"trade": worksite.trade, "cause": "gel", "work": "Coulage", "written_by": "Zoé Meyer"}
    made: Stoppage = Stoppage.objects.create(
        site=worksite.site, worksite=worksite, iso_year=year, iso_week=week, begun_by=begun_by,
        **(values | fields),
    )  # fmt: skip
    resumes = clock.at(monday + dt.timedelta(days=2), dt.time(8))
    Period.objects.create(stoppage=made, begins=clock.at(monday, dt.time(10)), resumes=resumes)
    return made


def loses(stoppage: Stoppage, hours: Mapping[dt.date, str], wage: str = "14.50", **fields: Any) -> Line:
    """An employee of the site lost those hours."""
    employee = employee_of(stoppage.site, **fields)
    line = Line.objects.create(
        stoppage=stoppage, employee=employee, college=College.OUVRIER, wage=Decimal(wage),
        worked_hours=303, paid_days=0,
    )  # fmt: skip
    for day, lost in hours.items():
        LostHours.objects.create(line=line, day=day, hours=Decimal(lost))
    return line


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
