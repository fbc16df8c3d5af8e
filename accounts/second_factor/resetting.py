"""Staff's page that resets the second factor of somebody else who lost it (R47)."""

from __future__ import annotations

import re
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse

from accounts.models import User
from accounts.second_factor import factors
from accounts.second_factor.factors import Refused
from adherents.models import Adherent
from delegations.models import Delegation
from portal.origin import Origin
from portal.reauth.pages import FreshPage

PERMISSION = "accounts.reset_second_factor"
READABLE = re.compile(r"[0-9]{1,18}")
COMPANIES_SHOWN = 5
TEMPLATE = "admin/accounts/user/second_factor.html"


class ResetForm(forms.Form):
    """How the person's identity was checked: the journal keeps it."""

    reason = forms.CharField(
        label="Comment avez-vous vérifié l’identité de cette personne\u00a0?",
        max_length=500,
        help_text="Par exemple\u00a0: rappelée au numéro du fichier, pièce d’identité présentée à l’accueil.",
        widget=forms.Textarea(attrs={"rows": 3, "cols": 60}),
        error_messages={"required": "Dites comment vous avez vérifié que c’est bien elle."},
    )


def companies_of(person: User) -> list[Adherent]:
    """The companies on whose sites the person holds something today, with the number to call back."""
    held = Delegation.objects.active().filter(beneficiary=person)
    return list(Adherent.objects.filter(pk__in=held.values("site__adherent"))[:COMPANIES_SHOWN])


class ResetFactorPage(FreshPage):
    """What will be taken away, and how one knows that it is really that person who asks."""

    model_admin: Any = None

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Raises PermissionDenied for staff who may not, Http404 for nobody."""
        self.staff = cast(User, request.user)
        if not self.staff.has_perm(PERMISSION):
            raise PermissionDenied
        number = kwargs["object_id"]
        self.person = get_object_or_404(User, pk=number if READABLE.fullmatch(number) else None)
        return super().dispatch(request, *args, **kwargs)

    def fresh_back(self) -> str:
        """The person's page."""
        return reverse("admin:accounts_user_change", args=[self.person.pk])

    def get(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The question; or why it cannot be."""
        try:
            factors.refuse_reset(self.person, self.staff)
        except Refused as refusal:
            return self.refused(refusal)
        return self.question(ResetForm())

    def post(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Reset it."""
        form = ResetForm(request.POST)
        if not form.is_valid():
            return self.question(form)
        reason, origin = form.cleaned_data["reason"], Origin.of(request)
        try:
            factors.reset(person=self.person, staff=self.staff, reason=reason, origin=origin)
        except Refused as refusal:
            return self.refused(refusal)
        messages.success(
            request,
            f"Le second facteur de {self.person} est réinitialisé et ses connexions ont pris fin. Un "
            "courriel le lui dit.",
        )
        return redirect(self.fresh_back())

    def refused(self, refusal: Refused) -> HttpResponse:
        """Back to the person's page, with the reason."""
        messages.warning(self.request, refusal.sentence)
        return redirect(self.fresh_back())

    def question(self, form: ResetForm) -> HttpResponse:
        """The page itself."""
        context = {
            **self.model_admin.admin_site.each_context(self.request),
            "title": f"Réinitialiser le second facteur de {self.person}",
            "opts": self.model_admin.model._meta,
            "person": self.person,
            "factors": factors.of(self.person),
            "companies": companies_of(self.person),
            "form": form,
        }
        return TemplateResponse(self.request, TEMPLATE, context)
