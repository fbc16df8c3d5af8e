"""Text as people look for it: without accents, capitals, ligatures or the shape of an apostrophe.

One rule for both databases: SQLite calls the Python function, PostgreSQL its own `translate`.
"""

from __future__ import annotations

import unicodedata
from typing import Any

from django.db.backends.signals import connection_created
from django.db.models import CharField, Func

ACCENTED = "àâäáãåçéèêëíìîïñóòôöõúùûüýÿ’-"
PLAIN = "aaaaaaceeeeiiiinooooouuuuyy' "


def fold(text: str) -> str:
    """The folded form of a text, for searching and sorting; never shown."""
    lower = text.lower().replace("œ", "oe").replace("æ", "ae").replace("’", "'").replace("-", " ")
    return "".join(char for char in unicodedata.normalize("NFKD", lower) if not unicodedata.combining(char))


MOST_WORDS = 6


def words_of(text: str) -> list[str]:
    """The folded words of a search, each once: each one reads every row, so a few say enough."""
    return list(dict.fromkeys(fold(text).split()))[:MOST_WORDS]


class Folded(Func):
    """The folded form of a column, in the database."""

    function = "portal_fold"
    arity = 1
    output_field = CharField()

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """The same with PostgreSQL's own functions."""
        template = (
            f"replace(replace(translate(lower(%(expressions)s), '{ACCENTED}', "
            f"'{PLAIN.replace(chr(39), chr(39) * 2)}'), 'œ', 'oe'), 'æ', 'ae')"
        )
        return self.as_sql(compiler, connection, template=template, **context)


def teach_sqlite(connection: Any, **kwargs: Any) -> None:
    """Give each SQLite connection the function."""
    if connection.vendor == "sqlite":
        connection.connection.create_function(
            "portal_fold", 1, lambda text: text and fold(text), deterministic=True
        )


def connect() -> None:
    """Once, at start."""
    connection_created.connect(teach_sqlite, dispatch_uid="portal.folding")
