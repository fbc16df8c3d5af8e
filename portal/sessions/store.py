"""The session engine: Django's own in the database, with the columns of `portal.sessions.models`."""

from __future__ import annotations

import datetime as dt
import secrets
from typing import Any, cast

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import VALID_KEY_CHARS
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.exceptions import SessionInterrupted
from django.db import transaction

from portal import clock
from portal.sessions.models import Session
from portal.sessions.turns import wait_for_turn
from portal.web.sessions import STAFF_SESSION

BEGUN, DEVICE, ADDRESS = "begun", "device", "address"
KEY_LENGTH = 32  # of 36 characters: 165 bits
SEEN_EVERY = dt.timedelta(seconds=30)


class SessionStore(DatabaseStore):
    """What a session holds; `row` is its row as it was read."""

    def __init__(self, session_key: str | None = None) -> None:
        super().__init__(session_key)
        self._row: Session | None = None
        self._written: tuple[str | None, bytes] | None = None
        self.flushed = False  # ended by this request, rather than unknown from the start

    @classmethod
    def get_model_class(cls) -> type[Session]:
        """The row of ours."""
        return Session

    @classmethod
    def clear_expired(cls) -> None:
        """Delete the sessions that have ended, idle ones included."""
        Session.objects.over(clock.now()).delete()

    @property
    def row(self) -> Session | None:
        """The row that was read, with who it belongs to; None without one."""
        if self.session_key is None:
            return None
        self.keys()  # read once, whoever asks first
        return self._row

    def _get_session_from_db(self) -> Session | None:
        self._row = super()._get_session_from_db()  # type: ignore[misc]
        return self._row

    def flush(self) -> None:
        """End it."""
        super().flush()
        self._row, self.flushed = None, True

    def save(self, must_create: bool = False) -> None:
        """Write it; what this request has written already, and not touched since, is not written again.

        Raises CreateError and UpdateError as Django's own does.
        """
        if not must_create and self._written == self._as_it_stands():
            return
        super().save(must_create)
        self._written = self._as_it_stands()

    def _as_it_stands(self) -> tuple[str | None, bytes]:
        return self.session_key, self.serializer().dumps(dict(self.items()))

    def _get_new_session_key(self) -> str:
        """Drawn at random, not looked up: the table refuses one that is taken, and `create` draws another."""
        return "".join(secrets.choice(VALID_KEY_CHARS) for _ in range(KEY_LENGTH))

    def cycle_key(self) -> None:
        """Go on under a new id (R29). Raises SessionInterrupted for one that was ended meanwhile.

        Else a request on its way would bring back, under another id, what its person has just closed.
        What has no id yet, because nothing of it was written, gets its first one when it is saved.
        """
        person = self.get(SESSION_KEY)  # read before its id: that of a row that is gone is not one
        former = self.session_key
        if former is None:
            self.modified = True
            return
        if person is None:
            super().cycle_key()
            return
        with transaction.atomic():
            wait_for_turn(person)
            if not self.exists(former):
                raise SessionInterrupted("The session was ended while this request was on its way.")
            super().cycle_key()

    def begin(self, *, device: str, address: str) -> None:
        """A person signed in: the session's age counts from now."""
        self[BEGUN], self[DEVICE], self[ADDRESS] = clock.now().isoformat(), device, address

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        """The row to write: its columns repeat what the session says."""
        now = clock.now()
        begun = data.setdefault(BEGUN, now.isoformat())
        row = cast(Session, super().create_model_instance(data))
        row.user_id = int(data[SESSION_KEY]) if SESSION_KEY in data else None
        row.staff = bool(data.get(STAFF_SESSION))
        row.begun_at, row.seen_at = dt.datetime.fromisoformat(begun), now
        row.device, row.address = data.get(DEVICE, ""), data.get(ADDRESS, "")
        self._row = row
        return row

    def seen(self, *, every: dt.timedelta = SEEN_EVERY) -> None:
        """Something was asked: the idle time counts from now.

        Written twice a minute at most, so that a session ends up to `every` sooner after its last
        request than its limit says, and never later; what is promised to a person counts from what is
        written.
        """
        row, now = self.row, clock.now()
        if row is None or row.user_id is None or now - row.seen_at < every:
            return
        Session.objects.filter(pk=row.pk).update(seen_at=now)
        row.seen_at = now
