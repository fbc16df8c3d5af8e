"""What a line's before and after say in French: each app names the facts that its own lines hold.

A fact that nobody named is not shown, so that what the journal keeps for staff never shows by accident; an
app whose lines keep their facts under the very words that show says so instead.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from portal.journal.models import Entry
from portal.templatetags.french import short_date


@dataclass(frozen=True)
class Fact:
    """How one fact is called, and how its value is written."""

    label: str
    written: Callable[[Any], str] = str


@dataclass(frozen=True)
class Changed:
    """One fact of a line, before and after; `before` is None when the line speaks of no before."""

    label: str
    before: str | None
    after: str | None


@dataclass
class Room:
    """What one app's lines may say; `spoken` when the facts that are not named are kept in words."""

    facts: dict[str, Fact]
    spoken: bool


_rooms: dict[str, Room] = {}


def register(room: str, facts: Mapping[str, Fact], *, spoken: bool = False) -> None:
    """Name the facts of the lines whose action begins with `room` (`rights` for `rights.closed`).

    They show in this order, and the others after them when they are `spoken`.
    """
    _rooms[room] = Room(dict(facts), spoken)


def day(value: Any) -> str:
    """A day kept in its ISO form, as `14/03/2026`; anything else as it is."""
    try:
        return short_date(dt.date.fromisoformat(value))
    except (TypeError, ValueError):
        return str(value)


def changed(line: Entry) -> list[Changed]:
    """What the line says beyond its sentence: the named facts that differ."""
    room = _rooms.get(line.action.partition(".")[0], Room({}, spoken=False))
    sides = [side if isinstance(side, dict) else {} for side in (line.before, line.after)]
    others = sorted((sides[0].keys() | sides[1].keys()) - room.facts.keys()) if room.spoken else []
    found = []
    for name, fact in (room.facts | {name: Fact(name) for name in others}).items():
        before, after = (_written(fact, name, side) for side in sides)
        if before != after and (before or after):
            found.append(Changed(fact.label, before, after))
    return found


def _written(fact: Fact, name: str, side: dict[str, Any]) -> str | None:
    """The fact on one side: None where that side does not speak of it, empty where it says there is none."""
    if name not in side:
        return None
    return fact.written(side[name]) if side[name] not in (None, "") else ""
