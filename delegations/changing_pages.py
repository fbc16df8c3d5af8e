"""« Modification de délégation » (product.md 6.3): the same form, filled with what is recorded."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.functional import cached_property

from delegations import changing, rights_summary
from delegations.givers import Giver
from delegations.limits import change_claims
from delegations.models import Delegation, Role
from delegations.refusals import ChangedMeanwhile, Refused
from delegations.rights_forms import RightsForm
from delegations.rights_page import RightsFormPage
from delegations.rights_summary import Summary
from delegations.terms import Terms
from portal.limits.counting import take
from portal.origin import Origin
from portal.phones import written_phone


class ChangePage(RightsFormPage):
    """Levels, role and days of one delegation of the person's list; of a firm's, no role."""

    title = "Modification de délégation"
    verb = "Enregistrer ces modifications"
    what = "Ce qui change"

    @cached_property
    def found(self) -> tuple[Giver, Delegation]:
        """The delegation, and as whom one changes it. Raises Http404."""
        return self.of_his_list(self.kwargs["number"])

    @cached_property
    def giver(self) -> Giver:
        """As whom one changes it."""
        return self.found[0]

    @property
    def delegation(self) -> Delegation:
        """The delegation."""
        return self.found[1]

    @property
    def role(self) -> Role:  # type: ignore[override]
        """A firm's delegation stays one."""
        return Role.HEAD if self.delegation.role == Role.HEAD else Role.USER

    def make_form(self, *args: Any, **kwargs: Any) -> RightsForm:
        """The form, without the address."""
        return super().make_form(*args, delegation=self.delegation, **kwargs)

    def start(self) -> dict[str, Any]:
        """What is recorded."""
        return RightsForm.recorded(self.delegation)

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """The form, or why there is none."""
        return self.unchangeable() or super().get(request, **kwargs)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """The same."""
        return self.unchangeable() or super().post(request, **kwargs)

    def unchangeable(self) -> HttpResponse | None:
        """The refusal of a delegation that is over, or one's own; or None."""
        try:
            changing.refuse_change(self.giver, self.delegation)
        except Refused as refusal:
            return self.refused(refusal, self.title)
        return None

    def check(self, form: RightsForm, *, altered: bool = False) -> HttpResponse:
        """The summary, unless somebody changed it since the form was shown."""
        if form.is_valid() and form.cleaned_data["version"] != self.delegation.version:
            return self.changed_meanwhile(form, ChangedMeanwhile())
        return super().check(form, altered=altered)

    def summary(self, form: RightsForm) -> Summary:
        """Only what differs."""
        return rights_summary.of_change(form.terms(), self.giver, self.delegation)

    def sealed_facts(self, form: RightsForm) -> dict[str, Any]:
        """Which delegation, as it was, and what it becomes."""
        version = form.cleaned_data["version"] or 0
        about = str(self.delegation.pk)
        return rights_summary.facts_of(form.terms(), self.giver, about=about, version=version)

    def act(self, form: RightsForm, attempt: uuid.UUID) -> None:
        """Change it. Raises Refused; Http404 when it left the person's list a moment ago."""
        take(*change_claims(self.giver.person.pk, self.delegation.pk))
        try:
            changing.change(
                person=self.request.user,
                site=self.site,
                side=self.giver.side,
                number=self.delegation.pk,
                terms=form.terms(),
                version=form.cleaned_data["version"] or 0,
                origin=Origin.of(self.request),
            )
        except Delegation.DoesNotExist:
            raise Http404 from None
        self.say(self.confirmation())

    def confirmation(self) -> str:
        """What is said once it is done."""
        told = f" Un courriel le dit à {self.delegation.address}." if self.delegation.accepted_at else ""
        return f"Les droits de {self.delegation.named} sont modifiés.{told}"

    def done_already(self, facts: dict[str, Any], attempt: uuid.UUID) -> bool:
        """The second click of two finds, one version later, what the first one recorded."""
        now = self.delegation
        recorded = Terms(Role(now.role), now.cells, now.starts_on, now.ends_on)
        version = int(facts["version"])
        about = rights_summary.facts_of(recorded, self.giver, about=str(now.pk), version=version)
        if now.version != version + 1 or facts != about:
            return False
        self.say(self.confirmation())
        return True

    def changed_meanwhile(self, form: RightsForm, refusal: Refused) -> HttpResponse:
        """Say it, with what is recorded now; what was typed stays, and can be checked against that."""
        del self.found
        data = self.request.POST.copy()
        data["version"] = str(self.delegation.version)
        again = self.make_form(data)
        again.is_valid()
        again.add_error(None, refusal.sentence)
        return self.show(again, recorded=rights_summary.recorded(self.delegation))

    def whose(self) -> list[tuple[str, str]]:
        """Whose rights change: the person, and the firm for which a Responsable holds them."""
        known = self.delegation.beneficiary is not None
        who = f"{self.delegation.named}, {self.delegation.address}" if known else self.delegation.address
        firm = [("Cabinet", self.delegation.firm.name)] if self.delegation.firm else []
        return [("Bénéficiaire", who), *firm]

    def about(self) -> dict[str, Any]:
        """Who the person is, once known."""
        person = self.delegation.beneficiary
        facts = [("Courriel", self.delegation.address), ("Statut", self.delegation.status_on().label)]
        if person is not None:
            facts = [
                ("Nom et prénom", f"{person.last_name} {person.first_name}"),
                *facts,
                ("Téléphone fixe", written_phone(person.landline) if person.landline else ""),
                ("Téléphone portable", written_phone(person.mobile) if person.mobile else ""),
            ]
        return {
            "facts": facts,
            "firm": self.delegation.firm if self.role is Role.HEAD else None,
            "several_url": "",
        }
