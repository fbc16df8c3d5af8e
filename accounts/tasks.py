"""Housekeeping of accounts. What it does also follows from dates: nothing waits for it."""

from celery import shared_task

from accounts import lapses, undoing


@shared_task(name="accounts.undo_stale_openings")
def undo_stale_openings() -> None:
    """Undo openings never activated within their seven days; twice is the same as once."""
    undoing.undo_stale_openings()


@shared_task(name="accounts.warn_of_lapses")
def warn_of_lapses() -> None:
    """Warn whose address is soon to be certified again; twice is the same as once."""
    lapses.warn()
