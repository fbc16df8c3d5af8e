"""The password rule (product.md 4.2, R24, R25, domain-rules 48)."""

import time

import pytest
from django.contrib.auth.hashers import check_password, identify_hasher, make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from accounts.models import User


def person(*context):
    user = User(email="loic.perrin@batiprim.example", first_name="Loïc", last_name="Kermadec")
    user.password_context = list(context)
    return user


@pytest.mark.parametrize(
    "password",
    [
        "Truelle7x",
        "Ardoise-Grise-7",
        "équerre plomb niveau 4",
        "xK9$mQ2!",
        "Mortier\u00a0gris\u00a03",
        "Ж1жопарк8",
        "m1🙂trottoir",
        "Z" * 60 + "a1-x",
        "cheval batterie agrafe Correct",
    ],
)
def test_a_good_password_is_taken(password):
    validate_password(password, person())


@pytest.mark.parametrize(
    "password",
    [
        "Aa1-xyz",  # 7 characters
        "truelle7",  # 2 classes
        "TRUELLEBLEUE",  # 1 class
        "Conges2026!",
        "Congés-2026",
        "Cibtp-12345",
        "C1BTP-conges-2026",
        "Intemperies1",
        "Azerty123!",
        "P@ssw0rd",
        "Password123!",
        "Bonjour2026",
        "Motdepasse1!",
        "Kermadec-2026",  # the person's name
        "Perrin.loic-1",  # the address
        "x" * 150 + "A1" + "y" * 100,
    ],
)
def test_a_weak_or_obvious_password_is_refused_in_words(password):
    with pytest.raises(ValidationError) as refusal:
        validate_password(password, person())
    assert all(message.endswith(".") for message in refusal.value.messages)


@pytest.mark.parametrize(
    ("context", "password"),
    [
        ("CHARPENTES KELLER", "Keller-Bois-26"),
        ("29209-001-12", "Bois-2920900112"),
        ("52918344400015", "Bois-52918344400015"),
        ("AGENCE DE MÂCON", "Macon-Bois-26"),
    ],
)
def test_what_designates_the_company_is_refused(context, password):
    validate_password(password, person())
    with pytest.raises(ValidationError):
        validate_password(password, person(context))


def test_long_passwords_are_kept_whole():
    long = "Z1-" + "x" * 61
    hashed = make_password(long)
    assert check_password(long, hashed)
    assert not check_password(long + "y", hashed)
    assert not check_password(long[:-1], hashed)


def test_passwords_are_hashed_with_argon2id_at_the_documented_cost():
    hashed = make_password("Ardoise-Grise-7")
    assert identify_hasher(hashed).algorithm == "argon2"
    assert "$argon2id$" in hashed
    assert "$m=19456,t=2,p=1$" in hashed


def test_a_huge_password_costs_nothing_to_refuse():
    started = time.perf_counter()
    with pytest.raises(ValidationError):
        validate_password("a" + "1" * 200_000 + "a", person("KELLER"))
    assert time.perf_counter() - started < 0.2
