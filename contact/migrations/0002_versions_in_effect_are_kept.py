"""A version of a text that is or was in effect is neither rewritten nor deleted, nor one moved into the past.

SQLite loses a table's triggers when Django rebuilds the table: a later migration that does so ends with
these operations again (tests fail until it does). Days are those of Paris; SQLite, which knows no zone,
takes its winter time.
"""

from django.db import migrations

POSTGRESQL = (
    """
    CREATE FUNCTION legal_text_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF OLD.starts_on <= (now() AT TIME ZONE 'Europe/Paris')::date THEN
            RAISE EXCEPTION 'a text in effect is kept as it is' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        IF TG_OP = 'DELETE' THEN
            RETURN OLD;
        END IF;
        IF NEW.starts_on < (now() AT TIME ZONE 'Europe/Paris')::date THEN
            RAISE EXCEPTION 'no text begins in the past' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END $$
    """,
    """
    CREATE TRIGGER legal_text_is_kept BEFORE UPDATE OR DELETE ON contact_legaltext
    FOR EACH ROW EXECUTE FUNCTION legal_text_is_kept()
    """,
)
NO_POSTGRESQL = (
    "DROP TRIGGER legal_text_is_kept ON contact_legaltext",
    "DROP FUNCTION legal_text_is_kept()",
)
SQLITE = (
    """
    CREATE TRIGGER legal_text_is_not_rewritten BEFORE UPDATE ON contact_legaltext
    WHEN OLD.starts_on <= date('now', '+1 hour') OR NEW.starts_on < date('now', '+1 hour')
    BEGIN
        SELECT RAISE(ABORT, 'a text in effect is kept as it is');
    END
    """,
    # INSERT OR REPLACE deletes without firing the trigger of deletions.
    """
    CREATE TRIGGER legal_text_replaces_nothing BEFORE INSERT ON contact_legaltext
    WHEN EXISTS (SELECT 1 FROM contact_legaltext WHERE id = NEW.id)
    BEGIN
        SELECT RAISE(ABORT, 'a text in effect is kept as it is');
    END
    """,
    """
    CREATE TRIGGER legal_text_is_not_deleted BEFORE DELETE ON contact_legaltext
    WHEN OLD.starts_on <= date('now', '+1 hour')
    BEGIN
        SELECT RAISE(ABORT, 'a text in effect is kept as it is');
    END
    """,
)
NO_SQLITE = (
    "DROP TRIGGER legal_text_is_not_deleted",
    "DROP TRIGGER legal_text_replaces_nothing",
    "DROP TRIGGER legal_text_is_not_rewritten",
)


def run(statements):
    """The statements of the database in use."""

    def execute(apps, schema_editor):
        for statement in statements[schema_editor.connection.vendor]:
            schema_editor.execute(statement, params=None)

    return execute


class Migration(migrations.Migration):
    dependencies = [("contact", "0001_legal_texts")]
    operations = [
        migrations.RunPython(
            run({"postgresql": POSTGRESQL, "sqlite": SQLITE}),
            run({"postgresql": NO_POSTGRESQL, "sqlite": NO_SQLITE}),
        )
    ]
