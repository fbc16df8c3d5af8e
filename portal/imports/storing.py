"""Keeping a batch of lines: parents found, twins refused, rows compared and written, all set-wise."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Sequence
from typing import Any

from django.db import DataError, IntegrityError, models, transaction
from django.db.models import F

from portal.imports.extract import Extract, Parent
from portal.imports.fields import written
from portal.imports.line import Line, State

Key = tuple[Hashable, ...]


def keep(extract: Extract, lines: Sequence[Line], seen: dict[Key, int]) -> None:
    """Settle the state of each line of a batch, in the current transaction.

    `seen` holds the keys of the file's earlier lines with their numbers, and receives this batch's.
    """
    for parent in extract.parents:
        _find_parents(extract, parent, lines)
    for line in lines:
        _apply_rules(extract, line)
    _refuse_twins(extract, lines, seen)
    valid = [line for line in lines if not line.refused]
    if extract.adjust is not None:
        extract.adjust(extract, valid)
    store = extract.store or upsert
    try:
        with transaction.atomic():
            store(extract, valid)
    except (IntegrityError, DataError):
        for line in valid:
            _store_alone(extract, line)


def upsert(extract: Extract, lines: Sequence[Line]) -> list[models.Model]:
    """Insert the lines whose key is new, update those that differ, and say which on each line.

    Returns the row of each line.
    """
    kept: list[models.Model] = []
    existing = _existing(extract, lines)
    created: list[models.Model] = []
    changed: list[models.Model] = []
    fields: set[str] = set()
    for line in lines:
        row = existing.get(_key(extract, line) or ())
        if row is None:
            created.append(extract.model(**line.attributes))
            kept.append(created[-1])
            line.state = State.CREATED
            continue
        kept.append(row)
        different = {name for name, value in line.attributes.items() if getattr(row, name) != value}
        line.state = State.CHANGED if different else State.SAME
        if different:
            line.detail = _difference(extract, row, line)
            for name in different:
                setattr(row, name, line.attributes[name])
            changed.append(row)
            fields |= different
    extract.model._base_manager.bulk_create(created)
    rewrite(extract.model, changed, fields)
    return kept


def rewrite(model: type[models.Model], rows: Sequence[models.Model], attributes: Collection[str]) -> None:
    """Write these attributes of rows that are there already. Raises IntegrityError or DataError."""
    if rows:
        # Several times faster than bulk_update, whose CASE grows with lines and columns.
        model._base_manager.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["pk"],
            update_fields=[model._meta.get_field(name).name for name in attributes],
        )


def change(name: str, before: object, after: object) -> str:
    """What the report says of a value that changes: `ville : « METZ » → « NANCY »`."""
    return f"{name} : {_quoted(written(before))} → {_quoted(written(after))}"


def _find_parents(extract: Extract, parent: Parent, lines: Sequence[Line]) -> None:
    attribute = extract.attribute(parent.field)
    wanted: list[tuple[Line, Key]] = []
    for line in lines:
        line.attributes[attribute] = None
        key = tuple(line.values.get(column) for column in parent.by)
        if all(key):
            wanted.append((line, key))
    found = _primary_keys(extract, parent, {key for _, key in wanted})
    for line, key in wanted:
        if key in found:
            line.attributes[attribute] = found[key]
        else:
            named = (f"{column}{extract.bound[column].quote(line.values[column])}" for column in parent.by)
            line.refuse(f"{', '.join(named)} : {parent.unknown}")


def _primary_keys(extract: Extract, parent: Parent, keys: set[Key]) -> dict[Key, Any]:
    if not keys:
        return {}
    lookups = list(parent.by.values())
    rows = extract.related_model(parent)._base_manager.filter(**_among(lookups, keys))
    return {tuple(key): pk for *key, pk in rows.values_list(*lookups, "pk")}


def _among(lookups: Sequence[str], keys: Collection[Key]) -> dict[str, set[Hashable]]:
    """Each part of the keys apart: it may bring a few rows more than they name, so match on whole keys."""
    return {f"{lookup}__in": set(part) for lookup, part in zip(lookups, zip(*keys, strict=True), strict=True)}


def _key(extract: Extract, line: Line) -> Key | None:
    """The line's natural key; None when a part of it could not be read or found."""
    key = tuple(line.attributes.get(name) for name in extract.key_attributes)
    return None if None in key else key


def _apply_rules(extract: Extract, line: Line) -> None:
    if not line.refused:
        for fault in filter(None, (rule(line.values) for rule in extract.rules)):
            line.refuse(fault)


def _refuse_twins(extract: Extract, lines: Sequence[Line], seen: dict[Key, int]) -> None:
    for line in lines:
        key = _key(extract, line)
        if key is not None and (first := seen.setdefault(key, line.number)) != line.number:
            line.refuse(f"Cette ligne porte sur la même chose que la ligne {first}.")


def _existing(extract: Extract, lines: Sequence[Line]) -> dict[Key, models.Model]:
    """The rows that the lines may change, locked, with what their parents are called."""
    keys = [key for line in lines if (key := _key(extract, line)) is not None]
    if not keys:
        return {}
    names = extract.key_attributes
    rows = (
        extract.model._base_manager.filter(**_among(names, keys))
        .annotate(**{_was(column): F(origin) for column, origin in extract.origins.items()})
        .select_for_update(of=("self",), no_key=True)
    )
    return {tuple(getattr(row, name) for name in names): row for row in rows}


def _was(column: str) -> str:
    return f"was_{column}"


def _difference(extract: Extract, row: models.Model, line: Line) -> str:
    """Which columns change, from what to what."""
    told = []
    for name, value in line.values.items():
        source = _was(name) if name in extract.origins else extract.filled.get(name)
        before = written(getattr(row, source)) if source else ""
        if source and before != written(value):
            change = f"{name} : {_quoted(before)} → {_quoted(written(value))}"
            told.append(f"{name} modifié" if extract.bound[name].column.secret else change)
    return " ; ".join(told)


def _quoted(text: str) -> str:
    return f"« {text} »" if text else "vide"


def _store_alone(extract: Extract, line: Line) -> None:
    """Keep one line by itself, so that the one which the database refuses is named."""
    store = extract.store or upsert
    try:
        with transaction.atomic():
            store(extract, [line])
    except (IntegrityError, DataError):
        line.refuse("La base de données ne peut pas garder cette ligne : une de ses règles s’y oppose.")
