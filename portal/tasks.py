"""Housekeeping that belongs to no app."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from celery import shared_task
from django.conf import settings

from portal.sessions.store import SessionStore


@shared_task(name="portal.clear_sessions")
def clear_sessions() -> None:
    """Delete the sessions that have ended."""
    SessionStore.clear_expired()


@shared_task(name="portal.purge_embedded_broker")
def purge_embedded_broker() -> None:
    """Delete from the embedded broker's file the messages already consumed, which kombu leaves there."""
    prefix = "sqla+sqlite:///"
    if settings.CELERY_BROKER_URL.startswith(prefix):
        path = Path(settings.CELERY_BROKER_URL.removeprefix(prefix))
        if path.exists():
            with sqlite3.connect(path, timeout=20) as connection:
                connection.execute("DELETE FROM kombu_message WHERE visible = 0")
