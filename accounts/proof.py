"""What a browser session remembers between the steps of a door: never the code, nothing past a sign-in."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from django.http import HttpRequest

from accounts.models import ProvisionalCode
from accounts.opening import Person
from portal import clock

LIVES = dt.timedelta(minutes=30)
MOST_KEPT = 254  # characters of a field
DOORS = ("opening", "association")
ASKED_ADDRESS = "asked-address"


def _key(door: str) -> str:
    return f"proof-{door}"


def forget_proofs(request: HttpRequest) -> None:
    """Nothing of a door outlives a sign-in."""
    for door in DOORS:
        request.session.pop(_key(door), None)
    request.session.pop(ASKED_ADDRESS, None)


def remember_address(request: HttpRequest, address: str) -> None:
    """The new address that was just asked for, so that the next page repeats it in this browser."""
    request.session[ASKED_ADDRESS] = {"address": address, "at": clock.now().isoformat()}


def asked_address(request: HttpRequest) -> str:
    """The address that was asked for in this browser less than half an hour ago; else empty."""
    kept: dict[str, str] | None = request.session.get(ASKED_ADDRESS)
    if kept is None or clock.now() - dt.datetime.fromisoformat(kept["at"]) > LIVES:
        return ""
    return kept["address"]


class Proof:
    """The proved code of one of the DOORS, and what was done with it."""

    def __init__(self, request: HttpRequest, door: str) -> None:
        self.session = request.session
        self.key = _key(door)
        self.kept: dict[str, Any] = self.session.get(self.key) or {}

    def begin(self, code: ProvisionalCode, *, by_firm: bool = False) -> None:
        """Step 1 was right: a new session id, a new attempt.

        Whoever came back to step 1 and proves the same code goes on with the attempt that he left, what he
        typed at step 2 and the number that he certified there.
        """
        self.session.cycle_key()
        goes_on = self.kept.get("code") == code.pk and "person" not in self.kept
        attempt = self.kept["attempt"] if goes_on else str(uuid.uuid4())
        typed = self.typed if goes_on else {}
        self.kept = {"code": code.pk, "attempt": attempt, "at": clock.now().isoformat(), "typed": typed}
        if by_firm:
            self.kept["by_firm"] = True
        self.session[self.key] = self.kept

    def forget(self) -> None:
        """Nothing is proved any more."""
        self.session.pop(self.key, None)
        self.kept = {}

    def finish(self) -> None:
        """What the code proved is done: nothing is proved any more, but a second tab may ask."""
        self.kept = {"done": True}
        self.session[self.key] = self.kept

    @property
    def done(self) -> bool:
        """Whether this door was gone through in this session."""
        return bool(self.kept.get("done"))

    @property
    def by_firm(self) -> bool:
        """Whether an accounting firm said that it opens in its client's stead."""
        return bool(self.kept.get("by_firm"))

    def forget_person(self) -> None:
        """What was typed at step 2 is not needed any more."""
        self.kept.pop("person", None)
        self.session[self.key] = self.kept

    @property
    def code(self) -> ProvisionalCode | None:
        """The code proved in this session less than half an hour ago, or None."""
        if "at" not in self.kept or clock.now() - dt.datetime.fromisoformat(self.kept["at"]) > LIVES:
            return None
        return ProvisionalCode.objects.select_related("site__adherent").filter(pk=self.kept["code"]).first()

    @property
    def attempt(self) -> uuid.UUID:
        """The attempt under which a double click is the same act."""
        return uuid.UUID(self.kept["attempt"])

    @property
    def typed(self) -> dict[str, str]:
        """What was typed at step 2 and not sent yet, by the names of its fields."""
        return dict(self.kept.get("typed") or {})

    def keep(self, typed: Mapping[str, str]) -> None:
        """Step 2 is left for a moment: keep what was typed there, which never holds a password."""
        self.kept["typed"] = {name: value[:MOST_KEPT] for name, value in typed.items()}
        self.session[self.key] = self.kept

    @property
    def person(self) -> Person | None:
        """What step 2 was given, the password hashed; None before it."""
        person = self.kept.get("person")
        return Person(**person) if person else None

    def remember(self, person: Person) -> None:
        """Step 2 is done: keep it for the correction of the address, in this session only."""
        self.kept["person"] = asdict(person)
        self.kept.pop("typed", None)
        self.session[self.key] = self.kept
