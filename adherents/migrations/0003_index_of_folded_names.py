"""Companies by the folded form of their names, as the choice of a site sorts them.

On PostgreSQL only, and known to no model: SQLite would need the portal's own function to write a company.
"""

from typing import Any

from django.db import migrations
from django.db.models import Index

from portal.folding import Folded

INDEX = Index(Folded("company_name"), name="adherent_by_folded_name")


def add(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.add_index(apps.get_model("adherents", "Adherent"), INDEX)


def remove(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.remove_index(apps.get_model("adherents", "Adherent"), INDEX)


class Migration(migrations.Migration):
    dependencies = [("adherents", "0002_change_requests")]
    operations = [migrations.RunPython(add, remove)]
