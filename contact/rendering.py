"""Staff's Markdown as a part of a page: no raw HTML, headings in order, French spaces."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

NO_BREAK = "\u00a0"
HIGHEST, LOWEST = 2, 6  # the page's title is its h1
TAGS = {
    "a", "blockquote", "br", "em", "h2", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p", "strong", "ul",
}  # fmt: skip
SCHEMES = {"https", "http", "mailto", "tel"}
_markdown = MarkdownIt("commonmark", {"html": False}).disable(["image", "code", "fence", "backticks"])


@lru_cache(maxsize=64)
def rendered(text: str) -> SafeString:
    """The text in HTML, to stand under a page's h1.

    A staff account that was taken over could write a text, but nothing that runs: what Markdown gives goes
    through an allow-list.
    """
    tokens = _markdown.parse(text)
    _order(tokens)
    for token in tokens:
        _space(token.children or ())
    html = _markdown.renderer.render(tokens, _markdown.options, {})
    attributes: dict[str, set[str]] = {"*": set(), "a": {"href"}, "ol": {"start"}}
    cleaned = nh3.clean(html, tags=TAGS, attributes=attributes, url_schemes=SCHEMES, link_rel="noopener")
    return mark_safe(cleaned)  # noqa: S308  cleaned just above


def _order(tokens: Sequence[Token]) -> None:
    """Headings begin at h2 and never skip a level, whatever staff wrote (RGAA 9.1)."""
    headings = [token for token in tokens if token.type in ("heading_open", "heading_close")]
    shallowest = min((int(token.tag[1]) for token in headings), default=1)
    level = HIGHEST - 1
    for token in headings:
        if token.type == "heading_open":
            level = min(int(token.tag[1]) - shallowest + HIGHEST, level + 1, LOWEST)
        token.tag = f"h{level}"


def _space(children: Sequence[Token]) -> None:
    """No-break spaces where French wants them: nobody types them."""
    for token in children:
        if token.type == "text":
            closed = re.sub(r"(?<!\s) (?=[:;!?»%€](?![\w/]))", NO_BREAK, token.content)
            token.content = closed.replace("« ", f"«{NO_BREAK}")
