"""Admin pages on which staff write: each change is a line of the journal, in the same transaction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, ClassVar, TypeVar, cast

from django.contrib import admin
from django.db.models import DecimalField, Field, Model
from django.http import HttpRequest

from portal.journal.models import Kind
from portal.journal.recording import CLAUSE, record
from portal.origin import Origin
from portal.templatetags.french import short_date

M = TypeVar("M", bound=Model)
Facts = Mapping[str, str]


class RecordedAdmin(admin.ModelAdmin[M]):
    """Figures that staff keep. No action on several rows at once: those would write none of the lines."""

    actions = None
    formfield_overrides: ClassVar = {DecimalField: {"localize": True}}  # 0,5 as well as 0.5
    room: ClassVar[str]  # begins the action of the lines: `figures` for `figures.changed`

    def save_model(self, request: HttpRequest, obj: M, form: Any, change: bool) -> None:
        """Keep it; a row that is saved as it was leaves no line."""
        before = self._facts(obj) if change else None
        super().save_model(request, obj, form, change)
        after = self._facts(obj)
        if before is None:
            self._record(request, "added", f"ajoute {_named(obj)}", None, after)
        elif before != after:
            told = CLAUSE.join(_changes(before, after))
            self._record(request, "changed", f"modifie {_named(obj)}\u00a0: {told}", before, after)

    def delete_model(self, request: HttpRequest, obj: M) -> None:
        """Take it away."""
        before, named = self._facts(obj), _named(obj)
        super().delete_model(request, obj)
        self._record(request, "deleted", f"supprime {named}", before, None)

    def _facts(self, obj: M) -> Facts:
        """What the database holds of it, which nobody else writes until the change is made."""
        row = self.model._base_manager.select_for_update().get(pk=obj.pk)
        fields = [field for field in row._meta.concrete_fields if field.editable and not field.primary_key]
        return {str(field.verbose_name): written(row, field) for field in fields}

    def _record(
        self, request: HttpRequest, action: str, act: str, before: Facts | None, after: Facts | None
    ) -> None:
        staff = cast(Any, request.user)
        record(
            f"{self.room}.{action}",
            f"{staff.get_full_name()} {act}",
            kind=Kind.COMPANY,
            origin=Origin.of(request),
            actor=staff,
            before=before,
            after=after,
        )


def written(row: Model, field: Field[Any, Any]) -> str:
    """A field's value in French; empty where there is none."""
    value = getattr(row, field.attname)
    if value is None:
        return ""
    if field.choices:
        return str(getattr(row, f"get_{field.name}_display")())
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, Decimal):
        return f"{value.normalize():f}".replace(".", ",")
    return short_date(value) if isinstance(value, dt.date) else str(value)


def _named(obj: Model) -> str:
    return f"«\u00a0{obj._meta.verbose_name}\u00a0» {obj}"


def _changes(before: Facts, after: Facts) -> Iterator[str]:
    for label, now in after.items():
        if before[label] != now:
            yield f"{label}, de {before[label] or 'rien'} à {now or 'rien'}"
