"""/association/: a site joins a space that exists."""

from __future__ import annotations

from typing import Any, ClassVar
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.views.generic import FormView

from accounts.association import associate
from accounts.forms import AssociationForm, OwnPasswordForm
from accounts.models import User
from accounts.opening import CodeJustUsed, CodeNoLongerUsable
from accounts.proof import Proof
from accounts.second_factor.factors import has_any
from accounts.sign_in import prove
from accounts.views.opening import NOT_PROVED, IdentificationPage, code_lost, door
from accounts.views.sign_in import WRONG
from accounts.views.steps import two_steps
from portal.limits.answer import too_many_tries
from portal.limits.counting import Blocked
from portal.origin import Origin
from portal.parts import Step

FIRST, SECOND, SECOND_SIGNED_IN = "Informations d’identification", "Espace existant", "Confirmation"
DONE = (
    "L’association de l’adhérent/site choisi avec votre espace sécurisé a bien été effectuée. Vous êtes "
    "redirigé automatiquement sur la page de connexion à votre espace sécurisé."
)

DONE_SIGNED_IN = DONE.partition(" Vous êtes redirigé")[0]  # nobody is led to the sign-in page
FACTOR_FIRST = "Votre espace demande un second facteur\u00a0: connectez-vous d’abord, puis associez ce site."
WRONG_PASSWORD = "Ce mot de passe n’est pas le vôtre\u00a0: vérifiez-le et saisissez-le de nouveau."  # noqa: S105


def second_label(request: HttpRequest) -> str:
    """What step 2 asks: which space, or, of who is signed in to his, to confirm it."""
    return SECOND_SIGNED_IN if request.user.is_authenticated else SECOND


@door
class AssociationPage(IdentificationPage):
    """Étape 1/2: the two letters of the new site."""

    template_name = "accounts/association.html"
    gated_when_signed_in: ClassVar[bool] = True
    door_name = "association"
    not_proved = NOT_PROVED.replace("d’ouvrir un espace", "d’associer ce site")
    next_step = "accounts:association_connection"

    def get_form_kwargs(self) -> dict[str, Any]:
        """Signed in, « Annuler » leads to one's sites."""
        back = reverse("delegations:choice") if self.request.user.is_authenticated else ""
        return super().get_form_kwargs() | {"back": back}

    def steps(self) -> list[Step]:
        """The numbered bar."""
        return two_steps(1, FIRST, second_label(self.request))


@door
class AssociationConnectionPage(FormView[AssociationForm | OwnPasswordForm]):
    """Étape 2/2: the e-mail and password of the existing space; signed in, the password of one's own."""

    template_name = "accounts/association_connection.html"
    gated_when_signed_in: ClassVar[bool] = True

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Only with a code proved in this session."""
        self.proof = Proof(request, "association")
        code = self.proof.code
        if code is None and self.proof.done:
            return self.done()
        if code is None:
            return redirect("accounts:association")
        self.code = code
        return super().dispatch(request, *args, **kwargs)

    @property
    def signed_in(self) -> User | None:
        """Whose space the site joins when somebody is signed in: his, and no other."""
        return self.request.user if isinstance(self.request.user, User) else None

    def get_form_class(self) -> type[AssociationForm | OwnPasswordForm]:
        """Signed in, only the password is asked, again."""
        return OwnPasswordForm if self.signed_in else AssociationForm

    def form_valid(self, form: AssociationForm | OwnPasswordForm) -> HttpResponse:
        """Prove the account as at sign-in, then associate."""
        own = self.signed_in
        email = (own.email or "") if own else form.cleaned_data["email"]
        try:
            user = prove(self.request, email=email, password=form.cleaned_data["password"])
        except Blocked as blocked:
            return too_many_tries(self.request, blocked, password=True)
        if user is None or (own and user != own):
            form.add_error("password" if own else None, WRONG_PASSWORD if own else WRONG)
            return self.form_invalid(form)
        return self.joined(user) if own or not has_any(user) else self.factor_first()

    def factor_first(self) -> HttpResponse:
        """A password alone does nothing in an account that has a second factor: sign in, then start again."""
        messages.warning(self.request, FACTOR_FIRST)
        query = urlencode({"next": reverse("accounts:association")})
        return redirect(f"{reverse('accounts:sign_in')}?{query}")

    def joined(self, user: User) -> HttpResponse:
        """Associate and go back to the sign-in page."""
        try:
            associate(code_id=self.code.pk, user=user, origin=Origin.of(self.request))
        except (CodeJustUsed, CodeNoLongerUsable) as error:
            return code_lost(self.request, self.proof, error)
        self.proof.finish()
        if self.signed_in:
            self.request.session.cycle_key()  # R29: proved again
        return self.done()

    def done(self) -> HttpResponse:
        """Back to the choice of a site, or to the sign-in page."""
        messages.success(self.request, DONE_SIGNED_IN if self.signed_in else DONE)
        return redirect("delegations:choice" if self.signed_in else "accounts:sign_in")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The numbered bar, and the site that is joining."""
        steps = two_steps(2, FIRST, second_label(self.request), first_url=reverse("accounts:association"))
        return super().get_context_data(steps=steps, opened=self.code.site, **kwargs)
