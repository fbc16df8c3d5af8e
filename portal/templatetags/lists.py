"""What lists show beside their rows."""

from __future__ import annotations

from typing import Any

from django import template
from django.core.paginator import Page

register = template.Library()


@register.simple_tag
def shown_pages(page: Page[Any]) -> list[int | str]:
    """The page numbers to show: the first, the last and those around the current one."""
    return list(page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1))
