"""What lists show beside their rows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import template
from django.core.paginator import Page
from django.http import HttpRequest

register = template.Library()


@dataclass(frozen=True, slots=True)
class PageLink:
    """A place in the pages: a page by its number, or by a word; `to` is None for the gap between two."""

    to: int | None
    word: str = ""
    rel: str = ""


@register.simple_tag
def page_links(page: Page[Any]) -> list[PageLink]:
    """Back, the first page, the last, those around the current one, forward."""
    return [*_back(page), *_numbers(page), *_forward(page)]


def _back(page: Page[Any]) -> Iterator[PageLink]:
    if page.has_previous():
        yield PageLink(1, "Première")
        yield PageLink(page.previous_page_number(), "Précédente", "prev")


def _numbers(page: Page[Any]) -> Iterator[PageLink]:
    for number in page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1):
        yield PageLink(number if isinstance(number, int) else None)


def _forward(page: Page[Any]) -> Iterator[PageLink]:
    if page.has_next():
        yield PageLink(page.next_page_number(), "Suivante", "next")
        yield PageLink(page.paginator.num_pages, "Dernière")


@register.simple_tag
def page_address(request: HttpRequest) -> str:
    """The address of another page of the same list, up to its number."""
    query = request.GET.copy()
    query.pop("page", None)
    return f"?{query.urlencode()}&page=" if query else "?page="
