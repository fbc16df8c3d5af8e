"""The pages at the foot of every page, and the one that asks to accept the terms of use."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any, ClassVar

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.views import View
from django.views.generic import FormView

from contact import terms
from contact.forms import AcceptTermsForm
from contact.models import LegalPage, LegalText
from contact.rendering import rendered
from portal.origin import Origin
from portal.web.way_on import safe_next


@method_decorator(login_not_required, name="dispatch")
class LegalTextPage(View):
    """A text in effect; `?version=AAAA-MM-JJ` shows the one that began that day, for ever."""

    page: ClassVar[str] = ""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The text. Raises Http404 for a version that never began."""
        versions = list(LegalText.objects.begun(self.page).defer("body"))
        shown = chosen(versions, request.GET.get("version", ""))
        context = {
            "title": LegalPage(self.page).label,
            "text": shown,
            "current": shown == versions[0],
            "html": rendered(shown.body),
            "versions": versions if len(versions) > 1 else [],
        }
        return render(request, "contact/legal_text.html", context)


def chosen(versions: Sequence[LegalText], asked: str) -> LegalText:
    """The version that began on the day asked for, the one in effect without one. Raises Http404."""
    try:
        day = dt.date.fromisoformat(asked) if asked else None
    except ValueError:
        raise Http404 from None
    for version in versions:
        if day is None or version.starts_on == day:
            return version
    raise Http404


class AcceptTermsPage(FormView[AcceptTermsForm]):
    """« J'accepte les Conditions Générales d'Utilisation »: at the first sign-in and at each new version."""

    before_gates: ClassVar[bool] = True  # it is one: another would send back to it
    # An invitation is accepted after the terms, and its acceptance certifies the address.
    passes_gates: ClassVar[tuple[str, ...]] = ("certification",)
    form_class = AcceptTermsForm
    template_name = "contact/accept_terms.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Only for whoever has not accepted what is in effect."""
        text = terms.in_effect()
        if terms.has_accepted(request) or text is None:
            return self.on()
        self.text = text
        return super().dispatch(request, *args, **kwargs)

    def on(self) -> HttpResponse:
        """To the page that was asked for, or to the choice of a site."""
        return redirect(safe_next(self.request) or "delegations:choice")

    def get_initial(self) -> dict[str, Any]:
        """The version that is shown."""
        return {"version": self.text.pk}

    def form_valid(self, form: AcceptTermsForm) -> HttpResponse:
        """Accept what was read; a version that began meanwhile is shown instead."""
        if form.cleaned_data["version"] != self.text.pk:
            messages.warning(self.request, "Une nouvelle version vient de prendre effet\u00a0: la voici.")
            return redirect(self.request.get_full_path())
        terms.accept(user=self.request.user, text=self.text, origin=Origin.of(self.request))
        terms.remember(self.request, self.text.pk)
        return self.on()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The text to accept."""
        shown = {"text": self.text, "html": rendered(self.text.body)}
        return super().get_context_data(**shown, **kwargs)
