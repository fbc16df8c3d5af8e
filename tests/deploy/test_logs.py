"""Production's log quotes no link that opens anything (R21)."""

from __future__ import annotations

import logging

import pytest
from django.contrib.auth.tokens import default_token_generator

from accounts.models import User
from portal import tokens
from portal.settings.logs import SHOWN, WithoutTokens
from tests.deploy_check import production_environment, run_under_production


def logged(message: str, *args: object) -> str:
    """The line as it is written."""
    record = logging.LogRecord("django.request", logging.WARNING, __file__, 1, message, args, None)
    assert WithoutTokens().filter(record)
    return record.getMessage()


@pytest.mark.parametrize("parts", [(1,), (4321, 2), ("a-word", 987654321, "x" * 300)])
def test_a_signed_link_is_blanked(parts: tuple[int | str, ...]) -> None:
    token = tokens.make("activation", *parts)
    assert logged("%s: %s", "Not Found", f"/activation/{token}/") == f"Not Found: /activation/{SHOWN}/"


def test_a_password_reset_link_is_blanked() -> None:
    token = f"1c-{default_token_generator.make_token(User(pk=48, email='a@b.example', password='x'))}"
    line = logged("Forbidden (%s): %s", "CSRF", f"/mot-de-passe/nouveau/{token}/")
    assert line == f"Forbidden (CSRF): /mot-de-passe/nouveau/{SHOWN}/"


@pytest.mark.parametrize(
    "line",
    [
        "Task messaging.send[fd6bcbfb-ae9f-4022-a2e1-03c9a573fbc3] received",
        "Not Found: /sites/29209-001-12/droits/",
        "broker away, message 12 waits for the sweep: OperationalError",
        "Connected to redis://:**@redis:6379/0",
        "100 % of nothing",
    ],
)
def test_other_lines_are_left_as_they_are(line: str) -> None:
    assert logged(line) == line


def test_production_writes_its_log_that_way() -> None:
    token = tokens.make("activation", 1, 1)
    code = (
        "import django, logging; django.setup();"
        f"logging.getLogger('django.request').warning('%s: %s', 'Gone', '/activation/{token}/')"
    )
    done = run_under_production(["-c", code], production_environment())
    assert token not in done.stderr
    assert f"Gone: /activation/{SHOWN}/" in done.stderr
