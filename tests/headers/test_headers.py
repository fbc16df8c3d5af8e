"""Every answer bears every header, whatever made it (R36, R69, R70)."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from portal.logs.redaction import SECRET_ADDRESSES
from portal.web.bodies import LARGEST
from portal.web.health import HealthPage
from tests.deploy_check import ROOT
from tests.headers.addresses import every_route
from tests.headers.conftest import HOST, Knockers, visitor

LEAST_HSTS = 365 * 24 * 3600
POLICY = {
    "default-src": "'self'",
    "object-src": "'none'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
    "form-action": "'self'",
    "script-src": "'self'",
    "style-src": "'self'",
}
SHUT = ("camera", "microphone", "geolocation", "payment", "usb", "serial", "hid", "display-capture")


def page(path: str, who: str = "anonymous", method: str = "get", **sent: Any) -> Callable[[Knockers], Any]:
    """Somebody asks for an address."""

    def ask(knockers: Knockers) -> Any:
        address = path.replace("<site>", knockers.site.cibtp_id)
        return getattr(knockers.client_of(who), method)(address, **sent)

    return ask


def without_token(knockers: Knockers) -> Any:
    return knockers.client_of("anonymous", enforce_csrf_checks=True).post("/connexion/")


def too_often(knockers: Knockers) -> Any:
    client = knockers.client_of("anonymous")
    tries = [client.post("/connexion/", {"email": "a@exemple.fr", "password": "faux"}) for _ in range(6)]
    return tries[-1]


def under_another_name(knockers: Knockers) -> Any:
    return visitor().get("/connexion/", headers={"host": "ailleurs.example"})


KINDS: dict[str, tuple[int, Callable[[Knockers], Any]]] = {
    "public page": (200, page("/connexion/")),
    "signed-in page": (200, page("/sites/<site>/", "owner")),
    "redirect": (302, page("/sites/", "owner")),
    "redirect to the sign-in page": (302, page("/sites/")),
    "400, another host": (400, under_another_name),
    "403, no CSRF token": (403, without_token),
    "403, no right": (403, page("/sites/<site>/adherent/informations/", "without_rights")),
    "404 signed out": (404, page("/zzz/")),
    "404 signed in": (404, page("/sites/99999-999-99/", "owner")),
    "405": (405, page("/sites/favori/", "owner")),
    "413": (413, page("/connexion/", method="post", data=b"x" * (LARGEST + 1), content_type="text/plain")),
    "429": (429, too_often),
    "health": (200, page("/sante/")),
    "activation": (410, page("/activation/x.y.z/")),
    "new password": (410, page("/mot-de-passe/nouveau/1-x-y/")),
    "invitation": (410, page("/delegation/x.y.z/")),
    "confirmation": (410, page("/delegation/confirmation/x.y.z/", "owner")),
    "sign-in page before a secret one": (200, page("/connexion/?next=/delegation/x.y.z/")),
    "admin page": (200, page("/admin/", "staff")),
    "admin redirect": (302, page("/admin/")),
    "admin's own 404": (404, page("/admin/zzz/", "staff")),
}

SECRET = {
    "activation",
    "new password",
    "invitation",
    "confirmation",
    "sign-in page before a secret one",
}


def policy_of(answer: Any) -> dict[str, str]:
    """The Content-Security-Policy, by directive."""
    directives = (part.strip().partition(" ") for part in answer["Content-Security-Policy"].split(";"))
    return {name: sources for name, _, sources in directives}


def assert_every_header(answer: Any) -> None:
    """All but those of caching, which a file does not share with a page."""
    assert POLICY.items() <= policy_of(answer).items()
    assert "unsafe" not in answer["Content-Security-Policy"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
    assert all(f"{feature}=()" in answer["Permissions-Policy"] for feature in SHUT)
    assert re.fullmatch(r"[0-9a-f]{32}", answer["X-Request-ID"])


def assert_tls_only(answer: Any) -> None:
    """HSTS for a year at least, sub-domains included."""
    found = re.fullmatch(r"max-age=(\d+); includeSubDomains; preload", answer["Strict-Transport-Security"])
    assert found
    assert int(found[1]) >= LEAST_HSTS


@pytest.mark.parametrize("kind", KINDS)
def test_an_answer_bears_every_header_and_is_kept_nowhere(knockers: Knockers, kind: str) -> None:
    """R36."""
    status, ask = KINDS[kind]
    answer = ask(knockers)
    assert answer.status_code == status
    assert_every_header(answer)
    assert_tls_only(answer)
    assert "no-store" in answer["Cache-Control"]
    secret = kind in SECRET
    assert answer["Referrer-Policy"] == ("strict-origin" if secret else "same-origin")


@pytest.mark.parametrize("who", ["anonymous", "owner"])
def test_a_failure_bears_every_header_too(
    knockers: Knockers, monkeypatch: pytest.MonkeyPatch, who: str
) -> None:
    monkeypatch.setattr(HealthPage, "get", lambda *_: 1 / 0)
    answer = knockers.client_of(who).get("/sante/")
    assert answer.status_code == 500
    assert_every_header(answer)
    assert_tls_only(answer)
    assert "no-store" in answer["Cache-Control"]
    assert answer["Referrer-Policy"] == "same-origin"


def test_plain_http_leads_to_https_and_bears_every_other_header(production: Any) -> None:
    answer = visitor().get("/connexion/", headers={"x-forwarded-proto": "http"})
    assert (answer.status_code, answer["Location"]) == (301, f"https://{HOST}/connexion/")
    assert_every_header(answer)
    assert answer["Cache-Control"] == "no-store"
    assert "Strict-Transport-Security" not in answer  # ignored without TLS, and not to be sent (RFC 6797)


def test_a_static_file_bears_them_and_is_kept_for_ever(production: Any, tmp_path: Path) -> None:
    (tmp_path / "from").mkdir()
    (tmp_path / "from" / "app.css").write_text("body { color: black }")
    production.STATICFILES_DIRS = [tmp_path / "from"]
    production.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    production.STATIC_ROOT = tmp_path / "to"
    backend = "whitenoise.storage.CompressedManifestStaticFilesStorage"
    production.STORAGES = production.STORAGES | {"staticfiles": {"BACKEND": backend}}
    call_command("collectstatic", interactive=False, verbosity=0)
    name = next((tmp_path / "to").glob("app.*.css")).name
    answer = visitor().get(f"/static/{name}")
    assert answer.status_code == 200
    assert b"".join(answer.streaming_content) == b"body { color: black }"
    assert_every_header(answer)
    assert_tls_only(answer)
    assert answer["Cache-Control"] == "max-age=315360000, public, immutable"
    assert answer["Referrer-Policy"] == "same-origin"
    assert "Cookie" not in answer.get("Vary", "")
    assert "Access-Control-Allow-Origin" not in answer
    assert not answer.cookies


def test_every_address_that_holds_a_token_is_known_as_a_secret() -> None:
    """By Referrer-Policy and by the log alike."""
    tokens = [route for route in every_route(token="a.b.c") if ":token>" in route.pattern]
    assert {route.pattern.split("/")[0] for route in tokens} >= {"activation", "mot-de-passe", "delegation"}
    assert all(SECRET_ADDRESSES.search(route.address) for route in tokens)


def test_what_varies_by_person_says_so_and_nothing_is_kept_by_the_portal(knockers: Knockers) -> None:
    """R36."""
    for who, path in (("owner", f"/sites/{knockers.site.cibtp_id}/"), ("anonymous", "/connexion/")):
        assert "Cookie" in knockers.client_of(who).get(path)["Vary"]
    texts = {path: path.read_text() for path in ROOT.rglob("*.py") if is_ours(path)}
    assert len(texts) > 100
    kept = re.compile(r"cache_page|UpdateCacheMiddleware|FetchFromCacheMiddleware|cache_control\(public")
    assert [path.name for path, text in texts.items() if kept.search(text)] == []


def is_ours(path: Path) -> bool:
    """Whether a file is the portal's own code, tests aside."""
    return not {".venv", "tests", "var"} & set(path.relative_to(ROOT).parts)
