"""Step 2: which employees were stopped, with what the file says of them and what the declarant states."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError

from intemperies.drafting import Stated, known_of
from intemperies.models import Line
from portal.access.levels import College
from portal.fields import AmountField
from portal.templatetags.french import euros

WAGE = AmountField(required=False, min_value=Decimal("0.01"))
HOURS = AmountField(required=False, min_value=Decimal(0))
WRONG_WAGE = "Écrivez le salaire horaire en euros, par exemple 14,50."
WRONG_HOURS = "Écrivez un nombre d’heures, par exemple 303,34."
WRONG_DAYS = "Écrivez un nombre de jours, par exemple 12."
MOST_WAGE, MOST_HOURS, MOST_DAYS = Decimal(1000), Decimal(2000), 366
NOBODY = "Cochez au moins un salarié."


@dataclass(frozen=True)
class Field:
    """A field of the table, and why what it holds is wrong."""

    name: str
    typed: str
    error: str = ""


@dataclass(frozen=True)
class Choice:
    """An employee of the table."""

    employee: Any
    ticked: bool
    wage: Field
    hours: Field
    days: Field
    stated_by: str = ""

    @property
    def tick_name(self) -> str:
        """The name of its box."""
        return f"e_{self.employee.pk}"

    @property
    def name(self) -> str:
        """« MEYER Zoé »."""
        return f"{self.employee.last_name} {self.employee.first_name}"

    @property
    def college(self) -> str:
        """His collège of the first day, in words."""
        return College(self.employee.college_then).label


class EmployeeChoice:
    """The table: what was sent (`data`), or what is recorded, the file's values where nothing is."""

    def __init__(
        self, offered: Collection[Any], lines: Iterable[Line], data: Mapping[str, str] | None = None
    ) -> None:
        self.data = data
        self.errors: list[tuple[str, str]] = []
        self.chosen: dict[int, Stated] = {}
        recorded = {line.employee_id: line for line in lines}
        self.all = data is not None and data.get("do") == "all"
        self.rows = [self._row(employee, recorded.get(employee.pk)) for employee in offered]
        if data is not None and not self.all and not self.chosen and not self.errors:
            self.errors.append((self.rows[0].tick_name if self.rows else "", NOBODY))

    @property
    def is_empty(self) -> bool:
        """Whether nobody is ticked."""
        return not any(row.ticked for row in self.rows)

    @property
    def is_valid(self) -> bool:
        """Whether it may be recorded: « Tout cocher » records nothing."""
        return not self.errors and not self.all

    def _row(self, employee: Any, line: Line | None) -> Choice:
        key = employee.pk
        ticked = self.all or (f"e_{key}" in self.data if self.data is not None else line is not None)
        known = line or known_of(employee)
        name = f"{employee.last_name} {employee.first_name}"
        wage, wage_field = self._read(f"w_{key}", euros(known.wage), ticked, name, _wage)
        hours, hours_field = self._read(f"t_{key}", euros(known.worked_hours), ticked, name, _hours)
        shown_days = "" if known.paid_days is None else str(known.paid_days)
        days, days_field = self._read(f"d_{key}", shown_days, ticked, name, _days)
        if ticked:
            self.chosen[key] = Stated(wage, hours, days)
        stated_by = line.stated_by if line else ""
        return Choice(employee, ticked, wage_field, hours_field, days_field, stated_by)

    def _read(self, name: str, recorded: str, ticked: bool, who: str, read: Any) -> tuple[Any, Field]:
        typed = recorded if self.data is None else " ".join(self.data.get(name, "").split())[:40]
        try:
            return read(typed), Field(name, typed)
        except ValidationError as wrong:
            message = str(wrong.messages[0])
            if ticked:
                self.errors.append((name, f"{who}\u00a0: {message}"))
            return None, Field(name, typed, message if ticked else "")


def _wage(typed: str) -> Decimal | None:
    return _amount(WAGE, typed, MOST_WAGE, WRONG_WAGE)


def _hours(typed: str) -> Decimal | None:
    return _amount(HOURS, typed, MOST_HOURS, WRONG_HOURS)


def _amount(field: AmountField, typed: str, most: Decimal, wrong: str) -> Decimal | None:
    try:
        value: Decimal | None = field.clean(typed)
    except ValidationError:
        raise ValidationError(wrong) from None
    if value is not None and value > most:
        raise ValidationError(wrong)
    return value


def _days(typed: str) -> int | None:
    text = "".join(typed.split())
    if not text:
        return None
    if not text.isascii() or not text.isdigit() or len(text) > len(str(MOST_DAYS)) or int(text) > MOST_DAYS:
        raise ValidationError(WRONG_DAYS)
    return int(text)
