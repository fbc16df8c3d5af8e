"""What a browser session remembers between the steps of an opening or association: never the code."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import asdict
from typing import Any

from django.http import HttpRequest

from accounts.models import ProvisionalCode
from accounts.opening import Person
from portal import clock

LIVES = dt.timedelta(minutes=30)


DOORS = ("opening", "association")


def _key(door: str) -> str:
    return f"proof-{door}"


def forget_proofs(request: HttpRequest) -> None:
    """Nothing of a door outlives a sign-in."""
    for door in DOORS:
        request.session.pop(_key(door), None)


class Proof:
    """The proved code of one of the DOORS, and what was done with it."""

    def __init__(self, request: HttpRequest, door: str) -> None:
        self.session = request.session
        self.key = _key(door)
        self.kept: dict[str, Any] = self.session.get(self.key) or {}

    def begin(self, code: ProvisionalCode) -> None:
        """Step 1 was right: a new session id, a new attempt."""
        self.session.cycle_key()
        self.kept = {"code": code.pk, "attempt": str(uuid.uuid4()), "at": clock.now().isoformat()}
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
    def person(self) -> Person | None:
        """What step 2 was given, the password hashed; None before it."""
        person = self.kept.get("person")
        return Person(**person) if person else None

    def remember(self, person: Person) -> None:
        """Step 2 is done: keep it for the correction of the address, in this session only."""
        self.kept["person"] = asdict(person)
        self.session[self.key] = self.kept
