"""The staff's site. It has no door of its own: sign-in goes through /connexion/ (R13)."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator


class CaisseAdminSite(admin.AdminSite):
    """« Espace sécurisé – caisse »."""

    site_header = "Espace sécurisé – agents de la caisse"
    site_title = "Espace sécurisé"
    index_title = "Gestion"
    site_url = None  # staff have no site of their own to see

    @method_decorator(login_not_required)
    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Send to the one sign-in page, whatever the method: nothing is proved here."""
        if request.user.is_authenticated:
            return redirect("admin:index" if self.has_permission(request) else "delegations:choice")
        return redirect(f"{reverse('accounts:sign_in')}?{urlencode({'next': reverse('admin:index')})}")

    def password_change(  # type: ignore[override]
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Nothing is proved here either: the password changes through the mailed link."""
        return redirect("accounts:forgotten")

    def logout(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:  # type: ignore[override]
        """Hand the POST, token and all, to the one way out, which the journal records."""
        response = redirect("accounts:sign_out")
        response.status_code = 307
        return response
