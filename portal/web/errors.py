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

from portal.access.answers import administrators_of, enter_site, within_firm
from portal.access.gate import led_elsewhere
from portal.access.pages import RightMissing
from portal.logs import request_id

INSIDE_A_SITE = re.compile(r"/sites/([0-9]{5}-[0-9]{3}-[0-9]{2})/")


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: says what is refused and, on a site, names whom to ask; within a firm, one's own people first."""
    context: dict[str, Any] = {}
    if isinstance(exception, RightMissing):
        context = {"what": exception.what, "closed": exception.closed, "reserved": exception.reserved}
        if not exception.closed:
            context["within_firm"] = [] if exception.reserved else within_firm(request.user, exception.site)
            context["administrators"] = administrators_of(exception.site)
    return render(request, "403.html", context, status=403)


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: the same for what is another's and what does not exist; never repeats what was asked."""
    inside = INSIDE_A_SITE.match(request.path)
    known = hasattr(request, "user") and not hasattr(request, "access")
    if inside and known and not led_elsewhere(request):
        enter_site(request, inside.group(1))  # one's own site stays in the frame
    return render(request, "404.html", status=404)


@login_not_required
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form that did not come from a page of ours, or came too late."""
    leaving = request.path in {reverse("accounts:sign_out"), reverse("admin:logout")}
    if leaving and not request.user.is_authenticated:
        return redirect(settings.LOGIN_URL)  # another tab signed out: it is done
    if request.path == reverse(settings.LOGIN_URL) and request.user.is_authenticated:
        return redirect(settings.LOGIN_REDIRECT_URL)  # another tab signed in
    return render(request, "csrf.html", status=403)


def method_not_allowed(response: HttpResponse) -> HttpResponse:
    """The same 405, its `Allow` included, with a page where it had none."""
    if not response.streaming and not response.content:
        response.content = loader.get_template("405.html").render()
        response["Content-Length"] = str(len(response.content))
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    """500: a page that needs no database, and says by what reference the log knows the failure."""
    page = loader.get_template("500.html").render({"request_id": request_id.current.get() or ""})
    return HttpResponse(page, status=500)
