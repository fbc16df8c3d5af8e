"""Addresses and numbers, as people type them (R05, R43 in part)."""

import pytest
from django.core.exceptions import ValidationError

from accounts.addresses import canonical, parse_email
from accounts.phones import parse_phone


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("Marie.Keller@Exemple.FR", "marie.keller@exemple.fr"),
        (" marie@exemple.fr\u00a0", "marie@exemple.fr"),
        ("ｍａｒｉｅ@exemple.fr", "marie@exemple.fr"),
        ("\u200bmarie@exemple.fr", "marie@exemple.fr"),
    ],
)
def test_one_address_has_one_stored_form(typed, stored):
    assert parse_email(typed) == canonical(typed) == stored


@pytest.mark.parametrize(
    "typed", ["mıke@exemple.fr", "marie@exémple.fr", "marie", "marie@", "a b@exemple.fr", "a@b\r\nc.fr"]
)
def test_what_is_no_address_is_refused_in_words(typed):
    with pytest.raises(ValidationError, match="Une adresse électronique s’écrit"):
        parse_email(typed)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("03 87 36 12 45", "+33387361245"),
        ("0387361245", "+33387361245"),
        ("+33 (0)3 87 36 12 45", "+33387361245"),
        ("03.87.36.12.45", "+33387361245"),
        ("+352 621 123 456", "+352621123456"),
        ("０３ ８７ ３６ １２ ４５", "+33387361245"),
        ("", ""),
    ],
)
def test_a_number_is_understood_however_it_is_written(typed, stored):
    assert parse_phone(typed) == stored


@pytest.mark.parametrize("typed", ["12", "03 87 36 12", "abc", "+33 9"])
def test_a_number_that_cannot_be_is_refused(typed):
    with pytest.raises(ValidationError):
        parse_phone(typed)


def test_a_landline_is_no_mobile():
    with pytest.raises(ValidationError, match="06 ou 07"):
        parse_phone("03 87 36 12 45", mobile=True)
    assert parse_phone("06 12 34 56 78", mobile=True) == "+33612345678"
