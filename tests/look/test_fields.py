"""A day and an amount are read as French people write them, and refused with an example."""

import datetime as dt
from decimal import Decimal

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.template import engines

from portal.fields import WRONG_AMOUNT, WRONG_DATE, AmountField, DayField


class Declared(forms.Form):
    """What an employer declares for a month."""

    on = DayField(label="Date d’embauche")
    wages = AmountField(label="Salaire brut", min_value=0)


def shown(form: forms.Form, name: str) -> str:
    source = "{% load crispy_forms_tags %}{{ field|as_crispy_field }}"
    return engines["django"].from_string(source).render({"field": form[name]})


@pytest.mark.parametrize("typed", ["27/03/2026", " 27 / 03 / 2026 ", "27-03-2026", "27.03.2026", "27/3/2026"])
def test_a_day_is_read(typed: str) -> None:
    assert DayField().clean(typed) == dt.date(2026, 3, 27)


@pytest.mark.parametrize("typed", ["27/03/26", "2026-03-27", "03/27/2026", "31/02/2026", "demain"])
def test_what_is_no_day_or_leaves_the_century_in_doubt_is_refused(typed: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        DayField().clean(typed)
    assert refusal.value.messages == [WRONG_DATE]


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("1234,56", "1234.56"),
        ("1 234,56", "1234.56"),
        ("1\u00a0234,56\u00a0€", "1234.56"),
        ("1\u202f234,5", "1234.5"),
        ("1234.56", "1234.56"),
        ("\u22121", "-1"),
        ("-1\u00a0234,56", "-1234.56"),
        (" 12 345 678,9 ", "12345678.9"),
        ("7,", "7"),
        (",5", "0.5"),
        ("0", "0"),
    ],
)
def test_an_amount_is_read_with_spaces_between_its_thousands(typed: str, read: str) -> None:
    assert AmountField().clean(typed) == Decimal(read)


@pytest.mark.parametrize("typed", ["1.234,56", "1,234.56", "12,345", "douze", "NaN", "99999999999", "1/2"])
def test_what_is_no_amount_or_could_be_two_is_refused(typed: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        AmountField().clean(typed)
    assert refusal.value.messages == [WRONG_AMOUNT]


@pytest.mark.parametrize(
    "typed",
    [
        "1e2",
        "1E2",
        "0e99999999999999",
        "1_0",
        "٣",
        "３",
        "+1",
        "1\t234",
        "1 2345",
        "12 34",
        "--1",
        ".",
        "€",
        "1-",
    ],
)
def test_only_plain_figures_in_their_thousands_are_an_amount(typed: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        AmountField().clean(typed)
    assert refusal.value.messages == [WRONG_AMOUNT]


@pytest.mark.parametrize("typed", ["-1", "\u22121", "-0"])
def test_a_minus_is_no_amount_where_the_field_takes_none(typed: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        AmountField(min_value=Decimal(0)).clean(typed)
    assert refusal.value.messages == [WRONG_AMOUNT]


@pytest.mark.parametrize("typed", ["01/01/0001", "31/12/9999"])
def test_a_day_that_the_clock_cannot_turn_into_instants_is_refused(typed: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        DayField().clean(typed)
    assert refusal.value.messages == [WRONG_DATE]


def test_what_is_missing_is_said_in_the_field_s_own_words() -> None:
    with pytest.raises(ValidationError) as refusal:
        DayField(missing="Saisissez la date de fin.").clean("")
    assert refusal.value.messages == ["Saisissez la date de fin."]


def test_what_is_known_is_shown_as_it_would_be_typed() -> None:
    form = Declared(initial={"on": dt.date(2026, 3, 1), "wages": Decimal("2150.4")})
    assert 'value="01/03/2026"' in shown(form, "on")
    assert 'value="2\u00a0150,40"' in shown(form, "wages")


def test_what_was_typed_is_shown_as_it_was() -> None:
    assert 'value="douze"' in shown(Declared({"wages": "douze"}), "wages")


def test_the_unit_is_written_beside_the_field_and_describes_it() -> None:
    html = shown(Declared(), "wages")
    assert '<span class="unit" id="id_wages_unit">€</span>' in html
    assert 'aria-describedby="id_wages_unit"' in html
