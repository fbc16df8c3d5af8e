"""No page of a site without a rule: checked by `manage.py check`, and by everything that serves."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.checks import CheckMessage, Error
from django.core.exceptions import ImproperlyConfigured
from django.urls import URLPattern, URLResolver, get_resolver

from portal.access import features
from portal.access.levels import Access, Rule
from portal.access.pages import SitePage

SITE_PREFIX = "sites/<cibtp:cibtp_id>/"


def patterns(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every address below a resolver, whole, with its pattern."""
    for entry in resolver.url_patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from patterns(entry, route)
        else:
            yield route, entry


def fault_of(pattern: URLPattern) -> str | None:
    """What is wrong with the rule of one page of a site, or None."""
    view = getattr(pattern.callback, "view_class", None)
    if view is None or not issubclass(view, SitePage):
        return "is not a SitePage"
    if view.dispatch is not SitePage.dispatch:
        return "replaces SitePage.dispatch, which holds the rule"
    if view.asks is Access.NONE:
        return "asks for no level, which everybody holds"
    if isinstance(view.rule, Rule):
        return None
    try:
        features.get(view.rule or "")
    except features.UnknownFeature:
        return f"states no known rule ({view.rule!r})"
    return None


def faults(urlconf: str | None = None) -> list[str]:
    """A sentence for each page under /sites/<identifiant>/ without a valid rule."""
    found = []
    for route, pattern in patterns(get_resolver(urlconf)):
        if "cibtp_id" not in route:
            continue
        fault = "takes a site outside its prefix" if not route.startswith(SITE_PREFIX) else fault_of(pattern)
        if fault:
            found.append(f"{route} {fault}")
    return found


def site_pages_state_their_rule(**kwargs: Any) -> list[CheckMessage]:
    """Django's system check."""
    return [Error(fault, id="portal.E001") for fault in faults()]


def refuse_to_start_without_rules() -> None:
    """Raise ImproperlyConfigured when a page of a site has no rule (wsgi, asgi, worker)."""
    found = faults()
    if found:
        raise ImproperlyConfigured("The portal does not start: " + "; ".join(found))
