"""What the portal's sign-in adds to Django's own."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from statistics import median

from bench.figures import Aim, Figure, Section
from bench.instance import HOST
from bench.load import Page, Unexpected, posted

MOST_MORE = 5  # milliseconds
WARMING = 5  # tries of each that are not counted

HOW = """A correct POST on `/connexion/` against Django's `LoginView` on the bare server (sessions and
authentication only): same database, same people, same Argon2id hasher, each try with another person who
never signed in, from another network, one at a time, by pairs whose first changes each time; the
difference is the median of the pairs'. The limits and the journal are what the portal does besides."""


def tries(addresses: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Two addresses at a time: one for each door."""
    return zip(addresses[::2], addresses[1::2], strict=True)


def measure(portal: int, bare: int, addresses: Sequence[str], password: str) -> Section:
    """Sign half of the people in at each door, in turn. Raises Unexpected when one is refused."""
    ours: list[float] = []
    django: list[float] = []
    for place, (first, second) in enumerate(tries(addresses)):
        network = f"198.51.{place // 250}.{place % 250 + 1}"
        doors = [
            (ours, portal, {"email": first, "password": password}),
            (django, bare, {"username": second, "password": password}),
        ]
        for found, port, values in doors if place % 2 else reversed(doors):
            found.append(_milliseconds(port, network, values))
    ours, django = ours[WARMING:], django[WARMING:]
    return Section("Signing in", HOW, figures(ours, django))


def figures(ours: Sequence[float], django: Sequence[float]) -> list[Figure]:
    """The medians in milliseconds, and that of the differences of each pair: 5 ms at most is the aim."""
    more = median(mine - theirs for mine, theirs in zip(ours, django, strict=True))
    return [
        Figure("Django's `LoginView`", median(django), f"{median(django):.1f} ms"),
        Figure("`/connexion/`", median(ours), f"{median(ours):.1f} ms"),
        Figure("more than Django's", more, f"{more:+.1f} ms", Aim(f"≤ {MOST_MORE} ms", at_most=MOST_MORE)),
    ]


def _milliseconds(port: int, network: str, values: dict[str, str]) -> float:
    token = secrets.token_hex(16)
    headers = {"Origin": f"https://{HOST}", "X-Forwarded-For": network}
    page = Page(port, "/connexion/", HOST, f"__Host-csrf={token}", headers)
    connection = page.connect()
    connection.connect()
    try:
        seconds, status = posted(connection, page, {**values, "csrfmiddlewaretoken": token})
    finally:
        connection.close()
    if status != 302:
        raise Unexpected(f"a correct password answers {status}")
    return 1000 * seconds
