"""Step 3: the hours that each employee lost on each day, as a table of plain fields."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property

from django.core.exceptions import ValidationError
from django.utils.safestring import SafeString

from intemperies.calculation.sentences import hours as in_words
from intemperies.grid_cells import Cell, written
from intemperies.models import Line
from intemperies.typed_hours import hours_typed, hours_written
from portal.access.levels import College

SHORT_DAYS = ("lun.", "mar.", "mer.", "jeu.", "ven.", "sam.", "dim.")
CELL = re.compile(r"h_([0-9]{1,18})_([0-9]{8})", re.ASCII)
GONE = "Un salarié retiré de l’arrêt"
UNUSED = "Aucune case n’est remplie."
HOW_TO_USE = "appuyez sur «\u00a0Remplir les cases vides\u00a0», ou effacez ces heures."
LONG_DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")


@dataclass(frozen=True)
class Day:
    """A column."""

    day: dt.date
    fill: str = ""  # what was typed in « Pour tous »
    error: str = ""

    @cached_property
    def key(self) -> str:
        """As fields are named."""
        return f"{self.day:%Y%m%d}"

    @property
    def short(self) -> str:
        """« lun. 12/01 »."""
        return f"{SHORT_DAYS[self.day.weekday()]}\u00a0{self.day:%d/%m}"

    @cached_property
    def long(self) -> str:
        """« lundi 12/01 »."""
        return f"{LONG_DAYS[self.day.weekday()]} {self.day:%d/%m}"


@dataclass(frozen=True)
class Row:
    """An employee."""

    line: Line
    cells: Sequence[Cell]
    total: str

    @property
    def name(self) -> str:
        """« MEYER Zoé »."""
        return who(self.line)

    @property
    def html(self) -> SafeString:
        """Its cells, written."""
        return written(self.name, self.cells)

    @property
    def college(self) -> str:
        """His collège, in words."""
        return College(self.line.college).label


@dataclass
class HoursGrid:
    """The table. `data` is what was sent; without it, what is recorded."""

    lines: Sequence[Line]
    days: Sequence[dt.date]
    data: Mapping[str, str] | None = None
    against_recorded: bool = False  # shows where what was typed differs from what a colleague wrote
    hours: dict[tuple[int, dt.date], Decimal] = field(default_factory=dict)
    errors: list[tuple[str, str]] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    columns: list[Day] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.columns = [Day(day, self._sent(f"tous_{day:%Y%m%d}")) for day in self.days]
        self.rows = [self._row(line) for line in self.lines]
        self.columns = [self._checked(place, day) for place, day in enumerate(self.columns)]

    def filled(self) -> HoursGrid:
        """The same, each empty cell filled with what « Pour tous » says of its day."""
        sent = self.data or {}
        values = {name: sent[name] for name in sent}  # of a QueryDict, `dict()` would give lists
        for row in self.rows:
            for day, cell in zip(self.columns, row.cells, strict=True):
                if not cell.typed.strip():
                    values[cell.name] = day.fill
        return HoursGrid(self.lines, self.days, values)

    def left_out(self) -> Iterator[str]:
        """What was typed in cells that are not of this grid: the stop or its employees changed meanwhile."""
        shown = {cell.name for row in self.rows for cell in row.cells}
        names = {line.pk: who(line) for line in self.lines}
        for name in self.data or {}:
            cell, typed = CELL.fullmatch(name), self._sent(name)
            day = _day(cell[2]) if cell else None
            if cell and day and typed and name not in shown:
                yield f"{names.get(int(cell[1]), GONE)}, {Day(day).long}\u00a0: {typed}"

    @property
    def is_valid(self) -> bool:
        """Whether every cell is understood, and « Pour tous » served where it was typed."""
        return not self.errors

    @property
    def total(self) -> str:
        """All hours."""
        return in_words(sum(self.hours.values(), Decimal(0)))

    def day_totals(self) -> list[str]:
        """The hours of each day."""
        return [
            in_words(sum((value for (_, day), value in self.hours.items() if day == each), Decimal(0)))
            for each in self.days
        ]

    def _row(self, line: Line) -> Row:
        recorded = {row.day: row.hours for row in line.lost_hours.all()}
        cells = [self._cell(line, day, recorded.get(day.day)) for day in self.columns]
        total = sum((self.hours.get((line.pk, day), Decimal(0)) for day in self.days), Decimal(0))
        return Row(line, cells, in_words(total))

    def _cell(self, line: Line, day: Day, recorded: Decimal | None) -> Cell:
        name = f"h_{line.pk}_{day.key}"
        typed = hours_written(recorded) if self.data is None else self._sent(name)
        try:
            value = hours_typed(typed)
        except ValidationError as wrong:
            message = str(wrong.messages[0])
            self.errors.append((name, f"{who(line)}, {day.long}\u00a0: {message}"))
            return Cell(name, day.long, typed, error=message)
        self.hours[line.pk, day.day] = value
        differs = self.against_recorded and value != (recorded or 0)
        told = (hours_written(recorded) or "rien") if differs else None
        return Cell(name, day.long, typed, recorded=told)

    def _checked(self, place: int, day: Day) -> Day:
        """What is typed for all and filled no cell would be lost when the grid is recorded."""
        if not day.fill or any(row.cells[place].typed for row in self.rows):
            return day
        self.errors.append((f"tous_{day.key}", f"Pour tous, {day.long}\u00a0: {HOW_TO_USE}"))
        return replace(day, error=UNUSED)

    def _sent(self, name: str) -> str:
        # Spaces first: cut between them, hours could be read of the half that is left.
        return " ".join((self.data or {}).get(name, "").split())[:20]


def _day(key: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(key)
    except ValueError:
        return None


def who(line: Line) -> str:
    """« MEYER Zoé »."""
    return f"{line.employee.last_name} {line.employee.first_name}"
