"""Housekeeping of one-time codes. What is past its time serves nobody already: nothing waits for it."""

from celery import shared_task

from portal.codes import purging


@shared_task(name="codes.purge")
def purge() -> None:
    """Delete the codes that ended a day ago; twice is the same as once."""
    purging.purge()
