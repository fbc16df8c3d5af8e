"""Asking pages as a proxy would: kept connections, as many as the server has threads."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPResponse
from urllib.parse import urlencode

THREADS = 4  # the server's, as the Dockerfile says
SECONDS = 30  # before a silent server is given up


class Unexpected(RuntimeError):
    """A page answered something else than what is measured."""


@dataclass(frozen=True)
class Page:
    """An address of one of the servers, as one person asks for it."""

    port: int
    path: str
    host: str
    cookie: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)

    def connect(self) -> HTTPConnection:
        """A connection to its server."""
        return HTTPConnection("127.0.0.1", self.port, timeout=SECONDS)

    def sent(self) -> dict[str, str]:
        """The headers that a TLS proxy would pass on."""
        said = {"Host": self.host, "X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.1"}
        return said | ({"Cookie": self.cookie} if self.cookie else {}) | dict(self.headers)


def get(page: Page) -> tuple[HTTPResponse, bytes]:
    """Ask once. Raises Unexpected for anything but 200."""
    connection = page.connect()
    try:
        return _asked(connection, page, page.sent())
    finally:
        connection.close()


def _asked(connection: HTTPConnection, page: Page, headers: Mapping[str, str]) -> tuple[HTTPResponse, bytes]:
    connection.request("GET", page.path, headers=headers)
    response = connection.getresponse()
    body = response.read()
    if response.status != 200:
        raise Unexpected(f"{page.path} answers {response.status}")
    return response, body


def posted(connection: HTTPConnection, page: Page, values: Mapping[str, str]) -> tuple[float, int]:
    """Post a form on a kept connection: how many seconds it took, and the status."""
    body = urlencode(values)
    headers = page.sent() | {"Content-Type": "application/x-www-form-urlencoded"}
    began = time.perf_counter()
    connection.request("POST", page.path, body=body, headers=headers)
    response = connection.getresponse()
    response.read()
    return time.perf_counter() - began, response.status


def rate(page: Page, seconds: float) -> float:
    """Requests per second over that long, on as many connections as the server has threads."""
    began = time.perf_counter()
    with ThreadPoolExecutor(THREADS) as pool:
        counts = [pool.submit(_ask_until, page, began + seconds) for _ in range(THREADS)]
        total = sum(count.result() for count in counts)
    return total / (time.perf_counter() - began)


def _ask_until(page: Page, end: float) -> int:
    connection, headers, count = page.connect(), page.sent(), 0
    try:
        while time.perf_counter() < end:
            _asked(connection, page, headers)
            count += 1
    finally:
        connection.close()
    return count


def rounds(pages: Sequence[Page], *, times: int, seconds: float) -> list[list[float]]:
    """The rates of each page, round after round: A, B, C, A, B, C…, so that a drift hits all alike."""
    for page in pages:
        rate(page, seconds)  # templates compiled, connections to the database open
    found: list[list[float]] = [[] for _ in pages]
    for _ in range(times):
        for page, rates in zip(pages, found, strict=True):
            rates.append(rate(page, seconds))
    return found
