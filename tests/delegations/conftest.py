"""What most scenes begin with: noon, a site, whoever administers it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.test import Client

from accounts.models import User
from adherents.models import Site
from tests.delegations.scenes import NOON, opened_site
from tests.factories import SiteFactory, UserFactory, owner_of


@pytest.fixture
def at_noon() -> Iterator[None]:
    """The clock stands."""
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def site() -> Site:
    """A site that nobody administers yet."""
    return SiteFactory()


@pytest.fixture
def owner(client: Client, site: Site) -> User:
    """Its Administratrice, signed in."""
    person = owner_of(site, last_name="Aubry", first_name="Anne", email="anne@exemple.fr")
    client.force_login(person)
    return person


@pytest.fixture
def site_and_owner() -> Any:
    """A site that was opened with a letter, and who did."""
    return opened_site()


@pytest.fixture
def marie() -> User:
    """Somebody without any right yet."""
    return UserFactory(email="marie@exemple.fr", first_name="Marie", last_name="Keller")
