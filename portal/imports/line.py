"""A line of an extract on its way to the database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.core.exceptions import ValidationError

from portal.imports.cleaning import clean
from portal.imports.extract import Bound, Extract
from portal.imports.fields import Understood
from portal.imports.reading import Row


class State(StrEnum):
    """What became of a line, as the report says it."""

    CREATED = "créé"
    CHANGED = "modifié"
    SAME = "identique"
    REFUSED = "refusé"


@dataclass(slots=True)
class Line:
    """A line's values by column, then by attribute of the model, and what became of it."""

    number: int
    values: dict[str, Any] = field(default_factory=dict)
    attributes: dict[str, Any] = field(default_factory=dict)
    cleaned: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    state: State | None = None
    detail: str = ""

    def refuse(self, fault: str) -> None:
        """Refuse the line, for one more reason (a French sentence)."""
        self.state = State.REFUSED
        self.faults.append(fault)
        self.detail = " ".join(self.faults)

    @property
    def refused(self) -> bool:
        """Whether the line cannot be kept."""
        return self.state is State.REFUSED


def line_from(row: Row, extract: Extract, columns: Sequence[Bound]) -> Line:
    """Read a row, whose cells come in the order of `columns`; every fault of the line is noted."""
    line = Line(row.number, cleaned=[row.remark] if row.remark else [])
    if row.fault:
        line.refuse(row.fault)
    elif len(row.cells) != len(columns):
        line.refuse(_miscounted(len(row.cells), len(columns)))
    else:
        for bound, raw in zip(columns, row.cells, strict=True):
            _read_cell(line, bound, raw)
        line.attributes = {
            attribute: line.values[name] for name, attribute in extract.filled.items() if name in line.values
        }
    return line


def _read_cell(line: Line, bound: Bound, raw: str) -> None:
    name = bound.column.name
    try:
        text, notes = clean(raw)
        value = bound.read(text) if text else bound.empty
    except ValidationError as error:
        line.refuse(f"{name}{bound.quote(raw)} : {error.messages[0]}")
        return
    if bound.required and not text:
        line.refuse(f"{name} : la valeur manque.")
        return
    if isinstance(value, Understood):
        value, note = value
        notes = [*notes, note]
    if notes:
        line.cleaned.append(f"{name} : {', '.join(notes)}")
    line.values[name] = value


def _miscounted(found: int, expected: int) -> str:
    if found < expected:
        return f"La ligne est coupée : {found} colonnes au lieu de {expected}."
    return (
        f"La ligne compte {found} colonnes au lieu de {expected} : "
        "un texte qui contient un point-virgule doit être entre guillemets."
    )
