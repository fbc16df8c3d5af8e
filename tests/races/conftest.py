"""Two connections at the same instant: real threads, a barrier, PostgreSQL."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

PATIENCE = 20


@pytest.fixture
def at_once() -> Callable[..., list[Any]]:
    """Run several functions at the same instant, each on its own connection; results in order.

    An exception is returned as a result.
    """

    def run(*acts: Callable[[], Any]) -> list[Any]:
        start = threading.Barrier(len(acts))
        results: list[Any] = [None] * len(acts)

        def one(place: int, act: Callable[[], Any]) -> None:
            start.wait(PATIENCE)
            try:
                results[place] = act()
            except Exception as error:
                results[place] = error
            finally:
                connection.close()

        threads = [threading.Thread(target=one, args=pair) for pair in enumerate(acts)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(PATIENCE)
        return results

    return run
