"""What is given: a role or levels, from one day to another; and whether a giver can give it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field

from delegations.givers import Giver
from delegations.matrix import RightsMatrix
from delegations.models import Delegation, Role
from delegations.refusals import NothingGiven, TooWide, WrongDays
from portal import clock


@dataclass(frozen=True)
class Terms:
    """A role, the levels of one who is only a user (or a firm), and the days."""

    role: Role
    matrix: RightsMatrix = field(default_factory=RightsMatrix)
    starts_on: dt.date | None = None  # today when None
    ends_on: dt.date | None = None  # the last day, included

    @property
    def cells(self) -> RightsMatrix:
        """What is stored: nothing for a role, whose rights are computed."""
        return self.matrix if self.role in (Role.USER, Role.HEAD) else RightsMatrix()

    @property
    def first_day(self) -> dt.date:
        """The first day."""
        return self.starts_on or clock.today()


def check(terms: Terms, giver: Giver, *, changing: Delegation | None = None) -> None:
    """Refuse what the giver cannot give. Raises NothingGiven, TooWide or WrongDays (R56)."""
    check_levels(terms, giver)
    for wrong in wrong_days(terms, giver, changing):
        raise wrong


def check_levels(terms: Terms, giver: Giver) -> None:
    """Refuse a role or levels that the giver cannot give. Raises NothingGiven or TooWide."""
    roles = {Role.USER, giver.leading_role} | ({Role.HEAD} if giver.firm is None else set())
    if terms.role not in roles:
        raise TooWide("Vous ne pouvez pas donner ce rôle.")
    if terms.role in (Role.USER, Role.HEAD):
        if not terms.matrix:
            raise NothingGiven
        if not terms.matrix <= giver.offered:
            raise TooWide("Vous ne pouvez pas donner plus que ce que votre cabinet a reçu.")


def wrong_days(terms: Terms, giver: Giver, changing: Delegation | None = None) -> Iterator[WrongDays]:
    """What is wrong with the first day, then with the last one; nothing when both can be."""
    today, first = clock.today(), terms.first_day
    moved = changing is None or first != changing.starts_on
    if changing is not None and moved and changing.starts_on <= today and changing.confirmed_at:
        yield WrongDays("Ces droits ont commencé\u00a0: leur date d’effet ne change plus.", first=True)
    elif moved and first < today:
        yield WrongDays(
            "La date d’effet est passée\u00a0: choisissez aujourd’hui ou un jour à venir.", first=True
        )
    elif giver.last_day is not None and first > giver.last_day:
        yield WrongDays(_beyond("La date d’effet", giver.last_day), first=True)
    last = terms.ends_on
    if last is not None and last < today:
        yield WrongDays("La date de fin est passée\u00a0: choisissez aujourd’hui ou un jour à venir.")
    elif last is not None and last < first:
        yield WrongDays("La date de fin vient avant la date d’effet\u00a0: choisissez-en une autre.")
    elif last is not None and giver.last_day is not None and last > giver.last_day:
        yield WrongDays(_beyond("La date de fin", giver.last_day))


def _beyond(which: str, last_day: dt.date) -> str:
    return (
        f"{which} vient trop tard\u00a0: votre cabinet tient ces droits jusqu’au {last_day:%d/%m/%Y}. "
        "Choisissez une date qui ne vient pas après."
    )
