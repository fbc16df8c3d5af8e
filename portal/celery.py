"""Background work: the Celery application and what beat asks for, and when."""

from __future__ import annotations

import os
from typing import Any

from celery import Celery
from celery.schedules import crontab
from celery.signals import setup_logging, worker_init

from portal.logs import task_lines  # noqa: F401  its signals are heard by whoever sends or runs a task

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.embedded")

SWEEP_EVERY = 30.0  # seconds

app = Celery("portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.conf.beat_schedule = {
    "send what waits in the outbox": {
        "task": "messaging.sweep",
        "schedule": SWEEP_EVERY,
        "options": {"expires": SWEEP_EVERY},  # workers that come back find one sweep, not a day of them
    },
    "send the SMS that wait, and ask what became of them": {
        "task": "messaging.sweep_sms",
        "schedule": SWEEP_EVERY,
        "options": {"expires": SWEEP_EVERY},
    },
    "undo openings never activated": {"task": "accounts.undo_stale_openings", "schedule": crontab(minute=7)},
    # Each morning, and again: after a stop it has caught up within six hours.
    "warn of certifications that lapse": {
        "task": "accounts.warn_of_lapses",
        "schedule": crontab(hour="6,12,18", minute=50),
        "options": {"expires": 3600},
    },
    "load the holidays to come": {
        "task": "holidays.load",
        "schedule": crontab(day_of_month=1, hour=4, minute=10),
    },
    "forget ended sessions": {"task": "portal.clear_sessions", "schedule": crontab(hour=3, minute=20)},
    "purge the codes sent by SMS": {"task": "codes.purge", "schedule": crontab(hour=3, minute=30)},
    "purge the journal": {"task": "journal.purge", "schedule": crontab(hour=3, minute=40)},
    # Each hour rather than each night: after a stop it has caught up within the hour, and nothing to do is
    # a few queries (docs/figures.md). The run at 00:20 is the one that comes after the last days.
    "record and tell the ends of rights": {
        "task": "delegations.keep_up",
        "schedule": crontab(minute=20),
        "options": {"expires": 3600},
    },
    "purge the embedded broker": {"task": "portal.purge_embedded_broker", "schedule": crontab(minute=40)},
}


@setup_logging.connect
def use_django_logging(**kwargs: Any) -> None:
    """Leave logging to Django's settings."""


@worker_init.connect
def check_rules(**kwargs: Any) -> None:
    """A worker refuses to start when a page of a site has no rule."""
    from portal.access.checks import refuse_to_start_without_rules

    refuse_to_start_without_rules()
