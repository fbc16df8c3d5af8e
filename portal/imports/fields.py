"""How the text of a cell becomes a value: one reader per kind of column.

A reader is given a cleaned text that is not empty. It returns the value, or `Understood` when it
had to put the text in form, and raises ValidationError with the end of a French sentence.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Collection
from decimal import Decimal
from typing import Any, NamedTuple

from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.db import models

from portal.identifiers import ascii_digits

Reader = Callable[[str], Any]

DATE = re.compile(r"([0-9]{2})/([0-9]{2})/([0-9]{4})")
AMOUNT = re.compile(r"([+-]?)([0-9]+|[0-9]{1,3}(?: [0-9]{3})+)(?:,([0-9]+))?")
WHOLE = re.compile(r"-?[0-9]{1,9}")
OLDEST_YEAR = 1900


class Understood(NamedTuple):
    """A value that was not written as it should be, and how it was understood (French)."""

    value: Any
    note: str


def text(longest: int | None) -> Reader:
    """Any text of at most `longest` characters, kept as it is."""

    def read(cell: str) -> str:
        if longest is not None and len(cell) > longest:
            raise ValidationError(f"le texte compte {len(cell)} caractères, {longest} au plus sont gardés.")
        return cell

    return read


def identifier(parse: Callable[[str], str]) -> Reader:
    """What `parse` makes of the text; another writing than the official one is understood."""

    def read(cell: str) -> str | Understood:
        official = parse(cell)
        return official if official == cell else Understood(official, "remis en forme")

    return read


def digits(length: int) -> Reader:
    """Exactly `length` digits, kept as text with their leading zeros."""

    def parse(cell: str) -> str:
        found = ascii_digits(cell, length)
        if found is None:
            raise ValidationError(f"{length} chiffres sont attendus.")
        return found

    return identifier(parse)


def choice(values: Collection[str]) -> Reader:
    """One of the values, exactly as listed."""

    def read(cell: str) -> str:
        if cell not in values:
            raise ValidationError(f"ce code n’est pas connu ; codes possibles : {', '.join(values)}.")
        return cell

    return read


def date(cell: str) -> dt.date:
    """A date written jj/mm/aaaa, from 1900 on."""
    found = DATE.fullmatch(cell)
    if found is None:
        raise ValidationError("une date s’écrit jj/mm/aaaa, par exemple 31/01/2026.")
    day, month, year = map(int, found.groups())
    if year < OLDEST_YEAR:
        raise ValidationError(f"l’année est antérieure à {OLDEST_YEAR}.")
    try:
        return dt.date(year, month, day)
    except ValueError:
        raise ValidationError("cette date n’existe pas.") from None


def amount(most_digits: int, places: int) -> Reader:
    """A decimal number with a comma, `1234,56` or `1 234,56`: never rounded."""

    def read(cell: str) -> Decimal | Understood:
        found = AMOUNT.fullmatch(cell)
        if found is None:
            raise ValidationError("un nombre s’écrit avec une virgule, par exemple 1234,56.")
        sign, whole, decimals = found[1], found[2].replace(" ", ""), (found[3] or "").rstrip("0")
        if len(decimals) > places:
            raise ValidationError(f"{places} chiffres au plus sont admis après la virgule.")
        if len(whole.lstrip("0")) > most_digits - places:
            raise ValidationError("ce nombre est trop grand.")
        value = Decimal(f"{sign}{whole}.{decimals:0<{places}}")
        return Understood(value, "espaces retirées du nombre") if " " in cell else value

    return read


def whole(cell: str) -> int:
    """A whole number of at most nine digits."""
    if not WHOLE.fullmatch(cell):
        raise ValidationError("un nombre entier est attendu.")
    return int(cell)


def yes_no(cell: str) -> bool:
    """O for yes, N for no."""
    if cell not in {"O", "N"}:
        raise ValidationError("O (oui) ou N (non) est attendu.")
    return cell == "O"


def reader_for(field: models.Field[Any, Any]) -> Reader:
    """The reader that suits a model's field. Raises ImproperlyConfigured when there is none."""
    if field.choices:
        return choice([str(value) for value, _ in field.flatchoices])
    if isinstance(field, models.CharField | models.TextField):
        return text(field.max_length)
    if isinstance(field, models.DecimalField):
        return amount(field.max_digits, field.decimal_places)
    if isinstance(field, models.DateField) and not isinstance(field, models.DateTimeField):
        return date
    if isinstance(field, models.BooleanField):
        return yes_no
    if isinstance(field, models.IntegerField):
        return whole
    raise ImproperlyConfigured(f"{field} needs a reader of its own.")


def written(value: object) -> str:
    """A value as an extract would write it."""
    if isinstance(value, bool):
        return "O" if value else "N"
    if isinstance(value, dt.date):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, Decimal):
        return f"{value:f}".replace(".", ",")
    return "" if value is None else str(value)
