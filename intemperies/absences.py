"""Stops as absences: who knows of leave or of the planning is told of the days that bad weather took."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator

from employees import absences
from employees.absences import Absence, AbsenceKind
from intemperies.models import LostHours, State


def register() -> None:
    """Tell the registry of absences."""
    absences.register(days_stopped, AbsenceKind.BAD_WEATHER)


def days_stopped(employees: Collection[int], first: dt.date, last: dt.date) -> Iterator[Absence]:
    """Each day on which one of them lost hours by a declaration that stands."""
    lost = LostHours.objects.filter(
        line__employee__in=employees, line__stoppage__state=State.SENT, day__range=(first, last)
    )
    for employee, day in lost.order_by("day").values_list("line__employee", "day").distinct():
        yield Absence(employee, day, day, AbsenceKind.BAD_WEATHER)
