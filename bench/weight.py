"""How many bytes a page costs: the first time, and once its static files are kept."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from html.parser import HTMLParser

from bench.load import Page, get

PROXY_LEVEL = 6
IN_CSS = re.compile(rb"""url\(\s*["']?(?!data:|#)([^"')]+)""")


class Files(HTMLParser):
    """The static files that a page asks for."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Style sheets, icons, scripts and images."""
        given = dict(attrs)
        address = (
            given.get("href") if tag == "link" else given.get("src") if tag in {"script", "img"} else None
        )
        if address and not address.startswith("data:") and address not in self.found:
            self.found.append(address)


@dataclass(frozen=True)
class Weight:
    """Bytes of a page: its HTML as made and gzipped, and its static files as served."""

    html: int
    gzipped: int
    static: int

    @property
    def first(self) -> int:
        """What the first view takes."""
        return self.gzipped + self.static


def weigh(page: Page) -> Weight:
    """Fetch a page and its static files, compressed as the server has them. Raises Unexpected."""
    _, html = get(page)
    files = Files()
    files.feed(html.decode())
    static = sum(_served(replace(page, path=path, cookie="")) for path in files.found)
    return Weight(len(html), len(gzip.compress(html, PROXY_LEVEL)), static)


def _served(file: Page) -> int:
    """The bytes of a file on the wire, and of what a style sheet asks for in turn."""
    packed = replace(file, headers={"Accept-Encoding": "br, gzip"})
    size = len(get(packed)[1])
    return size + sum(_served(replace(file, path=path)) for path in _asked_by_style(file))


def _asked_by_style(file: Page) -> Iterable[str]:
    if not file.path.endswith(".css"):
        return []
    folder = file.path.rpartition("/")[0]
    names = {name.decode() for name in IN_CSS.findall(get(file)[1])}
    return [name if name.startswith("/") else f"{folder}/{name}" for name in sorted(names)]
