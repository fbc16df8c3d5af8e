"""Stops and lost hours, written briefly: a Monday at ten, twelve hours over three days."""

import datetime as dt
from decimal import Decimal

from intemperies.calculation.lost_hours import Lost, Stop, shared_out
from intemperies.calculation.parameters import Readings

MONDAY = dt.date(2026, 1, 12)


def stop(day=MONDAY, hour=8, worksite="A"):
    return Stop(worksite, dt.datetime.combine(day, dt.time(hour)))


def lost(of, *hours, first=None):
    """So many hours a day, day after day from the first one of the stop."""
    first = first or of.begins.date()
    return [
        Lost(of, first + dt.timedelta(days=rank), Decimal(str(each)))
        for rank, each in enumerate(hours)
        if each
    ]


def shares_of(losses, days_before=None, **readings):
    return shared_out(losses, Readings(**readings), days_before)


def paid(shares):
    return sum((share.paid for share in shares), Decimal(0))
