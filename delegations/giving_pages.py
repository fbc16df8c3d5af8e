"""« Ajout de délégation » and « Déléguer à mon cabinet comptable » (product.md 6.1, 6.3)."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import cached_property

from delegations import giving, rights_summary
from delegations.choice import sites_administered_by
from delegations.firm_state import firm_state
from delegations.givers import Giver
from delegations.limits import invitation_claims
from delegations.models import Role, Side
from delegations.refusals import NoFirmOnFile
from delegations.rights_forms import RightsForm
from delegations.rights_page import RightsFormPage
from delegations.rights_summary import Summary
from portal.access.levels import Rule
from portal.limits.counting import take
from portal.origin import Origin


def sent_to(email: str) -> str:
    """What the confirmation says first."""
    days = settings.INVITATION_LINK_DAYS
    return f"Une invitation est envoyée à {email}. Son lien est valable {days} jours."


class AddPage(RightsFormPage):
    """Rights for somebody new, on the side on which one gives."""

    title = "Ajout de délégation"
    verb = "Donner ces droits"
    what = "Ce qui est donné"

    def summary(self, form: RightsForm) -> Summary:
        """All that will be given."""
        return rights_summary.of_new(form.terms(), self.giver, form.cleaned_data["email"])

    def sealed_facts(self, form: RightsForm) -> dict[str, Any]:
        """Whom, and what."""
        return rights_summary.facts_of(form.terms(), self.giver, about=form.cleaned_data["email"])

    def act(self, form: RightsForm, attempt: uuid.UUID) -> None:
        """Give, once for the same page. Raises Refused, or Blocked after too many invitations."""
        email = form.cleaned_data["email"]
        take(*invitation_claims(self.giver.person.pk, email))
        giving.give(
            person=self.request.user,
            site=self.site,
            side=self.giver.side,
            email=email,
            terms=form.terms(),
            origin=Origin.of(self.request),
            attempt=attempt,
        )
        self.say(self.confirmation(email))

    def confirmation(self, email: str) -> str:
        """What is said once it is done."""
        return sent_to(email)

    def done_already(self, facts: dict[str, Any], attempt: uuid.UUID) -> bool:
        """The second click of two says what the first one said."""
        made = giving.given_by_attempt(attempt)
        if made and not self.over_since(facts["about"], made):
            self.say(self.confirmation(facts["about"]))
        return bool(made)

    def over_since(self, email: str, made: Sequence[giving.Given]) -> bool:
        """Whether all that was given then is over by now; says so, for no invitation is sent again."""
        given = [one.delegation for one in made if one.delegation]
        if not given or not all(one.status_on().is_over for one in given):
            return False
        messages.warning(
            self.request,
            f"Ces droits ont été donnés à {email}, et ont pris fin depuis\u00a0: rien n’est donné de "
            "nouveau. Pour en donner d’autres, faites un nouvel ajout.",
        )
        return True

    def about(self) -> dict[str, Any]:
        """The way to several sites, for who administers several."""
        several = self.giver.side == Side.COMPANY and len(sites_administered_by(self.request.user)[:2]) > 1
        return {"several_url": self.url_of("several") if several else ""}

    def url_of(self, name: str) -> str:
        """Another page of the rights of this site."""
        return reverse(f"rights:{name}", kwargs={"cibtp_id": self.site.cibtp_id})


class CompanyPage(AddPage):
    """A page of the site's Administrateurs only."""

    rule = Rule.COMPANY

    @cached_property
    def giver(self) -> Giver:
        """The company's side, whatever else the person holds. Raises Http404 when that ended just now."""
        for giver in self.givers:
            if giver.side == Side.COMPANY:
                return giver
        raise Http404


class FirmPage(CompanyPage):
    """Rights for the accounting firm that the caisse's file names, through its head."""

    title = "Déléguer à mon cabinet comptable"
    role = Role.HEAD

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """The form, unless there is no firm, or it has its delegation."""
        return self.cannot_give() or super().get(request, **kwargs)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """The same; a second click of the act finds the delegation that the first one made."""
        if request.POST.get("do") == "save":
            return super().post(request, **kwargs)
        return self.cannot_give() or super().post(request, **kwargs)

    def cannot_give(self) -> HttpResponse | None:
        """The page that says why there is no form, or None."""
        state = firm_state(self.giver)
        if state is None or state.may_be_given:
            return None
        context: dict[str, Any] = {"title": self.title, "what_happened": NoFirmOnFile().sentence}
        context |= {"way_on_url": self.url_of("list"), "way_on_label": "Retour à la liste des bénéficiaires"}
        if state.delegation is not None:
            number = {"cibtp_id": self.site.cibtp_id, "number": state.delegation.pk}
            context |= {
                "what_happened": state.sentence,
                "way_on_url": reverse("rights:delegation", kwargs=number),
                "way_on_label": "Voir cette délégation",
            }
        return render(self.request, "pages/message.html", context)

    def confirmation(self, email: str) -> str:
        """What is said once it is done, and what follows."""
        return f"{sent_to(email)} Quand cette personne aura accepté, vous aurez à confirmer votre cabinet."

    def about(self) -> dict[str, Any]:
        """The firm."""
        return {"firm": self.site.adherent.accounting_firm, "several_url": ""}
