"""/association/: a site joins a space that exists."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.views.generic import FormView

from accounts.association import associate
from accounts.forms import AssociationForm
from accounts.models import User
from accounts.opening import CodeJustUsed, CodeNoLongerUsable
from accounts.proof import Proof
from accounts.sign_in import prove
from accounts.views.opening import NOT_PROVED, IdentificationPage, code_lost, door
from accounts.views.sign_in import WRONG
from accounts.views.steps import Step, two_steps
from portal.limits.answer import too_many_tries
from portal.limits.counting import Blocked
from portal.origin import Origin

FIRST, SECOND = "Informations d’identification", "Espace existant"
DONE = (
    "L'association de l'adhérent/site choisi avec votre espace sécurisé a bien été effectuée. Vous êtes "
    "redirigé automatiquement sur la page de connexion à votre espace sécurisé."
)


@door
class AssociationPage(IdentificationPage):
    """Étape 1/2: the two letters of the new site."""

    template_name = "accounts/association.html"
    door_name = "association"
    not_proved = NOT_PROVED.replace("d’ouvrir un espace", "d’associer ce site")
    next_step = "accounts:association_connection"

    def steps(self) -> list[Step]:
        """The numbered bar."""
        return two_steps(1, FIRST, SECOND)


@door
class AssociationConnectionPage(FormView[AssociationForm]):
    """Étape 2/2: the e-mail and password of the existing space."""

    form_class = AssociationForm
    template_name = "accounts/association_connection.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Only with a code proved in this session."""
        self.proof = Proof(request, "association")
        code = self.proof.code
        if code is None and self.proof.done:
            messages.success(request, DONE)
            return redirect("accounts:sign_in")
        if code is None:
            return redirect("accounts:association")
        self.code = code
        return super().dispatch(request, *args, **kwargs)

    def form_valid(self, form: AssociationForm) -> HttpResponse:
        """Prove the account as at sign-in, then associate."""
        values = form.cleaned_data
        try:
            user = prove(self.request, email=values["email"], password=values["password"])
        except Blocked as blocked:
            return too_many_tries(self.request, blocked)
        if user is None or user.is_staff:  # a member of the caisse's staff opens no site
            form.add_error(None, WRONG)
            return self.form_invalid(form)
        return self.joined(user)

    def joined(self, user: User) -> HttpResponse:
        """Associate and go back to the sign-in page."""
        try:
            associate(code_id=self.code.pk, user=user, origin=Origin.of(self.request))
        except (CodeJustUsed, CodeNoLongerUsable) as error:
            return code_lost(self.request, self.proof, error)
        self.proof.finish()
        messages.success(self.request, DONE)
        return redirect("accounts:sign_in")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The numbered bar, and the site that is joining."""
        steps = two_steps(2, FIRST, SECOND, first_url=reverse("accounts:association"))
        return super().get_context_data(steps=steps, opened=self.code.site, **kwargs)
