"""Real processes: production's web, workers and beat, a Redis behind a proxy, servers of mail and SMS."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings

from tests import canaries
from tests.faults.mail_server import MailServer
from tests.messaging.gateways import FakeWeb, fake_web
from tests.production_portal import ProductionPortal
from tests.stoppable_proxy import StoppableProxy


@pytest.fixture(scope="session")
def mail_server() -> Iterator[MailServer]:
    """One for the run; each test finds it empty."""
    server = MailServer()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def sms_provider() -> Iterator[FakeWeb]:
    """One for the run, which takes every SMS at /sms; each test finds it empty."""
    with fake_web() as provider:
        yield provider


@pytest.fixture(scope="session")
def shared_portal(
    django_db_setup: Any,
    mail_server: MailServer,
    sms_provider: FakeWeb,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[ProductionPortal]:
    """Production's web process on the database of this test run."""
    shared = urlsplit(settings.REDIS_URL)
    broker = StoppableProxy(shared.hostname or "127.0.0.1", shared.port or 6379)
    folder, sms_address = tmp_path_factory.mktemp("portal"), f"{sms_provider.address}/sms"
    portal = ProductionPortal(folder, mail_server.port, broker, sms_address)
    portal.start_web()
    yield portal
    portal.kill(*portal.running)
    portal.forget_the_broker()


@pytest.fixture
def portal(
    transactional_db: Any, shared_portal: ProductionPortal, mail_server: MailServer, sms_provider: FakeWeb
) -> Iterator[ProductionPortal]:
    """The portal, its Redis, its mail and SMS servers up; what a test started is killed."""
    mail_server.reset()
    sms_provider.answers = {"/sms": (200, {"id": "41"})}
    sms_provider.asked.clear()
    before = list(shared_portal.running)
    yield shared_portal
    for received in mail_server.received:
        canaries.learn_links(received.text)
    for asked in sms_provider.asked:
        canaries.watch.learn_digits(asked.body["text"].partition("Votre code est ")[2][:6] or "no code")
    shared_portal.kill(*(one for one in shared_portal.running if one not in before))
    shared_portal.broker.resume()
    shared_portal.forget_the_broker()


def wait_for(condition: Callable[[], Any], what: str, seconds: float = 30, pause: float = 0.05) -> Any:
    """What the condition gives once it is true. Fails after so many seconds."""
    limit = time.monotonic() + seconds
    while not (found := condition()):
        if time.monotonic() > limit:
            pytest.fail(f"not seen in {seconds:g} s: {what}")
        time.sleep(pause)
    return found
