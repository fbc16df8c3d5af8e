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

from portal.second_factor.verified import is_verified


class CaisseAdminSite(admin.AdminSite):
    """« Espace sécurisé – caisse »."""

    site_header = "Espace sécurisé – agents de la caisse"
    site_title = "Espace sécurisé"
    index_title = "Gestion"
    site_url = None  # staff have no site of their own to see

    def has_permission(self, request: HttpRequest) -> bool:
        """Staff who proved a second factor in this session (R45); the gate leads the others to it."""
        return super().has_permission(request) and is_verified(request)

    @method_decorator(login_not_required)
    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Send to the one sign-in page, whatever the method: nothing is proved here."""
        if request.user.is_authenticated:  # the gate leads staff who proved no second factor from the index
            return redirect("admin:index" if super().has_permission(request) else "delegations:choice")
        return redirect(f"{reverse('accounts:sign_in')}?{urlencode({'next': reverse('admin:index')})}")

    def password_change(  # type: ignore[override]
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Nothing is proved here either: one's own password changes where the present one is asked for."""
        return redirect("accounts:staff_password")

    def password_change_done(  # type: ignore[override]
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Nothing was changed here: the same."""
        return redirect("accounts:staff_password")
