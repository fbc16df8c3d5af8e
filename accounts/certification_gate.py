"""Whose certification has lapsed sees the page that renews it and no other (product.md 4.4, R23)."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse

from accounts.certification import has_lapsed
from accounts.models import User
from portal.access.gate import Gate


class CertificationGate(Gate):
    """Asks nothing of the database: the person is known already. One's own account is shut too."""

    name = "certification"
    account_open = False

    def leads_to(self, request: HttpRequest) -> str | None:
        """The page that sends the mail, once the certification has lapsed."""
        user = request.user
        return reverse("accounts:certification") if isinstance(user, User) and has_lapsed(user) else None
