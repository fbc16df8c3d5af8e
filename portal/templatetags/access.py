"""A right, asked in a template: `{% load access %}{% may "employees.employee" "write" as can %}`."""

from __future__ import annotations

from typing import Any

from django import template

from portal.access import features
from portal.access.levels import Access

register = template.Library()


@register.simple_tag(takes_context=True)
def may(context: Any, code: str, level: str, of: Any = None) -> bool:
    """Whether the person of the page holds a right on its site, or on an object of it when one is named.

    No to whoever stands on no site. Raises UnknownFeature, and KeyError for a level that is none: a right
    that is misspelt must not look refused.
    """
    feature, asked = features.get(code), Access[level.upper()]
    if of is not None:
        user = getattr(context.get("request"), "user", None)
        return user is not None and asked > Access.NONE and user.has_perm(feature.permission(asked), of)
    access = context.get("access")
    return access is not None and asked > Access.NONE and access.allows(code, asked)
