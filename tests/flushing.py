"""Between tests with transactions of their own, every table is emptied, whatever it keeps otherwise.

PostgreSQL empties tables with TRUNCATE, which fires no trigger of rows. On SQLite it is a DELETE, which the
journal and the texts in effect refuse: there their triggers step aside for the time of the flush. In tests
only. What a migration wrote once, the profiles of rights and the figures of bad weather, is written again
after each: tests come in any order, and find what an office finds.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

from django.apps import apps
from django.db import connection
from django.db.backends.sqlite3.base import DatabaseOperations
from django.db.models.signals import post_migrate

from delegations.models import RightsProfile
from intemperies.models import CampaignFigures

KEEPERS = ("journal_keeps_its_terms", "legal_text_is_not_deleted")


def install() -> None:
    """Make SQLite's flush pass the triggers that refuse, and every flush bring back what was filled."""
    post_migrate.connect(_fill_profiles, dispatch_uid="tests.flushing")
    post_migrate.connect(_fill_figures, dispatch_uid="tests.flushing.figures")
    flush = DatabaseOperations.execute_sql_flush

    def without_the_keepers(self: Any, sql_list: list[str]) -> None:
        keepers = []
        with self.connection.cursor() as cursor:
            for name in KEEPERS:
                cursor.execute("SELECT sql FROM sqlite_master WHERE type = 'trigger' AND name = %s", [name])
                keepers += cursor.fetchone()
        dropped = [f"DROP TRIGGER {name}" for name in KEEPERS]
        flush(self, [*dropped, *sql_list, *keepers])

    DatabaseOperations.execute_sql_flush = without_the_keepers  # type: ignore[method-assign]


def _fill_profiles(app_config: Any, **kwargs: Any) -> None:
    """Flushing says `post_migrate` for every app, as migrating does, which has filled them by then."""
    if app_config.name == "delegations" and not RightsProfile.objects.exists():
        import_module("delegations.migrations.0003_profiles_and_attempts").fill_profiles(apps, connection)


def _fill_figures(app_config: Any, **kwargs: Any) -> None:
    """The same, of the figures that are published."""
    if app_config.name == "intemperies" and not CampaignFigures.objects.exists():
        import_module("intemperies.migrations.0002_published_figures").fill(apps, connection)
