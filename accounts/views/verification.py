"""/connexion/verification/: the second step of a sign-in, or of a session that did without until now."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.debug import sensitive_post_parameters

from accounts.models import Factor, FactorKind, User
from accounts.second_factor import checking, factors, pending
from accounts.second_factor.forms import AppForm, PasskeyForm, RecoveryForm
from accounts.sign_in import finish_sign_in, rise
from accounts.views.sign_in import way_on
from portal.limits.answer import too_many_tries
from portal.limits.counting import Blocked
from portal.second_factor import passkeys
from portal.second_factor.verified import is_verified
from portal.web.way_on import safe_next, with_next

TOO_LATE = "La vérification a pris trop de temps\u00a0: connectez-vous de nouveau."
WRONG = {
    checking.TOTP: "Ce code n’est pas le bon, ou il a déjà servi\u00a0: attendez le suivant et saisissez-le.",
    checking.RECOVERY: "Ce code n’est pas le bon, ou il a déjà servi\u00a0: saisissez-en un autre.",
    checking.PASSKEY: "Cette clé d’accès n’est pas reconnue\u00a0: recommencez, ou utilisez un code.",
}
FORMS: dict[str, type[AppForm] | type[RecoveryForm] | type[PasskeyForm]] = {
    checking.TOTP: AppForm,
    checking.PASSKEY: PasskeyForm,
    checking.RECOVERY: RecoveryForm,
}
FIELDS = {checking.TOTP: "code", checking.RECOVERY: "recovery_code"}  # beside which a wrong one is told
WAYS = {
    checking.TOTP: "Saisir le code d’une application",
    checking.PASSKEY: "Utiliser une clé d’accès",
    checking.RECOVERY: "Utiliser un code de récupération",
}
KINDS = {FactorKind.TOTP: checking.TOTP, FactorKind.PASSKEY: checking.PASSKEY}


@method_decorator([login_not_required, sensitive_post_parameters()], name="dispatch")
class VerificationPage(View):
    """An app's code, a passkey or a recovery code; nothing is told of the account but the ways it has."""

    before_gates: ClassVar[bool] = True

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Only for whoever has something to prove; a sign-in that waited too long begins anew."""
        self.waiting = pending.person(request)
        if self.waiting is None and pending.waits(request) and not request.user.is_authenticated:
            pending.forget(request)
            messages.warning(request, TOO_LATE)
            return redirect("accounts:sign_in")
        person = self.waiting or request.user
        if not isinstance(person, User):
            return redirect("accounts:sign_in")
        if self.waiting is None and is_verified(request):
            return redirect(way_on(request, person))
        self.person, self.factors = person, factors.of(person)
        if not self.factors:
            adding = "accounts:staff_factors" if person.is_staff else "accounts:security"
            return redirect(with_next(reverse(adding), safe_next(request)))
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest) -> HttpResponse:
        """The way that the person has, or the one that he asks for."""
        return self.shown(FORMS[self.way]())

    def post(self, request: HttpRequest) -> HttpResponse:
        """Go on when it is proved; too many tries end the sign-in that waited."""
        form = FORMS[self.way](request.POST)
        try:
            if not form.is_valid() or not checking.proves(request, self.person, self.way, form.sent):
                if form.is_valid():
                    form.add_error(FIELDS.get(self.way), WRONG[self.way])
                return self.shown(form)
        except Blocked as blocked:
            pending.forget(request)
            return too_many_tries(request, blocked)
        if self.waiting is None:
            rise(request, self.person)
        elif not finish_sign_in(request, self.person):
            pending.forget(request)
            messages.warning(request, TOO_LATE)
            return redirect("accounts:sign_in")
        return redirect(way_on(request, self.person))

    @property
    def ways(self) -> list[str]:
        """Those open to the person, the usual one first."""
        own = list(dict.fromkeys(KINDS[FactorKind(factor.kind)] for factor in self.factors))
        return [way for way in WAYS if way in own] + [checking.RECOVERY]

    @property
    def way(self) -> str:
        """The one that is asked for, or the first."""
        asked = self.request.POST.get("par") or self.request.GET.get("par", "")
        return asked if asked in self.ways else self.ways[0]

    def shown(self, form: Form) -> HttpResponse:
        """The page with one way, and the others as links."""
        context = {
            "form": form,
            "way": self.way,
            "next": safe_next(self.request),
            "others": [(way, WAYS[way]) for way in self.ways if way != self.way],
            "signing_in": self.waiting is not None,
            "for_staff": self.person.is_staff,
            "restart_url": reverse("accounts:sign_in"),
        }
        if self.way == checking.PASSKEY:
            context["options"] = self.asked_of_browser()
        return render(self.request, "accounts/second_factor/verification.html", context)

    def asked_of_browser(self) -> str:
        """What the browser is asked for."""
        own: list[Factor] = [factor for factor in self.factors if factor.kind == FactorKind.PASSKEY]
        bound = checking.bound(self.request, self.person)
        return passkeys.options_to_prove(bound, [factor.known for factor in own])
