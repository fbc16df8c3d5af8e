"""The password rule (product.md 4.2, R24 to R26, domain-rules 48)."""

import re
import time

import pytest
from crispy_forms.utils import render_crispy_form
from django.contrib.auth.hashers import check_password, identify_hasher, make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from accounts import passwords
from accounts.account_forms import OwnPasswordForm
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
    """R25."""
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
    """R25."""
    validate_password(password, person())
    with pytest.raises(ValidationError):
        validate_password(password, person(context))


def test_long_passwords_are_kept_whole():
    """R25."""
    long = "Z1-" + "x" * 61
    hashed = make_password(long)
    assert check_password(long, hashed)
    assert not check_password(long + "y", hashed)
    assert not check_password(long[:-1], hashed)


@pytest.mark.full_cost
def test_passwords_are_hashed_with_argon2id_at_the_documented_cost():
    """R26."""
    hashed = make_password("Ardoise-Grise-7")
    assert identify_hasher(hashed).algorithm == "argon2"
    assert "$argon2id$" in hashed
    assert "$m=19456,t=2,p=1$" in hashed


def test_a_huge_password_costs_nothing_to_refuse():
    started = time.perf_counter()
    with pytest.raises(ValidationError):
        validate_password("a" + "1" * 200_000 + "a", person("KELLER"))
    assert time.perf_counter() - started < 0.2


def test_what_the_page_lists_and_counts_is_the_rule_that_the_server_holds(db):
    """The script takes its figures from the page, and counts the lines that are there."""
    page = render_crispy_form(OwnPasswordForm(user=User(), back="/"))
    listed = re.findall(r'<li data-rule="(\w+)"(?: data-minimum="(\d+)")?>', page)
    assert listed == [
        ("length", str(passwords.SHORTEST)),
        ("classes", str(passwords.CLASSES_NEEDED)),
        ("unlike", ""),
    ]
    assert page.count("data-class=") == 4
    assert f"{passwords.SHORTEST} caractères au moins" in page
    assert f"{passwords.CLASSES_NEEDED} au moins de ces 4 sortes" in page
