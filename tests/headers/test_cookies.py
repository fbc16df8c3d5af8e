"""Cookies: never a session for who only looks, and every one closed (R29, R36)."""

from __future__ import annotations

from http.cookies import Morsel
from typing import Any

import pytest

from tests.factories import PASSWORD
from tests.headers.addresses import every_route
from tests.headers.conftest import Knockers
from tests.second_factor.apps import app_of, give_code, next_code

TOKENS = {"token": "x.y.z", "app_label": "accounts"}


def assert_closed(cookie: Morsel[str]) -> None:
    """`__Host-` says the same to the browser: Secure, no Domain, the whole host."""
    assert cookie.key.startswith("__Host-")
    assert cookie["httponly"] is True
    assert cookie["secure"] is True
    assert cookie["samesite"] == "Lax"
    assert cookie["path"] == "/"
    assert cookie["domain"] == ""


def cookies_of(client: Any, address: str) -> list[Morsel[str]]:
    answer = client.get(address)
    assert answer.status_code < 500, address
    return list(answer.cookies.values())


def test_who_only_looks_is_given_no_session(knockers: Knockers) -> None:
    """R36."""
    seen = []
    for route in every_route(cibtp_id=knockers.site.cibtp_id, **TOKENS):
        cookies = cookies_of(knockers.client_of("anonymous"), route.address)
        assert [cookie.key for cookie in cookies if "session" in cookie.key] == [], route.pattern
        seen += cookies
    assert {cookie.key for cookie in seen} == {"__Host-csrf"}
    for cookie in seen:
        assert_closed(cookie)


@pytest.mark.parametrize("who", ["owner", "staff"])
def test_every_cookie_of_a_crawl_is_closed(knockers: Knockers, who: str) -> None:
    """R35."""
    client = knockers.client_of("anonymous")
    typed = {"email": getattr(knockers, who).email, "password": PASSWORD}
    if who == "staff":
        app_of(knockers.staff)
    signed_in = client.post("/connexion/", typed)
    if who == "staff":
        signed_in = give_code(client, next_code(knockers.staff))
    assert ("__Host-staff-session" if who == "staff" else "__Host-session") in signed_in.cookies
    seen = list(signed_in.cookies.values())
    for route in every_route(cibtp_id=knockers.site.cibtp_id, **TOKENS):
        seen += cookies_of(client, route.address)
    for cookie in seen:
        if cookie.value:  # else it is taken back: the session in which staff's sign-in waited
            assert_closed(cookie)
    assert client.get("/admin/" if who == "staff" else f"/sites/{knockers.site.cibtp_id}/").status_code == 200
