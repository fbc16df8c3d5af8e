"""Housekeeping of the journal."""

from celery import shared_task

from portal.journal import purging


@shared_task(name="journal.purge")
def purge() -> None:
    """Delete the lines past their term; twice is the same as once."""
    purging.purge()
