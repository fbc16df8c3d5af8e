"""/compte/mot-de-passe/, staff's own, and /compte/contact/: each asks for the current password again."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic import FormView

from accounts.account_forms import ContactForm, OwnPasswordForm
from accounts.certifying import Certifier
from accounts.contact_change import change_contact, contact_of
from accounts.mobile import has_certified_mobile
from accounts.models import User
from accounts.own_password import change_own_password
from accounts.views.certifying import MobileBeside
from portal.origin import Origin
from portal.reauth.pages import FreshPage


@method_decorator(sensitive_post_parameters(), name="dispatch")
class OwnPasswordPage(FreshPage, FormView[OwnPasswordForm]):
    """« Modifier mot de passe »."""

    form_class = OwnPasswordForm
    template_name = "accounts/own_password.html"
    before_gates: ClassVar[bool] = True
    fresh_again = True
    fresh_reason = "Avant de modifier votre mot de passe, saisissez celui que vous avez aujourd’hui."

    home: ClassVar[str] = "accounts:account"

    def fresh_back(self) -> str:
        """Back to the account."""
        return reverse(self.home)

    def get_form_kwargs(self) -> dict[str, Any]:
        """What is known of the person is held against the password."""
        return super().get_form_kwargs() | {"user": self.request.user, "back": reverse(self.home)}

    def form_valid(self, form: OwnPasswordForm) -> HttpResponse:
        """Change it; this browser stays signed in, the others do not."""
        change_own_password(self.request, form.cleaned_data["password"])
        messages.success(
            self.request,
            "Votre mot de passe est enregistré. Vos connexions dans d’autres navigateurs ont pris fin.",
        )
        return redirect(self.home)


class StaffPasswordPage(OwnPasswordPage):
    """Staff's own password, under /admin/ where alone their session is read: nobody else's (R28)."""

    home = "admin:index"
    before_gates = False  # the second factor comes first (R45)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Raises Http404 for whoever is not staff."""
        if not getattr(request.user, "is_staff", False):
            raise Http404
        return super().dispatch(request, *args, **kwargs)


@method_decorator(sensitive_post_parameters(), name="dispatch")
class ContactPage(FreshPage, MobileBeside[ContactForm]):
    """« Modifier contact »."""

    form_class = ContactForm
    template_name = "accounts/contact.html"
    before_gates: ClassVar[bool] = True
    fresh_again = True
    fresh_reason = "Avant de modifier vos coordonnées, saisissez votre mot de passe actuel."

    def fresh_back(self) -> str:
        """Back to the account."""
        return reverse("accounts:account")

    def certifier(self) -> Certifier:
        """The person, whose number it becomes once certified."""
        assert isinstance(self.request.user, User)
        return Certifier.person(self.request.user)

    def get_initial(self) -> dict[str, Any]:
        """As it stands."""
        assert isinstance(self.request.user, User)
        return contact_of(self.request.user)

    def get_form_kwargs(self) -> dict[str, Any]:
        """A certified number is not changed unawares."""
        assert isinstance(self.request.user, User)
        return super().get_form_kwargs() | {"certified": has_certified_mobile(self.request.user)}

    def form_valid(self, form: ContactForm) -> HttpResponse:
        """Write what differs, and say so."""
        person = self.request.user
        assert isinstance(person, User)
        changed = change_contact(person=person, values=form.cleaned_data, origin=Origin.of(self.request))
        said = ["Téléphone mobile certifié."] if self.certified_now else []
        said += [f"Coordonnées enregistrées\u00a0: {', '.join(changed)}."] if changed else []
        messages.success(self.request, " ".join(said) or "Rien n’a changé.")
        return redirect("accounts:account")
