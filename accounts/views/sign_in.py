"""/connexion/ and /deconnexion/."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic import FormView

from accounts.forms import SignInForm
from accounts.second_factor import pending
from accounts.sign_in import sign_in, sign_out
from portal.limits.answer import too_many_tries
from portal.limits.counting import Blocked
from portal.sessions.life import ENDED
from portal.web.sessions import STAFF_PAGES
from portal.web.way_on import safe_next, with_next

WRONG = (
    "L’adresse électronique ou le mot de passe n’est pas correct, ou le compte n’est pas activé. "
    "« Mot de passe oublié ? » vous envoie un nouveau lien."
)
SIGNED_OUT = "Vous êtes déconnecté."
TOLD_FOR = 60  # seconds after which the sign-in page does not say it any more


def way_on(request: HttpRequest, user: Any) -> str:
    """Where whoever has just signed in was going; else his sites, or the admin for staff."""
    asked = safe_next(request)
    if getattr(user, "is_staff", False):  # whose session opens no page of the portal
        return asked if asked.startswith(STAFF_PAGES) else reverse("admin:index")
    return asked or reverse("delegations:choice")


def verification_url(request: HttpRequest) -> str:
    """The second step, with the way on."""
    return with_next(reverse("accounts:verification"), safe_next(request))


@method_decorator([login_not_required, sensitive_post_parameters()], name="dispatch")
class SignInPage(FormView[SignInForm]):
    """« Connexion à votre espace CIBTP »."""

    form_class = SignInForm
    template_name = "accounts/sign_in.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Who is signed in already goes on, but to the admin, which his session does not open."""
        if request.user.is_authenticated and not safe_next(request).startswith(STAFF_PAGES):
            return redirect(self.get_success_url())
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The form; to whoever has just signed out, once, that he has."""
        told = bool(request.COOKIES.get(settings.SIGNED_OUT_COOKIE_NAME))
        if told:
            messages.success(request, SIGNED_OUT)  # shown by this very answer: no session is written
        response = super().get(request, *args, **kwargs)
        if told:
            response.delete_cookie(settings.SIGNED_OUT_COOKIE_NAME, samesite="Lax")
        return response

    def form_valid(self, form: SignInForm) -> HttpResponse:
        """Open the session, or say one thing whatever is wrong."""
        values = form.cleaned_data
        try:
            user = sign_in(self.request, email=values["email"], password=values["password"])
        except Blocked as blocked:
            return too_many_tries(self.request, blocked, password=True)
        if user is None:
            form.add_error(None, WRONG)
            return self.form_invalid(form)
        if pending.waits(self.request):
            return redirect(verification_url(self.request))
        return redirect(self.get_success_url())

    def get_success_url(self) -> str:
        """Where one was going; else one's sites, or the admin for staff."""
        return way_on(self.request, self.request.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Carry the way on."""
        return super().get_context_data(
            next=safe_next(self.request), session_ended=ENDED in self.request.GET, **kwargs
        )


@method_decorator(login_not_required, name="dispatch")
class SignOut(View):
    """By POST only, on every page; the browser forgets what it kept (R32)."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Nothing ends by a GET: back to where one was."""
        return redirect("root")

    def post(self, request: HttpRequest) -> HttpResponse:
        """End the session and go back to the sign-in page, or to the page that asked for another person."""
        sign_out(request)
        elsewhere = safe_next(request)
        response = redirect(elsewhere or "accounts:sign_in")
        if not elsewhere:
            response.set_cookie(
                settings.SIGNED_OUT_COOKIE_NAME,
                "deconnecte",
                max_age=TOLD_FOR,
                secure=settings.SESSION_COOKIE_SECURE,
                httponly=True,
                samesite="Lax",
            )
        # Not "cookies": staff and employers each have their own, and only this one ends here.
        response["Clear-Site-Data"] = '"cache", "storage"'
        return response
