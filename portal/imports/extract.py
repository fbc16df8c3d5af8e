"""What an app says of a file it takes: its columns, its key, the rows it hangs from."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ImproperlyConfigured
from django.db import models

from portal.imports.cleaning import shown
from portal.imports.fields import Reader, reader_for

if TYPE_CHECKING:
    from portal.imports.line import Line

Rule = Callable[[Mapping[str, Any]], str | None]
"""Given the values of a line by column, a French sentence when they contradict each other."""

Adjust = Callable[["Extract", "Sequence[Line]"], None]
"""Changes the values of a batch's valid lines before they are compared; see `Extract.adjust`."""

Store = Callable[["Extract", "Sequence[Line]"], object]
"""Keeps the lines of a batch and says on each what became of it; see `Extract.store`."""


@dataclass(frozen=True, eq=False)
class Column:
    """One column of a file.

    `name` is its header, `field` the model's field it fills (empty for a column that only serves a
    parent or a hook). Reader, obligation and empty value follow from the field unless given.
    `secret` keeps the values of the column out of the report (NIR, IBAN).
    """

    name: str
    field: str = ""
    read: Reader | None = None
    required: bool | None = None
    empty: Any = None
    secret: bool = False


@dataclass(frozen=True, eq=False)
class Parent:
    """A row that must already be there, found by what the line says of it.

    `field` is the foreign key it fills; `by` gives, for each column, the lookup on the parent's
    model that the column's value must meet: `{"numero_adherent": "number"}`. `unknown` is the
    French sentence when there is none. Without any value, an optional foreign key stays empty.
    """

    field: str
    by: Mapping[str, str]
    unknown: str


@dataclass(frozen=True, eq=False)
class Bound:
    """A column with everything that its model decided."""

    column: Column
    read: Reader
    required: bool
    empty: Any

    def quote(self, cell: object) -> str:
        """The cell between French quotes, after a space; nothing for a secret column."""
        return "" if self.column.secret else f" « {shown(str(cell))} »"


@dataclass(frozen=True, eq=False)
class Extract:
    """A file of the back office and where its lines go.

    `key` names the model's fields that make a line unique, never empty: a line whose key is known
    changes that row, any other makes a new one. `after` names the files to be read before.
    `rules` look at a whole line, once its parents are found. `adjust` is then given the valid lines of
    a batch, once, and may change their values: what the portal knows better. `store` replaces the
    plain keeping of lines: it is given the valid lines of a batch, inside a transaction, may be called
    again with a part of them when the database refuses one, and must set each line's state;
    `portal.imports.storing.upsert` is there for it to call.
    """

    name: str
    model: type[models.Model]
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    parents: tuple[Parent, ...] = ()
    after: tuple[str, ...] = ()
    rules: tuple[Rule, ...] = ()
    adjust: Adjust | None = None
    store: Store | None = None

    @cached_property
    def bound(self) -> dict[str, Bound]:
        """The columns by header. Raises when one fits neither the model nor a parent."""
        return {column.name: self._bind(column) for column in self.columns}

    @cached_property
    def key_attributes(self) -> tuple[str, ...]:
        """The key as attributes of an instance: `site_id` for the foreign key `site`."""
        return tuple(self.attribute(field) for field in self.key)

    @cached_property
    def filled(self) -> dict[str, str]:
        """For each column that fills a field itself, the instance's attribute."""
        return {column.name: self.attribute(column.field) for column in self.columns if column.field}

    def replace(self, line: Line, field: str, value: Any, note: str) -> None:
        """Give a line another value for one of the model's own fields, and say so in the report."""
        for name, attribute in self.filled.items():
            if attribute == field:
                line.values[name] = line.attributes[attribute] = value
                line.cleaned.append(f"{name} : {note}")

    @cached_property
    def origins(self) -> dict[str, str]:
        """For each column that serves a parent, the lookup of its value from the extract's model."""
        return {name: f"{p.field}__{lookup}" for p in reversed(self.parents) for name, lookup in p.by.items()}

    def attribute(self, field: str) -> str:
        """The attribute of an instance that holds the field's own value."""
        return str(self._field(field).attname)

    def related_model(self, parent: Parent) -> type[models.Model]:
        """The model that the parent is found in."""
        related = self._field(parent.field).related_model
        if not isinstance(related, type):
            raise ImproperlyConfigured(f"{self.name}: {parent.field} is not a foreign key.")
        return related

    def check(self) -> None:
        """Raise FieldDoesNotExist or ImproperlyConfigured when the description does not hold."""
        for parent in self.parents:
            self.related_model(parent)
        written = {*self.filled.values(), *(self.attribute(parent.field) for parent in self.parents)}
        if not (set(self.origins) <= set(self.bound) and set(self.key_attributes) <= written):
            raise ImproperlyConfigured(f"{self.name}: a parent or the key names no column.")

    def _field(self, name: str) -> models.Field[Any, Any]:
        field = self.model._meta.get_field(name)
        if not isinstance(field, models.Field):
            raise ImproperlyConfigured(f"{self.name}: {name} is not a field of its own.")
        return field

    def _bind(self, column: Column) -> Bound:
        if column.field:
            field = self._field(column.field)
            read, required = column.read or reader_for(field), not field.blank or column.field in self.key
            empty = "" if isinstance(field, models.CharField | models.TextField) else None
        else:
            required, empty = self._parent_needs(column.name), ""
            if column.read is None:
                raise ImproperlyConfigured(f"{self.name}: {column.name} needs a reader.")
            read = column.read
        return Bound(
            column=column,
            read=read,
            required=required if column.required is None else column.required,
            empty=empty if column.empty is None else column.empty,
        )

    def _parent_needs(self, name: str) -> bool:
        return any(name in parent.by and not self._field(parent.field).null for parent in self.parents)
