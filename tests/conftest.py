"""What every test stands on: a cache of its own, and no test without its server."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from portal import clock
from portal.reauth.freshness import PROVED
from portal.second_factor import verified
from portal.web.mailed_links import MARK
from portal.web.sessions import STAFF_SESSION
from tests import canaries, flushing, hashing, numbering, strictness

strictness.install()
canaries.install()
flushing.install()
_login = Client._login  # type: ignore[attr-defined]


def _in_its_own_cookie(client: Client, user: Any, backend: str | None = None) -> None:
    """Sign in as a browser does: it is a proof; staff prove two, and have a cookie of their own."""
    _login(client, user, backend)
    session = client.session
    session[PROVED] = clock.now().isoformat()
    if user.is_staff:
        session[STAFF_SESSION] = True
        verified.mark(session)
    session.save()
    if user.is_staff:
        cookie = client.cookies.pop(settings.SESSION_COOKIE_NAME)
        client.cookies[settings.STAFF_SESSION_COOKIE_NAME] = cookie.value


Client._login = _in_its_own_cookie  # type: ignore[attr-defined]
_generic = Client.generic


def _follow_a_link(client: Client, method: str, path: str, *args: Any, **options: Any) -> Any:
    """Read what a mailed link leads to, as a browser does: the page whose address holds no token (R21)."""
    answer = _generic(client, method, path, *args, **options)
    left = answer.status_code == 302 and f"/{MARK}" in answer["Location"] and MARK not in path
    return _generic(client, method, answer["Location"], *args, **options) if left else answer


Client.generic = _follow_a_link  # type: ignore[method-assign,assignment]


def _asks_for_a_database(item: Any) -> bool:
    fixtures = {"db", "transactional_db"} & set(item.fixturenames)
    return bool(fixtures) or item.get_closest_marker("django_db") is not None


def _belongs_here(item: pytest.Item) -> bool:
    """Whether this run has the servers of a test; one that asks for none is shown once, without them."""
    postgresql = settings.DATABASES["default"]["ENGINE"].endswith("postgresql")
    servers = postgresql and bool(settings.REDIS_URL)
    there = {"postgresql": postgresql, "servers": servers, "timing": servers, "browser": True}
    asked = [mark.name for mark in item.iter_markers() if mark.name in there]
    if asked:
        return all(there[name] for name in asked)
    return not servers or _asks_for_a_database(item)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Tests belong to the run that has what they need: elsewhere they are not selected."""
    if left := [item for item in items if not _belongs_here(item)]:
        config.hook.pytest_deselected(items=left)
        items[:] = [item for item in items if _belongs_here(item)]


@pytest.fixture(autouse=True)
def _passwords_hashed_quickly(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only who measures the cost that serves pays it."""
    if not any(request.node.get_closest_marker(name) for name in ("timing", "full_cost")):
        hashing.cheaply(monkeypatch)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """What is written from here on is this test's."""
    canaries.watch.begin(item.nodeid)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_teardown(item: pytest.Item) -> None:
    """Before its rows go; a journey in a browser has none, and no thread to ask for them."""
    canaries.watch.keep_records()
    if _asks_for_a_database(item):
        canaries.keep_rows()


@pytest.fixture(scope="session", autouse=True)
def _no_secret_was_written_anywhere() -> Iterator[None]:
    """When the whole run of this worker is over, after every other fixture: R17, R75."""
    yield
    if settings.REDIS_URL:
        canaries.keep_redis(settings.REDIS_URL)
    found = canaries.watch.leaks()
    if found:
        pytest.fail("\n".join(["Secrets of the tests were written, whichever test this is told of:", *found]))


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    with django_db_blocker.unblock():
        numbering.start_high()


@pytest.fixture(autouse=True)
def _cache_of_its_own(settings: Any) -> None:
    """Nothing cached by another test, nor by another worker that shares the same Redis."""
    settings.CACHES = {"default": settings.CACHES["default"] | {"KEY_PREFIX": uuid.uuid4().hex}}
