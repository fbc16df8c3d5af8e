"""A list in pages."""

from __future__ import annotations

from typing import Any

from django.core.paginator import InvalidPage, Page, Paginator


def page_of(rows: Any, size: int, asked: str) -> Page[Any]:
    """The page asked for, `size` rows each; the first when there is no such page."""
    paginator = Paginator(rows, size)
    try:
        return paginator.page(asked)
    except InvalidPage:
        return paginator.page(1)
