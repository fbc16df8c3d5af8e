"""No token of a link in a log."""

import logging

import pytest

from portal.logs import Redacting, redacted


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        ("Gone: /activation/WzEs.1xU.abc/", "Gone: /activation/…/"),
        (
            '"GET /mot-de-passe/nouveau/1-abc-def/ HTTP/1.1" 200',
            '"GET /mot-de-passe/nouveau/…/ HTTP/1.1" 200',
        ),
        (
            "/delegation/confirmation/abc/ and /delegation/abc/",
            "/delegation/confirmation/…/ and /delegation/…/",
        ),
        ("/sites/29209-001-12/", "/sites/29209-001-12/"),
    ],
)
def test_the_secret_part_of_an_address_is_taken_out(line, kept):
    assert redacted(line) == kept


def test_a_traceback_is_redacted_too():
    try:
        raise ValueError("/activation/SECRET-CANARY/")
    except ValueError as error:
        record = logging.LogRecord(
            "x", logging.ERROR, "x", 1, "failed %s", ("/activation/SECRET-CANARY/",), None
        )
        record.exc_info = (type(error), error, error.__traceback__)
    assert "SECRET-CANARY" not in Redacting("%(message)s").format(record)


def test_the_portals_own_logs_use_it(settings):
    for handler in settings.LOGGING["handlers"].values():
        assert settings.LOGGING["formatters"][handler["formatter"]]["()"] == "portal.logs.Redacting"
