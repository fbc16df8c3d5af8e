"""The pages of what went wrong: refusal, form that came from elsewhere, too many tries, failure."""

from __future__ import annotations

import re
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template import loader
from django.urls import reverse

from portal.access.answers import administrators_of, enter_site
from portal.access.pages import RightMissing

INSIDE_A_SITE = re.compile(r"/sites/([0-9]{5}-[0-9]{3}-[0-9]{2})/")


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: says what is refused and, on a site, names the Administrateurs to ask."""
    context: dict[str, Any] = {}
    if isinstance(exception, RightMissing):
        context = {"what": exception.what, "administrators": administrators_of(exception.site)}
    return render(request, "403.html", context, status=403)


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: the same for what is another's and what does not exist; never repeats what was asked."""
    inside = INSIDE_A_SITE.match(request.path)
    if inside and not hasattr(request, "access") and hasattr(request, "user"):
        enter_site(request, inside.group(1))  # one's own site stays in the frame
    return render(request, "404.html", status=404)


@login_not_required
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form that did not come from a page of ours, or came too late."""
    if request.path == reverse("accounts:sign_out"):
        return redirect(settings.LOGIN_URL)  # another tab signed out: it is done
    if request.path == reverse(settings.LOGIN_URL) and request.user.is_authenticated:
        return redirect(settings.LOGIN_REDIRECT_URL)  # another tab signed in
    return render(request, "csrf.html", status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    """500: a page that needs neither context nor database."""
    return HttpResponse(loader.get_template("500.html").render(), status=500)
