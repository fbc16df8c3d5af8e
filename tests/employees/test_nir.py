"""The number of social security (domain-rules 5): read as it is typed, its key checked, never quoted."""

import pytest
from django.core.exceptions import ValidationError

from portal.identifiers import is_temporary_nir, parse_nir
from tests.factories import nir


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("295109912611193", "295109912611193"),
        ("2 95 10 99 126 111 93", "295109912611193"),
        ("253072B07300470", "253072B07300470"),
        ("253072a07300443", "253072A07300443"),
        ("２95109912611193", "295109912611193"),
    ],
)
def test_a_number_with_its_right_key_is_taken(typed, number):
    assert parse_nir(typed) == number


@pytest.mark.parametrize(
    "typed",
    [
        "295109912611199",
        "253072C07300443",
        "2951099126111",
        "29510991261119٣",
        "",
        "6546546546546703",
        "x" * 15,
    ],
)
def test_any_other_is_refused_in_a_sentence_that_does_not_repeat_it(typed):
    with pytest.raises(ValidationError) as refused:
        parse_nir(typed)
    (sentence,) = refused.value.messages
    assert "uméro de sécurité sociale" in sentence
    assert not typed or typed not in sentence


def test_a_number_that_is_not_the_persons_own_yet_is_known_by_its_first_figure():
    assert is_temporary_nir("780025700100100")
    assert not is_temporary_nir(nir(1))
