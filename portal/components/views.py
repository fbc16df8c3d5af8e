"""The pages: an index, and one page for each example. Nothing is read from the database or written."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views import View

from portal.components.catalogue import FAMILIES, Example, Family, find_family
from portal.components.frames import PERSON
from portal.home.frame import ShownEntry, ShownMenu
from portal.home.views import Tile


def menus(request: HttpRequest) -> list[ShownMenu]:
    """The families, as the navigation shows menus."""
    return [
        ShownMenu(
            family.label,
            [
                ShownEntry(example.label, url, family.icon, current=url == request.path)
                for example in family.examples
                for url in [family.url(example)]
            ],
        )
        for family in FAMILIES
    ]


def around(request: HttpRequest, family: Family, example: Example) -> dict[str, Any]:
    """What stands around an example, unless its own context says otherwise."""
    trail = [{"label": "Composants", "url": reverse("components:index")}]
    if example.slug:
        trail.append({"label": family.label, "url": family.url(family.examples[0])})
    states = [
        ShownEntry(each.label, family.url(each), "", current=each is example) for each in family.examples
    ]
    return {
        "title": example.label,
        "family": family,
        "states": states,
        "navigation": menus(request) if example.signed_in else [],
        "breadcrumb": trail,
        "choice_url": "",
    }


def seen_by(request: HttpRequest, *, signed_in: bool) -> None:
    """Let the page be as an invented person sees it, or somebody signed out, whoever really looks."""
    request.user = PERSON if signed_in else AnonymousUser()  # type: ignore[assignment]


@method_decorator(login_not_required, name="dispatch")
class IndexPage(View):
    """/composants/: the families."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """A tile for each family."""
        seen_by(request, signed_in=True)
        tiles = [
            Tile(family.label, family.url(family.examples[0]), family.icon, family.summary)
            for family in FAMILIES
        ]
        context = {"title": "Composants", "tiles": tiles, "navigation": menus(request), "choice_url": ""}
        return render(request, "components/index.html", context)


@method_decorator(login_not_required, name="dispatch")
class ExamplePage(View):
    """One example; those that hold a form answer it, and forget it."""

    def get(self, request: HttpRequest, family: str, example: str = "") -> HttpResponse:
        """The page, or 404."""
        found, shown = self.find(family, example)
        seen_by(request, signed_in=shown.signed_in)
        context = around(request, found, shown) | shown.context(request)
        if context.get("onward"):
            return redirect(context["onward"])
        return render(request, shown.template, context)

    def post(self, request: HttpRequest, family: str, example: str = "") -> HttpResponse:
        """The same page with what was typed; 405 for a page without a form."""
        if not self.find(family, example)[1].posts:
            return HttpResponseNotAllowed(["GET", "HEAD"])
        return self.get(request, family, example)

    def find(self, family: str, example: str) -> tuple[Family, Example]:
        """The family and its example. Raises Http404."""
        found = find_family(family)
        shown = found.find(example) if found else None
        if found is None or shown is None:
            raise Http404
        return found, shown
