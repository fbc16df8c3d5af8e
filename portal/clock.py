"""The portal's one clock. A day is a whole day in Europe/Paris; an instant is stored in UTC."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone


def now() -> dt.datetime:
    """This instant, aware."""
    return timezone.now()


def today() -> dt.date:
    """Today's date in Europe/Paris, whatever the server's own zone."""
    return timezone.localdate()


def day_of(instant: dt.datetime) -> dt.date:
    """The day in Europe/Paris on which an instant falls."""
    return timezone.localtime(instant).date()
