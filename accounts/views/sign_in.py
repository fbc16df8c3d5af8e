"""/connexion/ and /deconnexion/."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.views import View
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic import FormView

from accounts.forms import SignInForm
from accounts.sign_in import sign_in, sign_out
from portal.limits.answer import too_many_tries
from portal.limits.counting import Blocked

WRONG = (
    "L’adresse électronique ou le mot de passe n’est pas correct, ou le compte n’est pas activé. "
    "« Mot de passe oublié ? » vous envoie un nouveau lien."
)


def safe_next(request: HttpRequest) -> str:
    """Where to go after signing in: an address of this portal only, else an empty string (R72)."""
    asked = request.POST.get("next") or request.GET.get("next", "")
    ours = asked.startswith("/") and url_has_allowed_host_and_scheme(asked, allowed_hosts=None)
    return asked if ours and asked != "/" else ""


@method_decorator([login_not_required, sensitive_post_parameters()], name="dispatch")
class SignInPage(FormView[SignInForm]):
    """« Connexion à votre espace CIBTP »."""

    form_class = SignInForm
    template_name = "accounts/sign_in.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Who is signed in already goes on."""
        if request.user.is_authenticated:
            return redirect(self.get_success_url())
        return super().dispatch(request, *args, **kwargs)

    def form_valid(self, form: SignInForm) -> HttpResponse:
        """Open the session, or say one thing whatever is wrong."""
        values = form.cleaned_data
        try:
            user = sign_in(self.request, email=values["email"], password=values["password"])
        except Blocked as blocked:
            return too_many_tries(self.request, blocked)
        if user is None:
            form.add_error(None, WRONG)
            return self.form_invalid(form)
        return redirect(self.get_success_url())

    def get_success_url(self) -> str:
        """Where one was going; else one's sites, or the admin for staff."""
        staff = getattr(self.request.user, "is_staff", False)
        return safe_next(self.request) or reverse("admin:index" if staff else "delegations:choice")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Carry the way on."""
        return super().get_context_data(next=safe_next(self.request), **kwargs)


@method_decorator(login_not_required, name="dispatch")
class SignOut(View):
    """By POST only, on every page; the browser forgets what it kept (R32)."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Nothing ends by a GET: back to where one was."""
        return redirect("root")

    def post(self, request: HttpRequest) -> HttpResponse:
        """End the session and go back to the sign-in page."""
        sign_out(request)
        response = redirect("accounts:sign_in")
        response["Clear-Site-Data"] = '"cache", "cookies", "storage"'
        return response
