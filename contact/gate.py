"""Whoever has not accepted the terms of use in effect is led to them before any page of the portal."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse

from contact.terms import has_accepted
from portal.access.gate import Gate
from portal.web.sessions import STAFF_PAGES


class TermsGate(Gate):
    """Open without them: what is open to anybody, one's own account, and the admin."""

    def leads_to(self, request: HttpRequest) -> str | None:
        """The page that asks, unless this session's person accepted."""
        if request.path.startswith(STAFF_PAGES) or has_accepted(request):
            return None
        return reverse("legal:accept_terms")
