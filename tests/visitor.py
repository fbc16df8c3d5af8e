"""A browser without a face, over a kept connection: cookies, the form's token, the time of each answer."""

from __future__ import annotations

import http.client
import re
import time
from dataclasses import dataclass
from http.cookies import SimpleCookie
from typing import Self
from urllib.parse import urlencode

from tests import canaries
from tests.production_portal import HOST

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')


@dataclass(frozen=True)
class Answer:
    """What came back, and after how many seconds."""

    status: int
    headers: list[tuple[str, str]]
    body: str
    seconds: float

    def header(self, name: str) -> str:
        """A header's value, or an empty string."""
        return next((value for key, value in self.headers if key.lower() == name), "")


class Visitor:
    """One visitor behind the TLS proxy; `network` is the address which that proxy reports."""

    def __init__(self, port: int, network: str = "203.0.113.1") -> None:
        self.network = network
        self.cookies: dict[str, str] = {}
        self.token = ""
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def get(self, path: str) -> Answer:
        """Read a page, and keep its form's token."""
        answer = self._ask("GET", path, None)
        found = TOKEN.search(answer.body)
        self.token = found[1] if found else self.token
        return answer

    def post(self, path: str, **values: str) -> Answer:
        """Send a form with the token of the last page read."""
        canaries.learn_typed(values)
        return self._ask("POST", path, urlencode({"csrfmiddlewaretoken": self.token} | values))

    def pause(self) -> None:
        """Let go of the connection, as after some seconds without a click; cookies stay."""
        self._connection.close()

    def _ask(self, method: str, path: str, body: str | None) -> Answer:
        headers = {
            "Host": HOST,
            "Origin": f"https://{HOST}",
            "X-Forwarded-Proto": "https",
            "X-Forwarded-For": self.network,
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
        }
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        began = time.perf_counter()
        self._connection.request(method, path, body, headers)
        response = self._connection.getresponse()
        text = response.read().decode()
        seconds = time.perf_counter() - began
        for name, value in response.getheaders():
            if name.lower() == "set-cookie":
                self.cookies |= {key: morsel.value for key, morsel in SimpleCookie(value).items()}
        canaries.watch.learn("cookie of a visitor", *self.cookies.values())
        return Answer(response.status, response.getheaders(), text, seconds)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *failure: object) -> None:
        self._connection.close()
