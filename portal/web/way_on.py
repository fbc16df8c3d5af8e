"""Where a page that stands in the way leads afterwards: sign-in, the terms of use, a second factor."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme


def safe_next(request: HttpRequest) -> str:
    """The way on: an address of this portal only, else an empty string (R72)."""
    asked = request.POST.get("next") or request.GET.get("next", "")
    ours = asked.startswith("/") and url_has_allowed_host_and_scheme(asked, allowed_hosts=None)
    return asked if ours and asked != "/" else ""


def with_next(url: str, way: str) -> str:
    """That address of ours, which remembers the way on; as it is without one."""
    return f"{url}?{urlencode({'next': way})}" if way else url
