"""The base of a page that asks for a fresh proof: at its own address, so that one stays at the same step."""

from __future__ import annotations

from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.debug import sensitive_post_parameters

from portal.limits.answer import too_many_tries
from portal.limits.counting import Blocked
from portal.reauth.answers import prove_again
from portal.reauth.forms import FIELD, RESUMED, WRONG, ConfirmForm
from portal.reauth.freshness import confirmed_now, is_fresh


@method_decorator(sensitive_post_parameters(), name="dispatch")
class FreshPage(View):
    """A page that only opens within five minutes of a proof; it comes after SitePage among the bases.

    With `fresh_again`, having just signed in is not enough: the password is asked for once more
    (product.md 4.1). `fresh_for` are the methods that need it. A form that was sent too late is not
    lost: what it held comes along with the password, and is then taken as if it came now.
    """

    fresh_again: ClassVar[bool] = False
    fresh_for: ClassVar[frozenset[str]] = frozenset({"GET", "HEAD", "POST"})
    fresh_reason: ClassVar[str] = "Pour votre sécurité, confirmez que c’est bien vous."

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Ask for the password where it is needed, and go on where one was."""
        if request.method == "POST" and FIELD in request.POST:
            return self.proved(request, *args, **kwargs)
        if self.asks_proof(request) and not is_fresh(request, again=self.fresh_again):
            return self.asked(request, ConfirmForm(request=request, back=self.fresh_back()))
        return super().dispatch(request, *args, **kwargs)

    def asks_proof(self, request: HttpRequest) -> bool:
        """Whether this method needs a proof here; one that the page does not take is refused first."""
        method = request.method or ""
        name = method.lower()
        return method in self.fresh_for and name in self.http_method_names and hasattr(self, name)

    def proved(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The password was given: with it the page, or the form that was on its way."""
        form = ConfirmForm(request.POST, request=request, back=self.fresh_back())
        try:
            if not form.is_valid() or not prove_again(request, form.cleaned_data[FIELD]):
                if form.is_valid():
                    form.add_error(FIELD, WRONG)
                return self.asked(request, form)
        except Blocked as blocked:
            return too_many_tries(request, blocked, password=True)
        confirmed_now(request)
        if RESUMED in request.POST:
            return super().dispatch(request, *args, **kwargs)
        return HttpResponseRedirect(request.get_full_path())

    def asked(self, request: HttpRequest, form: ConfirmForm) -> HttpResponse:
        """The question."""
        context = {"title": "Confirmer votre identité", "form": form, "reason": self.fresh_reason}
        response = render(request, "reauth/confirm.html", context)
        add_never_cache_headers(response)
        return response

    def fresh_back(self) -> str:
        """Where « Annuler » leads: by default, home."""
        return reverse("root")
