"""What every test stands on: a cache of its own, and no test without its server."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.conf import settings


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Tests that need PostgreSQL belong to the run on PostgreSQL: elsewhere they are not selected."""
    if settings.DATABASES["default"]["ENGINE"].endswith("postgresql"):
        return
    kept = [item for item in items if "postgresql" not in item.keywords]
    left = [item for item in items if "postgresql" in item.keywords]
    if left:
        config.hook.pytest_deselected(items=left)
        items[:] = kept


@pytest.fixture(autouse=True)
def _cache_of_its_own(settings: Any) -> None:
    """Nothing cached by another test, nor by another worker that shares the same Redis."""
    settings.CACHES = {"default": settings.CACHES["default"] | {"KEY_PREFIX": uuid.uuid4().hex}}
