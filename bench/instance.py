"""The instance that is measured: a database of its own, the production settings, gunicorn."""

from __future__ import annotations

import json
import os
import re
import secrets
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import psycopg
import redis
from psycopg import sql

ROOT = Path(__file__).resolve().parent.parent
HOST = "espace.bench.example"
KEYS = ("SECRET_KEY", "CODE_KEY", "SECOND_FACTOR_KEYS")
PORTAL, BARE, RIGHTS = "bench.portal_settings", "bench.bare_settings", "bench.rights_settings"
APPLICATIONS = {PORTAL: "portal.wsgi", BARE: "django.core.wsgi:get_wsgi_application()"}
# What a server of the Dockerfile's is told otherwise: one process, that is not renewed while measured.
ONE_PROCESS = ("--workers", "1", "--max-requests", "0", "--max-requests-jitter", "0")
START_SECONDS = 30


class Failed(RuntimeError):
    """A process that the bench needs did not do its work; says what it wrote."""


class Instance:
    """A context manager: makes the database and the static files, and takes all away."""

    def __init__(self, postgres: str, redis_url: str, settings: str = PORTAL) -> None:
        self.postgres, self.redis_url, self.settings = postgres.rstrip("/"), redis_url, settings
        self.name = f"es_bench_{os.getpid()}"
        self._folder = tempfile.TemporaryDirectory(prefix="bench-")
        self.folder = Path(self._folder.name)

    def __enter__(self) -> Self:
        self._server(sql.SQL("CREATE DATABASE {}"))
        try:
            for arguments in (("migrate",), ("collectstatic", "--no-input")):
                self.run("django", *arguments, "--verbosity", "0")
        except BaseException:
            self._take_away()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._take_away()

    def environment(self, settings: str = "") -> dict[str, str]:
        """What production is told, and nothing else of ours."""
        return {
            "PATH": os.environ.get("PATH", ""),
            "DJANGO_SETTINGS_MODULE": settings or self.settings,
            "DATABASE_URL": f"{self.postgres}/{self.name}",
            "REDIS_URL": self.redis_url,
            "BENCH_CACHE_PREFIX": self.name,
            "STATIC_ROOT": str(self.folder / "static"),
            "MEDIA_ROOT": str(self.folder / "files"),
            **self._told,
        }

    @property
    def _told(self) -> dict[str, str]:
        return {
            **{name: self._keys[name] for name in KEYS},
            "PORTAL_ORIGIN": f"https://{HOST}",
            "EMAIL_URL": "smtp://127.0.0.1:9",  # nothing listens: mails stay in the outbox
            "DEFAULT_FROM_EMAIL": "Caisse d’essai <ne-pas-repondre@bench.example>",
            "CAISSE_NAME": "Caisse congés intempéries BTP d’essai",
            "CAISSE_ADDRESS": "12 rue des Compagnons|54000 NANCY",
            "CAISSE_CIRCUMSCRIPTION": "Meurthe-et-Moselle, Vosges",
            "CAISSE_PHONE": "03 83 00 00 00",
            "CAISSE_HOURS": "du lundi au vendredi, de 9 h à 17 h",
            "CAISSE_EMAIL": "contact@bench.example",
        }

    _keys = {name: secrets.token_urlsafe(48) for name in KEYS}

    def run(self, module: str, *arguments: str) -> str:
        """Run a module in a process of its own; what it printed. Raises Failed."""
        done = subprocess.run(
            [sys.executable, "-m", module, *arguments],
            cwd=ROOT,
            env=self.environment(),
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise Failed(f"{module} {' '.join(arguments[:2])}: {done.stderr[-2000:]}")
        return done.stdout

    def told_by(self, module: str, *arguments: str) -> Any:
        """The JSON that a module of the bench prints."""
        return json.loads(self.run(module, *arguments))

    def execute(self, statement: str) -> list[tuple[Any, ...]]:
        """Run a statement in the instance's database, outside any transaction."""
        with psycopg.connect(f"{self.postgres}/{self.name}", autocommit=True) as connection:
            cursor = connection.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []

    @contextmanager
    def server(self, settings: str) -> Iterator[int]:
        """One gunicorn process, as the Dockerfile starts it, on a free port of this machine."""
        port = free_port()
        log = self.folder / f"{settings}.log"
        with log.open("w") as output:
            process = subprocess.Popen(
                gunicorn_command(settings, port),
                cwd=ROOT,
                env=self.environment(settings),
                stdout=output,
                stderr=output,
            )
            try:
                _wait_until_it_listens(process, port, log)
                yield port
            finally:
                process.terminate()
                process.wait(timeout=START_SECONDS)

    def _server(self, statement: sql.SQL) -> None:
        with psycopg.connect(f"{self.postgres}/postgres", autocommit=True, connect_timeout=5) as connection:
            connection.execute(statement.format(sql.Identifier(self.name)))

    def _take_away(self) -> None:
        self._server(sql.SQL("DROP DATABASE {} WITH (FORCE)"))
        store = redis.Redis.from_url(self.redis_url)
        for key in store.scan_iter(f"{self.name}:*"):
            store.delete(key)
        self._folder.cleanup()


def gunicorn_command(settings: str, port: int) -> list[str]:
    """The Dockerfile's command, for another application and another address."""
    text = (ROOT / "Dockerfile").read_text().replace("\\\n", "")
    found = re.search(r"^CMD (\[.*\])$", text, re.MULTILINE)
    if found is None:
        raise Failed("the Dockerfile has no command to follow")
    _gunicorn, _application, *options = json.loads(found[1])
    options[options.index("--bind") + 1] = f"127.0.0.1:{port}"
    return [sys.executable, "-m", "gunicorn", APPLICATIONS[settings], *options, *ONE_PROCESS]


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_it_listens(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and process.poll() is None:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.1)
    raise Failed(f"the server did not start: {log.read_text()[-2000:]}")


def versions(postgres: str, redis_url: str) -> Sequence[tuple[str, str]]:
    """Name and version of the two servers."""
    with psycopg.connect(f"{postgres}/postgres", connect_timeout=5) as connection:
        row = connection.execute("SHOW server_version").fetchone()
    told: Any = redis.Redis.from_url(redis_url).info("server")
    return (("PostgreSQL", str(row[0]).split()[0] if row else ""), ("Redis", str(told["redis_version"])))
