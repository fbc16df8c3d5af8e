"""Production's own processes against the tests' database, through servers that the tests can stop."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
import uuid
from base64 import b64decode
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import redis
from celery import Celery
from django.conf import settings
from django.db import connection

from tests import canaries
from tests.deploy_check import ANSWERS, ROOT, production_environment
from tests.embedded_portal import free_port
from tests.stoppable_proxy import StoppableProxy

START_SECONDS = 60
HOST = urlsplit(ANSWERS["PORTAL_ORIGIN"]).netloc


def database_of_this_run() -> str:
    """The address of the database that pytest made for this worker."""
    return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}").geturl()


@dataclass
class ProductionPortal:
    """What its processes share: the database of this test run, and servers that can be stopped.

    `sms_address` is where SMS are handed over; empty: this caisse sends none.
    """

    folder: Path
    mail_port: int
    broker: StoppableProxy
    sms_address: str = ""
    web_port: int = field(default_factory=free_port)
    keys: str = field(default_factory=lambda: f"faults-{uuid.uuid4().hex}:")
    running: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def environment(self) -> dict[str, str]:
        """Production's variables; keys are the tests' own, so that a test can write codes and limits."""
        shared = urlsplit(settings.REDIS_URL)
        return {
            **production_environment(),
            "PATH": os.environ["PATH"],
            "PYTHONUNBUFFERED": "1",
            "DJANGO_SETTINGS_MODULE": "tests.production_settings",
            "SECRET_KEY": settings.SECRET_KEY,
            "CODE_KEY": settings.CODE_KEY,
            "SECOND_FACTOR_KEYS": ",".join(settings.SECOND_FACTOR_KEYS),
            "TRUSTED_PROXY_COUNT": "1",
            "DATABASE_URL": database_of_this_run(),
            "REDIS_URL": f"redis://127.0.0.1:{self.broker.port}{shared.path}",
            "EMAIL_URL": f"smtp://127.0.0.1:{self.mail_port}",
            "SMS_AT": self.sms_address,
            "OUR_KEYS": self.keys,
        }

    def start(self, name: str, *arguments: str, **variables: str) -> subprocess.Popen[bytes]:
        """Start `python -m ARGUMENTS` in a group of its own; what it prints begins a file of that name."""
        path = self.folder / f"{name}.log"
        canaries.keep_file(path)
        with path.open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", *arguments],
                cwd=ROOT,
                env=self.environment | variables,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.running.append(process)
        return process

    def start_web(self) -> None:
        """Start gunicorn as the image does."""
        self.serve("web", "portal.wsgi", self.web_port)

    def serve(self, name: str, application: str, port: int, **variables: str) -> None:
        """Start gunicorn on an application, and wait until it answers on that port."""
        web = self.start(
            name, "gunicorn", application, "--bind", f"127.0.0.1:{port}", "--worker-class", "gthread",
            "--threads", "4", "--no-control-socket", **variables,
        )  # fmt: skip
        limit = time.monotonic() + START_SECONDS
        while not self._answers(port):
            if web.poll() is not None or time.monotonic() > limit:
                raise RuntimeError(self.printed(name))
            time.sleep(0.1)

    def _answers(self, port: int) -> bool:
        ask = urllib.request.Request(f"http://127.0.0.1:{port}/sante/", headers={"Host": HOST})
        with suppress(OSError), urllib.request.urlopen(ask, timeout=2) as answer:
            return bool(answer.status == 200)
        return False

    def printed(self, name: str) -> str:
        """What the last process of that name printed."""
        path = self.folder / f"{name}.log"
        return path.read_text(encoding="utf-8") if path.exists() else ""

    def asks(self) -> Celery:
        """A client of the broker that speaks to Redis past the proxy, as beat would."""
        app = Celery("asks", broker=settings.REDIS_URL, set_as_current=False)
        app.conf.broker_transport_options = {"global_keyprefix": self.keys}
        return app

    def on_the_broker(self) -> list[str]:
        """The tasks that wait in Redis: each envelope, followed by what it holds."""
        with redis.Redis.from_url(settings.REDIS_URL) as server:
            envelopes = server.lrange(f"{self.keys}celery", 0, -1)
        return [f"{one.decode()} {b64decode(json.loads(one)['body']).decode()}" for one in envelopes]

    def forget_the_broker(self) -> None:
        """Delete every key of ours."""
        with redis.Redis.from_url(settings.REDIS_URL) as server:
            for key in server.scan_iter(f"*{self.keys}*"):
                server.delete(key)

    def kill(self, *processes: subprocess.Popen[bytes]) -> None:
        """`kill -9` of these processes with their children."""
        for process in processes:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait(10)
            self.running.remove(process)
        for path in self.folder.glob("*.log"):
            canaries.keep_file(path)
