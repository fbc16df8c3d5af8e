"""Reading the written policy, and saying what the portal really answers in the same words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.access.world import PERSONAS, World

FILE = Path(__file__).with_name("policy.txt")
METHODS = ("GET", "POST")
COLUMN = 17
A_SITE = re.compile(r"/sites/[0-9-]{12}/")
A_KEY = re.compile(r"/[0-9]{4,}/")
GAP = re.compile(r" {2,}")


@dataclass(frozen=True)
class Line:
    """What one address answers to one method, persona by persona."""

    route: str
    method: str
    answers: tuple[str, ...]

    def __str__(self) -> str:
        cells = "  ".join(answer.ljust(COLUMN) for answer in self.answers)
        return f"  {self.method:6}{cells}".rstrip()


def written() -> dict[str, list[Line]]:
    """The policy as it is written: the lines of each route. Raises ValueError for an unreadable line."""
    found: dict[str, list[Line]] = {}
    route = ""
    for number, text in enumerate(FILE.read_text(encoding="utf-8").splitlines(), 1):
        if not text.strip() or text.startswith("#"):
            continue
        if not text.startswith(" "):
            route = text.strip().removeprefix("/")
            found[route] = []
            continue
        method, *answers = GAP.split(text.strip())
        if method not in METHODS or len(answers) != len(PERSONAS):
            raise ValueError(f"{FILE.name}, line {number}: {text!r}")
        found[route].append(Line(route, method, tuple(answers)))
    return found


def observed(world: World, route: str, method: str, persona: str) -> str:
    """What that person is answered: a status, or where a redirection leads."""
    browser = world.client_of(persona)
    address = world.address(route)
    return in_words(browser.generic(method, address), world, address)


def in_words(response: Any, world: World, address: str) -> str:
    """A status; « sign in » or « → where » for a redirection, from the address itself when below it."""
    if not 300 <= response.status_code < 400:
        return str(response.status_code)
    path = response["Location"].split("?")[0]
    if response["Location"].startswith("/connexion/?next=") or path == "/connexion/":
        return "sign in"
    path = path.replace(f"/sites/{world.site.cibtp_id}/", "…/")
    if path.startswith(address) and address not in {"/", "/sites/"}:
        return "→ ./" + path.removeprefix(address)
    return "→ " + A_KEY.sub("/<number>/", A_SITE.sub("their own site/", path))
