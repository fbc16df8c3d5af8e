"""One browser's session: Django's row, with whose it is, since when, and when it was last seen."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.sessions.base_session import AbstractBaseSession, BaseSessionManager
from django.db import models
from django.db.models import Q

from portal import clock


class SessionQuerySet(models.QuerySet["Session"]):
    """Named selections of sessions."""

    def live(self, now: dt.datetime) -> SessionQuerySet:
        """Those of people, neither idle for too long nor too old."""
        return self.filter(_within(now, staff=False) | _within(now, staff=True), user__isnull=False)

    def over(self, now: dt.datetime) -> SessionQuerySet:
        """Those that serve nobody any more."""
        kept = _within(now, staff=False) | _within(now, staff=True)
        return self.filter(Q(expire_date__lte=now) | Q(user__isnull=False) & ~kept)


def _within(now: dt.datetime, *, staff: bool) -> Q:
    limits = Limits.of(staff=staff)
    return Q(staff=staff, seen_at__gt=now - limits.idle, begun_at__gt=now - limits.whole)


class Limits:
    """How long a session lives (R30): idle, and in all."""

    def __init__(self, idle_minutes: int, hours: int) -> None:
        self.idle = dt.timedelta(minutes=idle_minutes)
        self.whole = dt.timedelta(hours=hours)

    @classmethod
    def of(cls, *, staff: bool) -> Limits:
        """Those of the settings: staff's are shorter."""
        return cls(*(settings.STAFF_SESSION_LIMITS if staff else settings.SESSION_LIMITS))


class Session(AbstractBaseSession):
    """A session; of nobody while a door is being gone through."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, verbose_name="compte", null=True, related_name="+"
    )
    staff = models.BooleanField("de la caisse", default=False)
    begun_at = models.DateTimeField("ouverte le", default=clock.now)
    seen_at = models.DateTimeField("vue le", default=clock.now)
    device = models.CharField("appareil", max_length=80, blank=True)
    address = models.CharField("adresse", max_length=45, blank=True)

    objects: ClassVar[Any] = BaseSessionManager.from_queryset(SessionQuerySet)()

    class Meta(AbstractBaseSession.Meta):
        abstract = False
        db_table = "portal_session"
        verbose_name = "session"
        verbose_name_plural = "sessions"
        ordering: ClassVar = ["-seen_at"]
        default_permissions = ()
        permissions: ClassVar = [("end_sessions", "Fermer les sessions d’une personne")]

    @property
    def idle_until(self) -> dt.datetime:
        """When it ends for want of a request."""
        return self.seen_at + Limits.of(staff=self.staff).idle

    @property
    def last_instant(self) -> dt.datetime:
        """When it ends whatever is asked."""
        return self.begun_at + Limits.of(staff=self.staff).whole

    @property
    def ends_at(self) -> dt.datetime:
        """When it ends if nothing is asked meanwhile."""
        return min(self.idle_until, self.last_instant)

    @property
    def handle(self) -> str:
        """How a page designates it: says nothing of its key."""
        message = f"session:{self.session_key}".encode()
        return hmac.new(settings.SECRET_KEY.encode(), message, hashlib.sha256).hexdigest()[:32]

    def is_over(self, now: dt.datetime) -> bool:
        """Whether a person's session is idle for too long, or too old."""
        return self.user_id is not None and now >= self.ends_at
