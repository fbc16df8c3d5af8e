"""Signed out, one is led to the sign-in page; only what can be opened again is remembered."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponseRedirect
from django.shortcuts import redirect

from portal.access.pages import SAFE_METHODS
from portal.sessions.life import ENDED


class SignInFirstMiddleware(LoginRequiredMiddleware):
    """Django's own, but a form sent after the session ended does not come back as a GET of its address."""

    def handle_no_permission(self, request: HttpRequest, view_func: Any) -> HttpResponseRedirect:
        """Lead to the sign-in page, with the way on for what was a page."""
        if request.method not in SAFE_METHODS:
            answer = redirect(settings.LOGIN_URL)
        else:
            answer = super().handle_no_permission(request, view_func)
        if getattr(request, "session_ended", False):
            joined = "&" if "?" in answer["Location"] else "?"
            answer["Location"] += f"{joined}{ENDED}=1"
        return answer
