"""What the clock brings is recorded and told. Rights follow the clock by themselves: nothing waits for it."""

from celery import shared_task

from delegations import ends


@shared_task(name="delegations.keep_up")
def keep_up() -> None:
    """Record what ended, warn of what will end, remind of what waits; twice is the same as once."""
    ends.record_ends()
    ends.warn()
    ends.remind()
