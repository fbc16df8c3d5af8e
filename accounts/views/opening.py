"""/ouverture/: the two steps, the end, and the correction of a mistyped address."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic import FormView

from accounts import opening
from accounts.certifying import Certifier
from accounts.forms import BACK, ConnectionForm, CorrectionForm, IdentificationForm
from accounts.limits import proved_mail_claims, step_two_claims
from accounts.opening import Person
from accounts.proof import Proof
from accounts.views.certifying import MobileBeside, typed_again
from accounts.views.steps import two_steps
from portal.limits.answer import too_many_tries
from portal.limits.counting import Blocked, take
from portal.origin import Origin
from portal.parts import Step

NOT_PROVED = (
    "Ces informations ne permettent pas d’ouvrir un espace. Vérifiez l’identifiant et le code de vos deux "
    "courriers, et le numéro de SIRET du site. Un code sert une seule fois et pendant une durée limitée. "
    "Après cinq essais, l’ouverture de ce site est suspendue pendant une heure."
)
CODE_JUST_USED = "Ce code vient d’être utilisé"
FIRST, SECOND = "Informations d’identification", "Informations de connexion et de contact"
BY_FIRM = "cabinet"  # `?cabinet=oui`: an accounting firm opens in its client's stead
door = method_decorator([login_not_required, sensitive_post_parameters()], name="dispatch")


class IdentificationPage(FormView[IdentificationForm]):
    """Step 1 of a door that asks for the two letters: opening here, association likewise."""

    form_class = IdentificationForm
    door_name = "opening"
    not_proved = NOT_PROVED
    next_step = "accounts:opening_connection"

    def form_valid(self, form: IdentificationForm) -> HttpResponse:
        """Go on with a proved code, or say one thing whatever is wrong."""
        try:
            code = opening.identify(**form.cleaned_data, origin=Origin.of(self.request))
        except Blocked as blocked:
            return too_many_tries(self.request, blocked)
        if code is None:
            form.add_error(None, self.not_proved)
            return self.form_invalid(form)
        Proof(self.request, self.door_name).begin(code, by_firm=self.by_firm)
        return redirect(self.next_step)

    @property
    def by_firm(self) -> bool:
        """Whether the address says that an accounting firm opens; kept once the code is proved."""
        return False

    def get_initial(self) -> dict[str, Any]:
        """Reopened from step 2: what was typed, but never the code."""
        code = Proof(self.request, self.door_name).code
        return {"cibtp_id": code.site.cibtp_id, "siret": code.site.siret} if code else {}

    def steps(self) -> list[Step]:
        """The numbered bar."""
        return two_steps(1, FIRST, SECOND)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The numbered bar."""
        return super().get_context_data(steps=self.steps(), **kwargs)


@door
class OpeningPage(IdentificationPage):
    """Étape 1/2 « Informations d'identification »."""

    template_name = "accounts/opening.html"

    @property
    def by_firm(self) -> bool:
        """What the advice's « Continuer en tant que cabinet comptable » leads with."""
        return BY_FIRM in self.request.GET

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Say as whom one opens."""
        return super().get_context_data(by_firm=self.by_firm, **kwargs)


def first_step(proof: Proof) -> str:
    """The address of step 1 as one came through it."""
    return reverse("accounts:opening") + (f"?{BY_FIRM}=oui" if proof.by_firm else "")


@door
class OpeningConnectionPage(MobileBeside[ConnectionForm]):
    """Étape 2/2 « Informations de connexion » and « Informations de contact »."""

    form_class = ConnectionForm
    template_name = "accounts/opening_connection.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Only with a code proved in this session; a done step 2 leads to its end."""
        self.proof = Proof(request, "opening")
        code = self.proof.code
        if code is None:
            return redirect(first_step(self.proof))
        if self.proof.person is not None:
            return redirect("accounts:opening_done")
        self.code = code
        return super().dispatch(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Whatever becomes of it, what was typed is there when one comes back; « Retour » leads to step 1."""
        self.proof.keep(typed_again(request, ConnectionForm))
        if BACK in request.POST:
            return redirect(first_step(self.proof))
        return super().post(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        """The code's site tells what the password may not hold."""
        return super().get_form_kwargs() | {"code": self.code}

    def get_initial(self) -> dict[str, Any]:
        """What was typed before; at first, name and first name from the adhérent's file."""
        return opening.prefilled_names(self.code.site) | self.proof.typed

    def certifier(self) -> Certifier:
        """This opening: it has no account yet."""
        return Certifier(opening.holder_of(self.proof.attempt), counted=f"code:{self.code.pk}")

    def form_valid(self, form: ConnectionForm) -> HttpResponse:
        """Open the space; whoever loses a race for the code is told so."""
        values = form.cleaned_data
        person = Person(
            email=values["email"],
            password_hash=make_password(values["password"]),
            **{name: values[name] for name in ("last_name", "first_name", "landline", "mobile", "consent")},
        )
        origin = Origin.of(self.request)
        try:
            take(*step_two_claims(person.email, self.code.pk, origin))
            opening.open_space(
                code_id=self.code.pk,
                person=person,
                attempt=self.proof.attempt,
                origin=origin,
                by_firm=self.proof.by_firm,
            )
        except Blocked as blocked:
            return too_many_tries(self.request, blocked)
        except (opening.CodeJustUsed, opening.CodeNoLongerUsable) as error:
            return code_lost(self.request, self.proof, error)
        self.proof.remember(person)
        return redirect("accounts:opening_done")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The numbered bar, and the site that is being opened."""
        steps = two_steps(2, FIRST, SECOND, first_url=first_step(self.proof))
        by_firm = self.proof.by_firm
        return super().get_context_data(steps=steps, opened=self.code.site, by_firm=by_firm, **kwargs)


def code_lost(request: HttpRequest, proof: Proof, error: Exception) -> HttpResponse:
    """The code proved at step 1 is not there any more: said, since the person had proved it."""
    proof.forget()
    used = isinstance(error, opening.CodeJustUsed)
    context = {"title": CODE_JUST_USED if used else "Ce code n’est plus valable", "used": used}
    return render(request, "accounts/code_lost.html", context, status=409)


@door
class OpeningDonePage(FormView[CorrectionForm]):
    """« Finalisation de l'ouverture de compte »: the same whether or not the address was known."""

    http_method_names = ("get", "head", "post")
    form_class = CorrectionForm
    template_name = "accounts/opening_done.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Only in the browser session that opened."""
        self.proof = Proof(request, "opening")
        if "attempt" in self.proof.kept and opening.is_activated(self.proof.attempt):
            self.proof.forget_person()
            messages.success(request, "Votre compte est activé : vous pouvez vous connecter.")
            return redirect("accounts:sign_in")
        person = self.proof.person
        if person is None:
            return redirect("accounts:opening")
        self.person = person
        return super().dispatch(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """« Envoyer de nouveau »."""
        try:
            take(*proved_mail_claims(self.person.email, Origin.of(request)))
        except Blocked as blocked:
            return too_many_tries(request, blocked)
        opening.send_again(attempt=self.proof.attempt, email=self.person.email)
        messages.success(request, f"Un nouveau courriel vient d’être envoyé à {self.person.email}.")
        return redirect("accounts:opening_done")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The address to which the mail went."""
        return super().get_context_data(email=self.person.email, **kwargs)


@door
class CorrectionPage(OpeningDonePage):
    """« Corriger mon adresse électronique »: the former link dies."""

    template_name = "accounts/opening_correction.html"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Check the form, then send to the new address."""
        form = self.get_form()
        return self.form_valid(form) if form.is_valid() else self.form_invalid(form)

    def form_valid(self, form: CorrectionForm) -> HttpResponse:
        """Correct; the answer is the same for a known address."""
        origin = Origin.of(self.request)
        person = replace(self.person, email=form.cleaned_data["email"])
        try:
            take(*step_two_claims(person.email, self.proof.kept["code"], origin))
            opening.correct_address(
                code_id=self.proof.kept["code"],
                person=person,
                attempt=self.proof.attempt,
                origin=origin,
                by_firm=self.proof.by_firm,
            )
        except Blocked as blocked:
            return too_many_tries(self.request, blocked)
        except (opening.CodeJustUsed, opening.CodeNoLongerUsable) as error:
            return code_lost(self.request, self.proof, error)
        self.proof.remember(person)
        messages.success(self.request, f"Un courriel vient d’être envoyé à {person.email}.")
        return redirect("accounts:opening_done")
