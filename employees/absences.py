"""Who is away, and why: apps register what they know, and ask what the others know."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from enum import Enum


class AbsenceKind(Enum):
    """Why somebody is away."""

    LEAVE = "leave"
    SICKNESS = "sickness"
    WORK_ACCIDENT = "work_accident"
    UNFIT = "unfit"
    BAD_WEATHER = "bad_weather"


@dataclass(frozen=True)
class Absence:
    """Days of one employee, both included."""

    employee_id: int
    first: dt.date
    last: dt.date
    kind: AbsenceKind

    def holds(self, day: dt.date) -> bool:
        """Whether he is away on that day."""
        return self.first <= day <= self.last


Provider = Callable[[Collection[int], dt.date, dt.date], Iterable[Absence]]

providers: dict[Provider, frozenset[AbsenceKind]] = {}


def register(provider: Provider, *kinds: AbsenceKind) -> None:
    """Tell the registry who knows of these kinds."""
    providers[provider] = frozenset(kinds)


def absences_of(
    employees: Collection[int],
    first: dt.date,
    last: dt.date,
    kinds: Collection[AbsenceKind] = frozenset(AbsenceKind),
) -> dict[int, list[Absence]]:
    """What is registered of these employees between two days, both included; nobody else's.

    Of some kinds only, when they are named: who knows of no other is not asked.
    """
    found: dict[int, list[Absence]] = defaultdict(list)
    for provider, known in providers.items():
        if known.isdisjoint(kinds):
            continue
        for absence in provider(employees, first, last):
            if absence.kind in kinds:
                found[absence.employee_id].append(absence)
    return found
