"""No form works without its token, wherever it comes from; a GET changes nothing (R71)."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.deploy_check import ROOT
from tests.factories import PASSWORD
from tests.headers.addresses import Route, every_route
from tests.headers.conftest import HOST, Knockers

WRITES = re.compile(r"^\s*(INSERT|UPDATE|DELETE)\b", re.IGNORECASE)
WHO = ("anonymous", "owner", "staff")
# What portal.web.errors.csrf_failure answers to a form of another tab, whose act is done already.
ALREADY_DONE = {
    **{(who, "/deconnexion/"): "/connexion/" for who in ("anonymous", "staff")},
    **{(who, "/admin/logout/"): "/connexion/" for who in ("anonymous", "owner")},
    ("owner", "/connexion/"): "/sites/",
}


def routes_of(knockers: Knockers) -> list[Route]:
    return every_route(cibtp_id=knockers.site.cibtp_id, token="x.y.z", app_label="accounts")


def writes_in(queries: CaptureQueriesContext) -> list[str]:
    """What was written, but for one's own session: the admin leaves a sentence there for its next page."""
    written = [query["sql"] for query in queries if WRITES.match(query["sql"])]
    return [sql for sql in written if "portal_session" not in sql]


@pytest.mark.parametrize("who", WHO)
def test_no_address_takes_anything_without_a_token(knockers: Knockers, who: str) -> None:
    strict = knockers.client_of(who, enforce_csrf_checks=True)
    with CaptureQueriesContext(connection) as queries:
        for route in routes_of(knockers):
            answer = strict.post(route.address)
            expected = ALREADY_DONE.get((who, route.address))
            got = (answer.status_code, answer.get("Location"))
            assert got == ((302, expected) if expected else (403, None)), route.pattern
    assert writes_in(queries) == []


@pytest.mark.parametrize("who", ["anonymous", "owner"])
@pytest.mark.parametrize(
    "foreign",
    [
        {"headers": {"origin": "https://ailleurs.example"}},
        {"headers": {"origin": "null"}},
        {"headers": {"referer": "https://ailleurs.example/connexion/"}},
        {"headers": {"referer": f"http://{HOST}/connexion/"}},
        {"headers": {}},
        {"token": "x" * 64, "headers": {"referer": f"https://{HOST}/"}},
        {"token": "", "headers": {"referer": f"https://{HOST}/"}},
    ],
)
def test_a_form_of_elsewhere_is_refused_even_with_the_cookie(
    knockers: Knockers, who: str, foreign: dict[str, Any]
) -> None:
    strict = knockers.client_of(who, enforce_csrf_checks=True)
    token = token_of(strict)
    for path in ("/sites/", "/sites/favori/", "/ouverture/", "/mot-de-passe/oublie/"):
        sent = {"csrfmiddlewaretoken": foreign.get("token", token)}
        assert strict.post(path, sent, headers=foreign["headers"]).status_code == 403, path


def test_its_own_form_is_taken(knockers: Knockers) -> None:
    strict = knockers.client_of("anonymous", enforce_csrf_checks=True)
    typed = {"email": knockers.owner.email, "password": PASSWORD, "csrfmiddlewaretoken": token_of(strict)}
    answer = strict.post("/connexion/", typed, headers={"origin": f"https://{HOST}"})
    assert answer["Location"] == "/sites/"


def test_a_sign_out_from_elsewhere_signs_nobody_out(knockers: Knockers) -> None:
    strict = knockers.client_of("owner", enforce_csrf_checks=True)
    strict.post("/deconnexion/")
    assert strict.get(f"/sites/{knockers.site.cibtp_id}/").status_code == 200


def token_of(client: Client) -> str:
    """The token of a form of this browser."""
    page = client.get("/mot-de-passe/oublie/").content.decode()
    found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    assert found
    return found[1]


@pytest.mark.parametrize("who", WHO)
def test_reading_changes_nothing(knockers: Knockers, who: str) -> None:
    client = knockers.client_of(who)
    for route in routes_of(knockers):
        for method in (client.get, client.head, client.options):
            with CaptureQueriesContext(connection) as queries:
                assert method(route.address).status_code < 500, route.pattern
            assert writes_in(queries) == [], route.pattern


def test_nothing_of_ours_is_exempt() -> None:
    exempt = re.compile(r"csrf_exempt|csrf_protect_m|_dont_enforce_csrf")
    ours = [path for path in ROOT.rglob("*.py") if not {".venv", "tests", "var"} & set(path.parts)]
    assert len(ours) > 100
    assert [str(path) for path in ours if exempt.search(Path(path).read_text())] == []
