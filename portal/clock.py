"""The portal's one clock. A day is a whole day in Europe/Paris; an instant is stored in UTC."""

from __future__ import annotations

import calendar
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


def start_of(day: dt.date) -> dt.datetime:
    """The instant at which a day begins in Europe/Paris."""
    return timezone.make_aware(dt.datetime.combine(day, dt.time.min))


def knows(day: dt.date) -> bool:
    """Whether a day begins and ends at instants: the first and the last that Python can write do not."""
    try:
        start_of(day).astimezone(dt.UTC)
        start_of(day + dt.timedelta(days=1)).astimezone(dt.UTC)
    except OverflowError:
        return False
    return True


def months_after(day: dt.date, months: int) -> dt.date:
    """The same day so many months later, or the last day of that month when it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return dt.date(year, month + 1, min(day.day, last))


def local_time(instant: dt.datetime) -> dt.time:
    """The time in Europe/Paris, without its zone."""
    return timezone.localtime(instant).time()


def at(day: dt.date, time: dt.time) -> dt.datetime:
    """The instant of a day and time in Europe/Paris; of a time that is told twice, the first."""
    return timezone.make_aware(dt.datetime.combine(day, time))
