"""heroicons' tags, each icon drawn once: the library copies and writes an XML tree at every use.

`{% load icons %}`, then as the library says.
"""

from __future__ import annotations

from functools import lru_cache

from django import template
from heroicons.templatetags import heroicons

register = template.Library()

_micro = lru_cache(maxsize=256)(heroicons.heroicon_micro)
_mini = lru_cache(maxsize=256)(heroicons.heroicon_mini)
_outline = lru_cache(maxsize=256)(heroicons.heroicon_outline)


@register.simple_tag
def heroicon_micro(name: str, **attrs: object) -> str:
    """The 16-pixel icon of that name."""
    return _micro(name, **attrs)


@register.simple_tag
def heroicon_mini(name: str, **attrs: object) -> str:
    """The 20-pixel icon of that name."""
    return _mini(name, **attrs)


@register.simple_tag
def heroicon_outline(name: str, **attrs: object) -> str:
    """The 24-pixel icon of that name, in lines."""
    return _outline(name, **attrs)
