"""Public holidays as a Django app."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class HolidaysConfig(AppConfig):
    """Label `holidays`; each migration of the database loads the years to come."""

    name = "portal.holidays"
    label = "holidays"
    verbose_name = "Jours fériés"

    def ready(self) -> None:
        """Load what is missing whenever the database was migrated."""
        post_migrate.connect(_load, sender=self)


def _load(**kwargs: Any) -> None:
    from portal.holidays.loading import load_years_to_come

    load_years_to_come()
