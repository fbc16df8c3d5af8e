"""Gateways of the tests: one that keeps what it is given, and a web server that answers as it is told."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from portal.messaging.models import SmsState
from portal.messaging.sms.gateway import Accepted

NUMBER = "+33612345612"


@dataclass
class Kept:
    """Takes everything, or raises `failure`; says `delivered` of whatever it took."""

    sent: list[tuple[str, str]] = field(default_factory=list)
    failure: Exception | None = None
    reference: str = ""
    delivered: SmsState | None = None

    def send(self, *, number: str, text: str, row: int) -> Accepted:
        self.sent.append((number, text))
        if self.failure is not None:
            raise self.failure
        return Accepted(self.reference)

    def became(self, *, reference: str, number: str, row: int) -> SmsState | None:
        if self.failure is not None:
            raise self.failure
        return self.delivered


@dataclass
class Asked:
    """One request that the web server took."""

    method: str
    path: str
    headers: dict[str, str]
    body: Any


@dataclass
class FakeWeb:
    """What it was asked, and how it answers each path: (status, body, *headers), or in a manner.

    Manners: silent; dripping (an answer that never ends, until it is told otherwise); reset.
    """

    address: str
    answers: dict[str, Any]
    asked: list[Asked] = field(default_factory=list)


@contextmanager
def fake_web(patience: float = 1.0) -> Iterator[FakeWeb]:
    """A web server on 127.0.0.1; silent for twice the client's patience where it is told to be."""
    held: list[FakeWeb] = []

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            body = self.rfile.read(length)
            held[0].asked.append(
                Asked(self.command, self.path, dict(self.headers), json.loads(body) if body else None)
            )
            told = held[0].answers[self.path]
            if told == "silent":
                time.sleep(2 * patience)
                return
            while held[0].answers[self.path] == "dripping":
                self.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n")
                time.sleep(patience / 5)
            if told in ("reset", "dripping"):
                self.connection.close()
                return
            status, text, *headers = told
            content = text if isinstance(text, bytes) else json.dumps(text).encode()
            self.send_response(status)
            for name, value in headers:
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET: Callable[[Any], None] = answer  # noqa: N815
        do_POST: Callable[[Any], None] = answer  # noqa: N815

        def log_message(self, format: str, *args: Any) -> None:
            """Quiet."""

        def handle_one_request(self) -> None:
            try:
                super().handle_one_request()
            except (OSError, ValueError):
                self.close_connection = True

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    held.append(FakeWeb(f"http://127.0.0.1:{server.server_port}", {}))
    try:
        yield held[0]
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
