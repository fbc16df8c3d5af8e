"""The image holds what the portal runs on and nothing else, and knows whether it works."""

from __future__ import annotations

import json
import os
import threading
import time
import tomllib
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from celery import Celery
from django.conf import settings

from deploy import beat, healthy
from tests.deploy.compose import SERVICES_OF_IMAGE, image_command, instructions
from tests.deploy_check import ROOT

HOST = "espace.caisse.fr"
KEPT_OUT = ["tests", "bench", "docs", ".env", ".env.example", ".git", ".venv", "var", "requirements/dev.txt"]


def let_in() -> set[str]:
    """What .dockerignore lets into the build."""
    lines = (ROOT / ".dockerignore").read_text().splitlines()
    assert "*" in lines
    return {line[1:] for line in lines if line.startswith("!")}


def test_everything_the_portal_runs_on_is_let_in() -> None:
    packages = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["root_packages"]
    assert {*packages, "templates", "static", "manage.py", "requirements/base.txt"} <= let_in()
    assert all((ROOT / name).exists() for name in let_in())


@pytest.mark.parametrize("name", KEPT_OUT)
def test_what_the_portal_does_not_run_on_stays_out(name: str) -> None:
    assert not any(name == kept or name.startswith(f"{kept}/") for kept in let_in())


def test_every_app_is_in_a_package_that_is_let_in() -> None:
    ours = [app for app in settings.INSTALLED_APPS if (ROOT / app.split(".")[0]).is_dir()]
    assert ours
    assert {app.split(".")[0] for app in ours} <= let_in()


def test_what_is_copied_exists() -> None:
    sources = [
        source
        for word, rest in instructions()
        if word in {"COPY", "ADD"} and "--from" not in rest
        for source in rest.split()[:-1]
    ]
    assert sources
    assert all((ROOT / source).exists() for source in sources)


def test_packages_are_installed_by_hash_only() -> None:
    installs = [rest for word, rest in instructions() if word == "RUN" and "pip install" in rest]
    assert len(installs) == 1
    assert "--require-hashes" in installs[0]
    assert "requirements/base.txt" in " ".join(rest for word, rest in instructions() if word == "COPY")


def test_the_image_runs_as_nobody_in_particular() -> None:
    users = [rest for word, rest in instructions() if word == "USER"]
    assert users
    assert int(users[-1].split(":")[0]) > 0
    assert all(service["user"] == users[-1] for service in SERVICES_OF_IMAGE)


def test_no_secret_is_given_at_build() -> None:
    assert not any(word == "ARG" for word, _ in instructions())
    given = " ".join(rest for word, rest in instructions() if word == "ENV")
    assert not any(word in given for word in ("KEY", "SECRET", "PASSWORD", "_URL"))


def test_the_image_serves_with_the_production_settings() -> None:
    given = " ".join(rest for word, rest in instructions() if word == "ENV")
    assert "DJANGO_SETTINGS_MODULE=portal.settings.production" in given
    assert image_command()[:2] == ["gunicorn", "portal.wsgi"]


def test_the_image_and_compose_ask_the_same_of_web() -> None:
    check = next(rest for word, rest in instructions() if word == "HEALTHCHECK")
    web = next(service for service in SERVICES_OF_IMAGE if "ports" in service)
    assert json.loads(check[check.index("[") :]) == web["healthcheck"]["test"][1:]


class Portal(BaseHTTPRequestHandler):
    """Answers /sante/ as Django does: 400 under another name."""

    status = 200

    def do_GET(self) -> None:
        known = self.headers["Host"] == HOST and self.path == "/sante/"
        self.send_response(self.status if known else 400)
        self.end_headers()

    def log_message(self, *args: object) -> None:
        """Nothing."""


@pytest.fixture
def port() -> Iterator[int]:
    server = HTTPServer(("127.0.0.1", 0), Portal)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server.server_port
    server.shutdown()
    thread.join()
    server.server_close()


def test_web_is_well_when_sante_answers_under_its_own_name(
    port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PORTAL_ORIGIN", f"https://{HOST}")
    assert healthy.web(port)


def test_web_is_not_well_under_another_name(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORTAL_ORIGIN", "https://autre.caisse.fr")
    assert not healthy.web(port)


@pytest.mark.parametrize("status", [301, 503])
def test_web_is_not_well_when_sante_says_anything_else(
    port: int, status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PORTAL_ORIGIN", f"https://{HOST}")
    monkeypatch.setattr(Portal, "status", status)
    assert not healthy.web(port)


def test_web_is_not_well_when_nothing_listens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORTAL_ORIGIN", f"https://{HOST}")
    assert not healthy.web(1)


def test_beat_is_well_while_it_turns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    witness = tmp_path / "beat-witness"
    monkeypatch.setattr(beat, "WITNESS", str(witness))
    assert not healthy.beat(str(witness))
    scheduler = beat.WitnessedScheduler(
        Celery("nothing", set_as_current=False), schedule_filename=str(tmp_path / "schedule")
    )
    scheduler.tick()
    scheduler.close()
    assert healthy.beat(str(witness))
    long_ago = time.time() - healthy.STALE_SECONDS - 1
    os.utime(witness, (long_ago, long_ago))
    assert not healthy.beat(str(witness))
