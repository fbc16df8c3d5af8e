"""Two pages that ask for a fresh proof, beside the portal's own: a plain one, and one of a site."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views import View

from portal import urls
from portal.access.levels import Rule
from portal.access.pages import SitePage
from portal.reauth.pages import FreshPage

received: list[dict[str, list[str]]] = []


class Answers(View):
    """Says that it was reached, and remembers what it was sent."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return HttpResponse("page", content_type="text/plain")

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        received.append({name: values for name, values in request.POST.lists() if "reauth" not in name})
        return HttpResponse("done", content_type="text/plain")


class PlainPage(FreshPage, Answers):
    """Of no site."""


class AgainPage(PlainPage):
    """Having signed in is not enough."""

    fresh_again = True


class SendingPage(PlainPage):
    """Only what is sent needs a proof."""

    fresh_for = frozenset({"POST"})


class PageOfASite(SitePage, FreshPage, Answers):
    """For its Administrateurs."""

    rule = Rule.COMPANY
    title = "Essai"


urlpatterns = [
    path("essai/", PlainPage.as_view()),
    path("essai/encore/", AgainPage.as_view()),
    path("essai/envoi/", SendingPage.as_view()),
    path("sites/<cibtp:cibtp_id>/essai/", PageOfASite.as_view()),
    *urls.urlpatterns,
]
handler403, handler404, handler500 = urls.handler403, urls.handler404, urls.handler500
