"""An authenticator app in a test's hand: a known seed, and values that did not serve yet."""

from __future__ import annotations

from typing import Any

from django.test import Client

from accounts.models import Factor, FactorKind, User
from portal import clock
from portal.second_factor import seeds, totp, verified
from tests.factories import PASSWORD

SEED = b"12345678901234567890"  # RFC 6238's own
VERIFICATION = "/connexion/verification/"


def app_of(user: User, name: str = "Mon téléphone", seed: bytes = SEED) -> Factor:
    """Give the person an app."""
    return Factor.objects.create(user=user, kind=FactorKind.TOTP, name=name, seed=seeds.sealed(seed))


def code(offset: int = 0, seed: bytes = SEED) -> str:
    """What the app shows now, or so many steps away."""
    return totp.value(seed, totp.step_at(clock.now()) + offset)


def wrong_code() -> str:
    """Six digits that are none of the live values."""
    live = {code(offset) for offset in (-1, 0, 1)}
    return next(digits for digits in ("000000", "111111", "222222", "333333") if digits not in live)


def next_code(user: User) -> str:
    """The first live value of the person's app that did not serve: three sign-ins in a row find one."""
    last: int = Factor.objects.filter(user=user, kind=FactorKind.TOTP).values_list("last_step", flat=True)[0]
    return totp.value(SEED, max(last + 1, totp.step_at(clock.now()) - 1))


def give_password(browser: Client, user: User, **more: str) -> Any:
    """The first step."""
    return browser.post("/connexion/", {"email": user.email, "password": PASSWORD, **more})


def give_code(browser: Client, typed: str, **more: str) -> Any:
    """The second step, with an app."""
    return browser.post(VERIFICATION, {"par": "application", "code": typed, **more})


def sign_in(browser: Client, user: User, **more: str) -> Any:
    """Both steps."""
    give_password(browser, user, **more)
    return give_code(browser, next_code(user), **more)


def mark_verified(browser: Client) -> None:
    """As if a second factor had been proved in the browser's session."""
    session = browser.session
    verified.mark(session)
    session.save()
