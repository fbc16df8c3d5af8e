"""Every address that urls.py knows, with something in the place of each parameter."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import URLResolver, get_resolver
from django.urls.resolvers import RoutePattern

PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")
REGULAR = {"app_label": "accounts/", "url": "zzz"}  # the admin's two regular expressions, by what they take


@dataclass(frozen=True)
class Route:
    """One address: as urls.py writes it, and as a browser asks for it."""

    pattern: str
    address: str


def every_route(**parameters: str) -> list[Route]:
    """All of them; `parameters` stand for those of that name, « 1 » for the others."""
    return [
        Route(pattern, "/" + PARAMETER.sub(lambda found: parameters.get(found[1], "1"), pattern))
        for pattern in _patterns(get_resolver(), "")
    ]


def _patterns(resolver: URLResolver, before: str) -> Iterator[str]:
    for entry in resolver.url_patterns:
        text = str(entry.pattern)
        own = before + (
            text if isinstance(entry.pattern, RoutePattern) else REGULAR[PARAMETER.findall(text)[0]]
        )
        if isinstance(entry, URLResolver):
            yield from _patterns(entry, own)
        else:
            yield own
