"""Rows of tests are numbered as in an office that has run for years: a number is never « 1 234 » on a page.

Without it, a template that writes a key as a figure is only seen by a test that follows a thousand rows.
"""

from __future__ import annotations

from django.apps import apps
from django.db import connection
from django.db.models import AutoField

FIRST = 51_000


def start_high() -> None:
    """Every table's own numbers start at FIRST, on either database."""
    with connection.cursor() as cursor:
        for table, column in _numbered():
            if connection.vendor == "postgresql":
                cursor.execute(
                    "SELECT setval(pg_get_serial_sequence(%s, %s), %s)", [f'"{table}"', column, FIRST]
                )
            else:
                cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [table])
                cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, FIRST])


def _numbered() -> list[tuple[str, str]]:
    metas = [model._meta for model in apps.get_models(include_auto_created=True) if model._meta.managed]
    return [(meta.db_table, meta.pk.column) for meta in metas if isinstance(meta.pk, AutoField)]
