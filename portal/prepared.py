"""Queries that every page asks, compiled once: building one costs Django ten times what running it does.

Only for what profiling shows (docs/figures.md); anything else is a plain queryset.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Expression, Field, QuerySet
from django.db.transaction import TransactionManagementError


class Blank(Expression):
    """A value that is only given when the query runs, of the kind that the field keeps."""

    def __init__(self, name: str, field: Field[Any, Any]) -> None:
        super().__init__(output_field=field)
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        """Its place among the parameters."""
        return "%s", [self]


@dataclass(frozen=True)
class Compiled:
    """What one connection runs: the statement, its parameters with blanks, how columns are read."""

    sql: str
    parameters: Sequence[Any]
    compiler: Any
    converters: Any
    locks: bool


class Prepared:
    """A `values_list` queryset with blanks in it; `build` makes it, once for each connection."""

    def __init__(self, build: Callable[[], QuerySet[Any, tuple[Any, ...]]]) -> None:
        self._build = build

    def rows(self, **values: Any) -> list[tuple[Any, ...]]:
        """The rows for these values of the blanks.

        Raises KeyError when one is missing, TransactionManagementError for a lock outside a transaction.
        """
        connection = connections[DEFAULT_DB_ALIAS]
        compiled = self._compiled(connection)
        if compiled.locks and not connection.in_atomic_block:
            raise TransactionManagementError("A lock is held until the end of a transaction: there is none.")
        parameters = [_filled(parameter, values, connection) for parameter in compiled.parameters]
        with connection.cursor() as cursor:
            cursor.execute(compiled.sql, parameters)
            rows: list[tuple[Any, ...]] = cursor.fetchall()
        if compiled.converters:
            return [tuple(row) for row in compiled.compiler.apply_converters(rows, compiled.converters)]
        return rows

    def _compiled(self, connection: BaseDatabaseWrapper) -> Compiled:
        # On the connection, which is its thread's own: nothing is shared, and both go together.
        kept: dict[Prepared, Compiled] = connection.__dict__.setdefault("portal_prepared", {})
        if self not in kept:
            kept[self] = self._compile(connection)
        return kept[self]

    def _compile(self, connection: BaseDatabaseWrapper) -> Compiled:
        query = self._build().query
        compiler: Any = query.get_compiler(connection=connection)
        sql, parameters = compiler.as_sql()
        columns = [column for column, _, _ in compiler.select]
        return Compiled(sql, parameters, compiler, compiler.get_converters(columns), query.select_for_update)


def _filled(parameter: Any, values: dict[str, Any], connection: BaseDatabaseWrapper) -> Any:
    if not isinstance(parameter, Blank):
        return parameter
    return parameter.output_field.get_db_prep_value(values[parameter.name], connection)
