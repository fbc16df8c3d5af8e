"""Holidays of a year nobody has migrated the database in."""

from celery import shared_task

from portal.holidays.loading import load_years_to_come


@shared_task(name="holidays.load")
def load() -> int:
    """Load the years to come; returns how many days were added."""
    return load_years_to_come()
