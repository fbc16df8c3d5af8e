"""The small caisse of these tests: made once for a module, and given to each of its tests as it was."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from django.test import override_settings

from tests import hashing
from tests.access.world import PERSONAS, World, make_world


@pytest.fixture(scope="module")
def _made_once(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """Making it would be a third of each test: its rows wait in a transaction around them all.

    What a test writes is undone to its savepoint; all of it is undone with the last test of the module.
    """
    around = transaction.atomic()
    own_cache = {"default": settings.CACHES["default"] | {"KEY_PREFIX": uuid.uuid4().hex}}
    with (
        django_db_blocker.unblock(),
        override_settings(CACHES=own_cache),
        pytest.MonkeyPatch.context() as patch,
    ):
        hashing.cheaply(patch)
        around.__enter__()
        made = make_world()
        made.sign_in(PERSONAS)
    yield made
    with django_db_blocker.unblock():
        transaction.set_rollback(True)
        around.__exit__(None, None, None)


@pytest.fixture
def world(_made_once: World, db: None) -> World:
    """The world, everybody signed in; whatever else a test does to it is its own."""
    return deepcopy(_made_once)
