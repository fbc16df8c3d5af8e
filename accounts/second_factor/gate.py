"""No page of the admin without a second factor proved in this session (R45)."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse

from accounts.models import User
from accounts.second_factor.factors import has_any
from portal.access.gate import Gate
from portal.second_factor.verified import is_verified
from portal.web.sessions import STAFF_PAGES


class StaffSecondFactorGate(Gate):
    """Staff without a factor are led to add one, and to nothing else; with one, to prove it."""

    def leads_to(self, request: HttpRequest) -> str | None:
        """Where a member of the staff goes first. Asks the database only in a session that proved nothing."""
        user = request.user
        if not isinstance(user, User) or not user.is_staff or not request.path.startswith(STAFF_PAGES):
            return None
        if is_verified(request):
            return None
        return reverse("accounts:staff_verification" if has_any(user) else "accounts:staff_factors")
