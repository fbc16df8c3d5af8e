"""The portal as production sets it, and the people who knock."""

from __future__ import annotations

import runpy
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from adherents.models import Site
from delegations.matrix import RightsMatrix
from delegations.models import Role
from portal.access.levels import Access
from tests.deploy_check import ANSWERS, SETTINGS, production_environment
from tests.factories import DelegationFactory, SiteFactory, UserFactory, owner_of

HOST = ANSWERS["PORTAL_ORIGIN"].removeprefix("https://")
PREFIXES = ("SECURE_", "SESSION_", "STAFF_SESSION_", "CSRF_", "X_FRAME", "CONTENT_SECURITY", "WHITENOISE_")
NAMES = ("MIDDLEWARE", "ALLOWED_HOSTS", "PORTAL_ORIGIN", "TRUSTED_PROXY_COUNT", "LOGGING")


@pytest.fixture
def production(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """What production says of headers and cookies, on the tests' own database."""
    for name, value in production_environment().items():
        monkeypatch.setenv(name, value)
    for name, value in runpy.run_path(str(SETTINGS)).items():
        if name.startswith(PREFIXES) or name in NAMES:
            setattr(settings, name, value)
    return settings


def visitor(**options: Any) -> Client:
    """A browser behind the TLS proxy."""
    headers = {"host": HOST, "x-forwarded-proto": "https", "x-forwarded-for": "203.0.113.9"}
    return Client(raise_request_exception=False, headers=headers, **options)


@dataclass
class Knockers:
    """One site, and those who may or may not."""

    site: Site = field(default_factory=SiteFactory)
    owner: User = field(init=False)
    without_rights: User = field(init=False)
    staff: User = field(default_factory=lambda: UserFactory(is_staff=True, is_superuser=True))

    def __post_init__(self) -> None:
        other = RightsMatrix.of({("adherents.statement", None): Access.READ})
        bits = {"read_bits": other.read_bits, "write_bits": other.write_bits}
        self.owner = owner_of(self.site)
        self.without_rights = DelegationFactory(site=self.site, role=Role.USER, **bits).beneficiary

    def client_of(self, who: str, **options: Any) -> Client:
        """The browser of one of them; of nobody for « anonymous »."""
        client = visitor(**options)
        if who != "anonymous":
            client.force_login(getattr(self, who))
        return client


@pytest.fixture
def knockers(db: Any, production: Any) -> Knockers:
    """They, under the production settings."""
    return Knockers()
