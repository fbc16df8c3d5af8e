"""From the text of a cell to a value."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.db import models

from portal.identifiers import parse_siret
from portal.imports import fields
from portal.imports.fields import Understood


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("1234,56", Decimal("1234.56")),
        ("-1234,5", Decimal("-1234.50")),
        ("0", Decimal("0.00")),
        ("12,5000", Decimal("12.50")),
        ("1 234,56", Understood(Decimal("1234.56"), "espaces retirées du nombre")),
        ("999999999999,99", Decimal("999999999999.99")),
    ],
)
def test_amounts_are_read_with_a_comma(cell: str, value: object) -> None:
    assert fields.amount(14, 2)(cell) == value


@pytest.mark.parametrize(
    "cell", ["1234.56", "1.234,56", "12,345", "1000000000000,00", "1e3", "NaN", ",5", "5,", "1 23", "١٢", "€"]
)
def test_an_amount_that_would_be_guessed_or_rounded_is_refused(cell: str) -> None:
    with pytest.raises(ValidationError):
        fields.amount(14, 2)(cell)


def test_a_date_is_read_day_first() -> None:
    assert fields.date("02/01/2026") == dt.date(2026, 1, 2)
    assert fields.date("31/12/9999") == dt.date(9999, 12, 31)


@pytest.mark.parametrize(
    "cell",
    ["31/02/2026", "00/01/2026", "1/2/2026", "2026-01-31", "31/12/1899", "01/01/0026", "01/01/26", "x"],
)
def test_a_date_that_is_none_is_refused(cell: str) -> None:
    with pytest.raises(ValidationError):
        fields.date(cell)


def test_another_writing_of_an_identifier_is_understood_and_said() -> None:
    read = fields.identifier(parse_siret)
    assert read("73282932000074") == "73282932000074"
    assert read("732 829 320 00074") == Understood("73282932000074", "remis en forme")
    assert fields.digits(5)("00123") == "00123"


@pytest.mark.parametrize(
    ("read", "cell"),
    [
        (fields.digits(5), "123"),
        (fields.digits(5), "1234A"),
        (fields.choice(["GO", "SO"]), "XX"),
        (fields.choice(["GO", "SO"]), "go"),
        (fields.text(3), "ABCD"),
        (fields.whole, "1,5"),
        (fields.whole, "9999999999"),
        (fields.yes_no, "oui"),
    ],
)
def test_what_a_column_cannot_hold_is_refused(read: fields.Reader, cell: str) -> None:
    with pytest.raises(ValidationError):
        read(cell)


@pytest.mark.parametrize(
    ("field", "cell", "value"),
    [
        (models.CharField(max_length=3), "ABC", "ABC"),
        (models.TextField(), "x" * 5000, "x" * 5000),
        (models.CharField(max_length=2, choices=[("GO", "Gros œuvre")]), "GO", "GO"),
        (models.DecimalField(max_digits=5, decimal_places=1), "12,5", Decimal("12.5")),
        (models.DateField(), "01/02/2026", dt.date(2026, 2, 1)),
        (models.IntegerField(), "-17", -17),
        (models.BooleanField(), "O", True),
    ],
)
def test_a_model_field_says_how_its_column_is_read(field: object, cell: str, value: object) -> None:
    assert fields.reader_for(field)(cell) == value


def test_a_field_without_a_plain_writing_asks_for_its_own_reader() -> None:
    with pytest.raises(ImproperlyConfigured):
        fields.reader_for(models.DateTimeField())


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        ("é", "é"),
        (dt.date(2026, 1, 2), "02/01/2026"),
        (Decimal("1234.50"), "1234,50"),
        (True, "O"),
        (17, "17"),
    ],
)
def test_values_are_told_as_the_extract_writes_them(value: object, text: str) -> None:
    assert fields.written(value) == text
