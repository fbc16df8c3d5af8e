"""The log as production writes it, and a thread that no other test's request has marked."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest

from portal.logs import request_id
from portal.logs.lines import JsonLines


@pytest.fixture(autouse=True)
def _no_request_before() -> Iterator[None]:
    request_id.current.set(None)
    yield
    request_id.current.set(None)


def kept(name: str) -> Iterator[list[dict[str, Any]]]:
    """The lines of a logger and of those below it."""
    written: list[dict[str, Any]] = []

    class Kept(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            written.append(json.loads(self.format(record)))

    handler = Kept()
    handler.setFormatter(JsonLines())
    logging.getLogger(name).addHandler(handler)
    yield written
    logging.getLogger(name).removeHandler(handler)


@pytest.fixture
def lines() -> Iterator[list[dict[str, Any]]]:
    """The lines of requests."""
    yield from kept("portal.requests")


@pytest.fixture
def all_lines() -> Iterator[list[dict[str, Any]]]:
    """Every line."""
    yield from kept("")
