"""/compte/mobile/: « Certifier mon téléphone mobile »."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.debug import sensitive_post_parameters

from accounts.certifying import Certifier
from accounts.models import User
from accounts.views.certifying import Certification, stepped
from portal.messaging.sms.gateway import is_offered
from portal.reauth.pages import FreshPage

CERTIFIED = "Votre téléphone mobile est certifié."


@method_decorator(sensitive_post_parameters(), name="dispatch")
class MobilePage(FreshPage, View):
    """The number, masked, its certification, and the code that certifies it."""

    before_gates: ClassVar[bool] = True
    fresh_reason = "Avant de certifier votre téléphone mobile, saisissez votre mot de passe actuel."

    def fresh_back(self) -> str:
        """Back to the account."""
        return reverse("accounts:account")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """A caisse without a gateway has no such page."""
        if not is_offered():
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest) -> HttpResponse:
        """The state of things."""
        return self.shown(Certification(Certifier.person(self.person), request.path, lone=True))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Send a code, or try one; what went well leads back to the page, so that nothing is sent again."""
        certifier = Certifier.person(self.person)
        after = stepped(request, certifier, own_number=self.person.mobile, lone=True)
        if after.done:
            messages.success(request, CERTIFIED)
        if after.problem or after.form.errors:
            return self.shown(after)
        return redirect(request.path)

    @property
    def person(self) -> User:
        """Who is signed in."""
        assert isinstance(self.request.user, User)
        return self.request.user

    def shown(self, certification: Certification) -> HttpResponse:
        """The page."""
        form = certification.number_form if certification.asks_number else certification.form
        context = {"certification": certification, "form": form, "has_errors": bool(certification.problem)}
        return certification.limited(render(self.request, "accounts/mobile.html", context))
