"""TOTP values, what people type for them, seeds at rest (R46, R50)."""

from __future__ import annotations

import datetime as dt

import pytest

from portal.second_factor import recovery, seeds, totp, typed
from tests.second_factor.apps import SEED

AT = dt.datetime(2026, 3, 2, 9, 0, 0, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("second", "value"),
    [(59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (20000000000, "353130")],
)
def test_values_are_those_of_rfc_6238(second, value):
    assert totp.value(SEED, second // 30) == value


@pytest.mark.parametrize(("offset", "good"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_one_step_before_and_after_is_taken_and_no_more(offset, good):
    step = totp.step_at(AT) + offset
    assert totp.step_of(totp.value(SEED, step), SEED, at=AT, after=0) == (step if good else None)


def test_a_step_that_served_and_those_before_it_serve_no_more():
    now = totp.step_at(AT)
    assert totp.step_of(totp.value(SEED, now), SEED, at=AT, after=now) is None
    assert totp.step_of(totp.value(SEED, now - 1), SEED, at=AT, after=now) is None
    assert totp.step_of(totp.value(SEED, now + 1), SEED, at=AT, after=now) == now + 1


@pytest.mark.parametrize(
    "text",
    [
        "123456",
        " 123 456 ",
        "123-456",
        "123\u00a0456",
        "123\u202f456",
        "１２３４５６",
        "Code : 123456",
        "12.34.56",
    ],
)
def test_six_digits_are_understood_as_people_type_them(text):
    assert typed.digits(text) == "123456"


@pytest.mark.parametrize("text", ["", "12345", "1234567", "abcdef", "١٢٣٤٥٦"])
def test_anything_else_is_not_a_value(text):
    assert typed.digits(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "ABCDE-23456", "abcde23456", " abcde 23456 ", "ABCDE\u00a0—\u00a023456", "ＡＢＣＤＥ－２３４５６",
        "Code de récupération : abcde-23456",
    ],
)  # fmt: skip
def test_a_recovery_code_is_understood_as_people_type_it(text):
    assert typed.recovery(text) == "ABCDE23456"


@pytest.mark.parametrize("text", ["", "ABCDE", "ABCDE-2345O", "ABCDE-234567"])
def test_what_cannot_be_a_recovery_code_is_not_one(text):
    assert typed.recovery(text) is None


def test_recovery_codes_are_ten_all_different_and_read_back():
    codes = recovery.draw()
    assert len(set(codes)) == 10
    assert [typed.recovery(code) for code in codes] == [code.replace("-", "") for code in codes]


def test_the_key_in_groups_and_the_qr_code_hold_the_same_seed():
    assert totp.grouped(SEED).replace(" ", "") == totp.base32(SEED)
    address = totp.address(SEED, account="zoé@exemple.fr", issuer="Caisse : BTP")
    assert address.startswith("otpauth://totp/Caisse%20%3A%20BTP%3Azo%C3%A9%40exemple.fr?secret=")
    assert f"secret={totp.base32(SEED)}" in address
    assert totp.picture(address).startswith("data:image/svg+xml")


def test_a_seed_at_rest_says_nothing_and_follows_its_keys(settings):
    """R50."""
    kept = seeds.sealed(SEED)
    assert totp.base32(SEED) not in kept
    former = settings.SECOND_FACTOR_KEYS
    settings.SECOND_FACTOR_KEYS = ["another key that lives outside the database", *former]
    assert seeds.opened(kept) == SEED
    moved = seeds.resealed(kept)
    settings.SECOND_FACTOR_KEYS = settings.SECOND_FACTOR_KEYS[:1]
    assert seeds.opened(moved) == SEED
    with pytest.raises(seeds.Lost):
        seeds.opened(kept)
