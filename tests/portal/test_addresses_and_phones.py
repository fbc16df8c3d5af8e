"""Addresses and numbers, as people type and paste them (R05, R43 in part)."""

import itertools

import pytest
from django.core.exceptions import ValidationError

from portal.email_addresses import canonical, parse_email
from portal.phones import parse_phone, written_phone

MARIE = "marie@exemple.fr"


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("Marie.Keller@Exemple.FR", "marie.keller@exemple.fr"),
        (" marie@exemple.fr\u00a0", MARIE),
        ("ｍａｒｉｅ@exemple.fr", MARIE),
        ("\u200bmarie@exemple.fr", MARIE),
        ("mar\u200bie@exem\u00adple.fr", MARIE),
        ("mailto:marie@exemple.fr", MARIE),
        ("mailto:marie@exemple.fr?subject=Votre%20code", MARIE),
        ("Courriel : marie@exemple.fr", MARIE),
        ("Adresse électronique\u00a0: Marie@exemple.fr", MARIE),
        ("E-mail\tmarie@exemple.fr", MARIE),
        ("<marie@exemple.fr>", MARIE),
        ("Marie Keller <marie@exemple.fr>", MARIE),
        ("marie@exemple.fr <mailto:marie@exemple.fr>", MARIE),
        ("Courriel : <mailto:marie@exemple.fr>.", MARIE),
        ("marie@exemple.fr.", MARIE),
        ("marie@exemple.fr ; ", MARIE),
        ("mail@exemple.fr", "mail@exemple.fr"),
        ("courriel@exemple.fr", "courriel@exemple.fr"),
        ("o'neil+cibtp@exemple.fr", "o'neil+cibtp@exemple.fr"),
    ],
)
def test_one_address_has_one_stored_form(typed, stored):
    """R05."""
    assert parse_email(typed) == canonical(typed) == stored


def test_the_stored_form_is_a_fixed_point():
    parts = ("<", ">", ":", "mailto:", "mail ", "?", ".", ",", " ", "\u200b", "\u0301", MARIE, "b@y.fr")
    for some in itertools.product(parts, repeat=4):
        once = canonical("".join(some))
        assert canonical(once) == once


@pytest.mark.parametrize(
    "typed",
    [
        "mıke@exemple.fr",
        "marie@exémple.fr",
        "marie",
        "marie@",
        "a b@exemple.fr",
        "marie keller@exemple.fr",
        "a@b\r\nc.fr",
        "a@x.fr, b@y.fr",
        "a@x.fr <b@y.fr>",
        "a@x.fr : b@y.fr",
        "mailto:a@x.fr?cc=b@y.fr",
        "mailto:a@x.fr,b@y.fr",
        "Courriel : <a@x.fr> <b@y.fr>",
    ],
)
def test_what_is_no_address_or_several_is_refused_in_words(typed):
    """R05."""
    with pytest.raises(ValidationError, match="Une adresse électronique s’écrit"):
        parse_email(typed)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("03 87 36 12 45", "+33387361245"),
        ("0387361245", "+33387361245"),
        ("+33 (0)3 87 36 12 45", "+33387361245"),
        ("(+33) 3 87 36 12 45", "+33387361245"),
        ("0033 3 87 36 12 45", "+33387361245"),
        ("03.87.36.12.45", "+33387361245"),
        ("03-87-36-12-45", "+33387361245"),
        ("03/87/36/12/45.", "+33387361245"),
        ("03\u00a087\u202f36\u200b12 45", "+33387361245"),
        ("\u202d+33 3 87 36 12 45\u202c", "+33387361245"),
        ("tel:+33387361245", "+33387361245"),
        ("Tél. : 03 87 36 12 45 (bureau)", "+33387361245"),
        ("+352 621 123 456", "+352621123456"),
        ("０３ ８７ ３６ １２ ４５", "+33387361245"),
        ("", ""),
        ("\u200b ", ""),
    ],
)
def test_a_number_is_understood_however_it_is_written(typed, stored):
    assert parse_phone(typed) == stored


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("12", "Il manque des chiffres à ce numéro : en France, il en compte 10."),
        ("03 87 36 12", "Il manque des chiffres à ce numéro : en France, il en compte 10."),
        ("03 87 36 12 45 67", "Ce numéro a trop de chiffres : en France, il en compte 10."),
        ("+33 9", "Il manque des chiffres à ce numéro. "),
        ("+352 6", "Il manque des chiffres à ce numéro. "),
        ("+352 621 123 456 789 01", "Ce numéro a trop de chiffres. "),
        ("0" * 30, "Ce numéro a trop de chiffres. "),
        ("+999 123 456", "Aucun pays n’a cet indicatif."),
        ("07 12 34 56 78", "Ce numéro ne peut pas exister : vérifiez chaque chiffre."),
        ("abc", "Ce numéro n’est pas en chiffres."),
        ("+", "Ce numéro n’est pas en chiffres."),
        ("06 12 34 56 78 ou 06 98 76 54 32", "Il y a plus d’un numéro : gardez-en un seul"),
        ("06 12 34 56 78 +352 621 123 456", "Il y a plus d’un numéro"),
        ("03 87 36 12 45 poste 12", "gardez-en un seul, sans numéro de poste."),
    ],
)
def test_a_number_that_cannot_be_is_refused_and_the_sentence_says_why_with_an_example(typed, said):
    for mobile, example in ((False, "03 83 12 34 56"), (True, "06 83 12 34 56")):
        with pytest.raises(ValidationError) as refused:
            parse_phone(typed, mobile=mobile)
        (sentence,) = refused.value.messages
        assert said in sentence.replace("\u00a0", " ")
        shown = (
            "+352 621 123 456" if typed.startswith(("+", "00")) and any(map(str.isdigit, typed)) else example
        )
        assert sentence.replace("\u00a0", " ").endswith(f"Écrivez par exemple {shown}.")


def test_the_examples_are_good_numbers_of_their_kind():
    assert parse_phone("03 83 12 34 56")
    assert parse_phone("06 83 12 34 56", mobile=True)
    assert parse_phone("+352 621 123 456", mobile=True)


def test_a_landline_is_no_mobile():
    with pytest.raises(ValidationError, match="06 ou 07"):
        parse_phone("03 87 36 12 45", mobile=True)
    assert parse_phone("06 12 34 56 78", mobile=True) == "+33612345678"


@pytest.mark.parametrize("typed", ["06 12 34 56 78", "+352 621 123 456", "+262 692 12 34 56"])
def test_a_number_as_it_is_written_is_read_back(typed):
    stored = parse_phone(typed)
    assert parse_phone(written_phone(stored)) == stored
    assert written_phone(stored) == typed.replace(" ", "\u00a0")
