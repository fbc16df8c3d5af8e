"""Background work: the Celery application and what beat asks for, and when."""

from __future__ import annotations

import os
from typing import Any

from celery import Celery
from celery.schedules import crontab
from celery.signals import setup_logging, worker_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.embedded")

app = Celery("portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.conf.beat_schedule = {
    "send what waits in the outbox": {"task": "messaging.sweep", "schedule": 30.0},
    "undo openings never activated": {"task": "accounts.undo_stale_openings", "schedule": crontab(minute=7)},
    "forget ended sessions": {"task": "portal.clear_sessions", "schedule": crontab(hour=3, minute=20)},
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
