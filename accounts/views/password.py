"""/mot-de-passe/ and /code-confidentiel/: forgotten, lost, and the page behind the mailed link."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic import FormView, TemplateView

from accounts import password_reset
from accounts.code_requests import request_code
from accounts.forms import CodeRequestForm, ForgottenForm, NewPasswordForm
from portal.limits.answer import too_many_tries
from portal.limits.counting import Blocked
from portal.origin import Origin


@method_decorator(login_not_required, name="dispatch")
class ForgottenPage(FormView[ForgottenForm]):
    """« Mot de passe oublié ? »: the same answer whether the address is known or not."""

    form_class = ForgottenForm
    template_name = "accounts/forgotten.html"

    def form_valid(self, form: ForgottenForm) -> HttpResponse:
        """Queue the mail if there is a space, and answer alike."""
        email = form.cleaned_data["email"]
        try:
            password_reset.request_reset(email, origin=Origin.of(self.request))
        except Blocked as blocked:
            return too_many_tries(self.request, blocked)
        return redirect("accounts:forgotten_sent")


@method_decorator(login_not_required, name="dispatch")
class ForgottenSentPage(TemplateView):
    """The same answer whatever the address."""

    template_name = "accounts/forgotten_sent.html"


@method_decorator(login_not_required, name="dispatch")
class CodeRequestPage(FormView[CodeRequestForm]):
    """« Demande d'un nouveau code confidentiel »: the same answer whatever the identifier."""

    form_class = CodeRequestForm
    template_name = "accounts/code_request.html"

    def form_valid(self, form: CodeRequestForm) -> HttpResponse:
        """Queue the letter if the site may have one, and answer alike."""
        try:
            request_code(form.cleaned_data["cibtp_id"], origin=Origin.of(self.request))
        except Blocked as blocked:
            return too_many_tries(self.request, blocked)
        return redirect("accounts:code_requested")


@method_decorator(login_not_required, name="dispatch")
class CodeRequestedPage(TemplateView):
    """The same answer whatever the identifier."""

    template_name = "accounts/code_requested.html"


@method_decorator([login_not_required, sensitive_post_parameters()], name="dispatch")
class NewPasswordPage(FormView[NewPasswordForm]):
    """The new password, twice; the link serves once and never signs in."""

    form_class = NewPasswordForm
    template_name = "accounts/new_password.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """A link that does not hold any more says so and leads to a new one."""
        user = password_reset.user_of(kwargs["token"])
        if user is None:
            return render(request, "accounts/new_password_expired.html", status=410)
        self.user = user
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        """What is known of the person is held against the password."""
        return super().get_form_kwargs() | {"user": self.user}

    def form_valid(self, form: NewPasswordForm) -> HttpResponse:
        """Change it, end every session, go to the sign-in page."""
        token, origin = self.kwargs["token"], Origin.of(self.request)
        if password_reset.change_password(token, form.cleaned_data["password"], origin=origin) is None:
            return render(self.request, "accounts/new_password_expired.html", status=410)
        messages.success(self.request, "Votre mot de passe est enregistré : vous pouvez vous connecter.")
        return redirect("accounts:sign_in")
