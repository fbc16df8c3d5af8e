"""No line is ever changed, and none is deleted before its term: 366 days for sign-ins, 1096 for the rest.

The figures are those of `portal.journal.terms`; a test holds them together. SQLite loses a table's triggers
when Django rebuilds the table: a later migration that does so ends with these operations again (tests fail
until it does). TRUNCATE fires no trigger of rows, and whoever owns the tables can drop a trigger: this holds
against the portal's own faults and whoever speaks through it, not against who administers the database.
"""

from typing import Any

from django.db import migrations

POSTGRESQL = (
    """
    CREATE FUNCTION journal_never_changes() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'a journal entry is never changed' USING ERRCODE = 'integrity_constraint_violation';
    END $$
    """,
    """
    CREATE FUNCTION journal_keeps_its_terms() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF OLD.at > statement_timestamp() - interval '24 hours'
            * (CASE OLD.kind WHEN 'sign_in' THEN 366 ELSE 1096 END)
        THEN
            RAISE EXCEPTION 'a journal entry is kept until its term'
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN OLD;
    END $$
    """,
    """
    CREATE TRIGGER journal_never_changes BEFORE UPDATE ON journal_entry
    FOR EACH ROW EXECUTE FUNCTION journal_never_changes()
    """,
    """
    CREATE TRIGGER journal_keeps_its_terms BEFORE DELETE ON journal_entry
    FOR EACH ROW EXECUTE FUNCTION journal_keeps_its_terms()
    """,
)
NO_POSTGRESQL = (
    "DROP TRIGGER journal_keeps_its_terms ON journal_entry",
    "DROP TRIGGER journal_never_changes ON journal_entry",
    "DROP FUNCTION journal_keeps_its_terms()",
    "DROP FUNCTION journal_never_changes()",
)
SQLITE = (
    """
    CREATE TRIGGER journal_never_changes BEFORE UPDATE ON journal_entry
    BEGIN
        SELECT RAISE(ABORT, 'a journal entry is never changed');
    END
    """,
    # INSERT OR REPLACE deletes without firing the trigger of deletions.
    """
    CREATE TRIGGER journal_replaces_nothing BEFORE INSERT ON journal_entry
    WHEN EXISTS (SELECT 1 FROM journal_entry WHERE id = NEW.id)
    BEGIN
        SELECT RAISE(ABORT, 'a journal entry is never changed');
    END
    """,
    """
    CREATE TRIGGER journal_keeps_its_terms BEFORE DELETE ON journal_entry
    WHEN OLD.at > strftime(
        '%Y-%m-%d %H:%M:%f', 'now', CASE OLD.kind WHEN 'sign_in' THEN '-366 days' ELSE '-1096 days' END
    )
    BEGIN
        SELECT RAISE(ABORT, 'a journal entry is kept until its term');
    END
    """,
)
NO_SQLITE = (
    "DROP TRIGGER journal_keeps_its_terms",
    "DROP TRIGGER journal_replaces_nothing",
    "DROP TRIGGER journal_never_changes",
)


def run(statements: dict[str, tuple[str, ...]]) -> Any:
    """The statements of the database in use."""

    def execute(apps: Any, schema_editor: Any) -> None:
        for statement in statements[schema_editor.connection.vendor]:
            schema_editor.execute(statement, params=None)

    return execute


class Migration(migrations.Migration):
    dependencies = [("journal", "0003_lines_of_a_site")]
    operations = [
        migrations.RunPython(
            run({"postgresql": POSTGRESQL, "sqlite": SQLITE}),
            run({"postgresql": NO_POSTGRESQL, "sqlite": NO_SQLITE}),
        )
    ]
