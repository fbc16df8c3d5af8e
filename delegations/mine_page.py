"""« Mes droits »: what one holds on this site, from whom, and how to give it back (product.md 6.4)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from delegations import closing
from delegations.administrators import keep_one
from delegations.deciding import access_of
from delegations.delegation_page import described
from delegations.giver_page import whole
from delegations.matrix_rows import held
from delegations.models import Delegation, Side
from delegations.models.delegation import DelegationQuerySet
from delegations.refusals import AlreadyOver, Refused
from portal.access.levels import Rule
from portal.access.pages import SitePage
from portal.origin import Origin
from portal.reauth.pages import FreshPage

TITLE = "Mes droits"
RENOUNCE = "Renoncer à ces droits"


def own(request: Any) -> DelegationQuerySet:
    """The delegations of the person on the site of the address."""
    return Delegation.objects.filter(site=request.site, beneficiary=request.user)


def section(delegation: Delegation) -> dict[str, Any]:
    """What the page says of one delegation."""
    firm_holds = held(delegation.parent.cells) if delegation.parent else None
    place = {"cibtp_id": delegation.site.cibtp_id, "number": delegation.pk}
    heading = "Pour l’entreprise" if delegation.side == Side.COMPANY else f"Pour {delegation.firm}"
    return described(delegation) | {
        "heading": heading,
        "matrix_label": f"Droits d’accès, {heading[0].lower()}{heading[1:]}",
        "firm_holds": firm_holds,
        "renounce_url": reverse("rights:renounce", kwargs=place),
    }


class MinePage(SitePage):
    """One's own delegations that are not over: one, or one on each side."""

    rule = Rule.MEMBER

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """The page."""
        found = own(self.site_request).open().order_by("side", "pk")
        everything = found.select_related(
            "site__adherent", "beneficiary", "given_by", "firm", "parent", "invitation"
        )
        sections = [section(delegation) for delegation in everything]
        return render(request, "delegations/mine.html", {"title": TITLE, "sections": sections})


class RenouncePage(SitePage, FreshPage):
    """« Renoncer à ces droits »: what ends is said first."""

    rule = Rule.MEMBER

    def get(self, request: HttpRequest, number: int, **kwargs: Any) -> HttpResponse:
        """What will end; or why it cannot. Raises Http404 for another's delegation."""
        delegation = self.own(number)
        try:
            if delegation.status_on().is_over:
                raise AlreadyOver
            keep_one(delegation)
        except Refused as refusal:
            return self.refused(refusal)
        passed_on = Delegation.objects.open().filter(parent=delegation).count()
        context = described(delegation) | {"title": RENOUNCE, "here": RENOUNCE, "passed_on": passed_on}
        return render(request, "delegations/renounce.html", context)

    def post(self, request: HttpRequest, number: int, **kwargs: Any) -> HttpResponse:
        """Give the rights back; with none left here, the way on is the choice of a site."""
        self.own(number)
        site = self.site_request.site
        try:
            closing.renounce(person=request.user, site=site, number=number, origin=Origin.of(request))
        except Refused as refusal:
            return self.refused(refusal)
        named = f"{site.cibtp_id}, {site.adherent.company_name}"
        messages.success(request, f"Vous avez renoncé à vos droits sur {named}.")
        if access_of(request.user, site.cibtp_id) is None:
            return redirect("delegations:choice")
        return redirect("rights:mine", cibtp_id=site.cibtp_id)

    def fresh_back(self) -> str:
        """« Mes droits »."""
        return reverse("rights:mine", kwargs={"cibtp_id": self.site_request.site.cibtp_id})

    def own(self, number: int) -> Delegation:
        """One's own delegation of that number, here. Raises Http404."""
        delegation = whole(own(self.site_request), number)
        if delegation is None:
            raise Http404
        return delegation

    def refused(self, refusal: Refused) -> HttpResponse:
        """Why the rights are kept, and the way back."""
        context = {
            "title": RENOUNCE,
            "what_happened": refusal.sentence,
            "way_on_url": reverse("rights:mine", kwargs={"cibtp_id": self.site_request.site.cibtp_id}),
            "way_on_label": "Retour à mes droits",
        }
        return render(self.request, "pages/message.html", context, status=409)
