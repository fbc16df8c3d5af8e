"""Between tests with transactions of their own, every table is emptied, whatever it keeps otherwise.

PostgreSQL empties tables with TRUNCATE, which fires no trigger of rows. On SQLite it is a DELETE, which the
journal and the texts in effect refuse: there their triggers step aside for the time of the flush. In tests
only.
"""

from __future__ import annotations

from typing import Any

from django.db.backends.sqlite3.base import DatabaseOperations

KEEPERS = ("journal_keeps_its_terms", "legal_text_is_not_deleted")


def install() -> None:
    """Make SQLite's flush pass the triggers that refuse deletions."""
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
