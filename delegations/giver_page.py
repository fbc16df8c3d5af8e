"""The base of the pages of whoever gives rights: on which side he stands, what he may read there."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import cached_property

from adherents.models import Site
from delegations.givers import Giver, givers_of
from delegations.models import Delegation, Side
from delegations.models.delegation import DelegationQuerySet
from delegations.refusals import Refused
from portal.access.levels import Rule
from portal.access.pages import SitePage

FIRM_SIDE = "cabinet"


class GiverPage(SitePage):
    """A page of « Gérer les droits d'accès ». Whoever gives on both sides is told apart by the address."""

    rule = Rule.ADMINISTRATION

    @property
    def site(self) -> Site:
        """The site of the address."""
        site: Site = self.site_request.site
        return site

    @cached_property
    def givers(self) -> list[Giver]:
        """As whom the person gives here. Raises Http404 when that ended a moment ago."""
        found = givers_of(self.request.user, self.site)
        if not found:
            raise Http404
        return found

    @cached_property
    def giver(self) -> Giver:
        """The side shown: the company's, or the firm's when it is asked for or the only one."""
        if self.request.GET.get("cote") == FIRM_SIDE or self.request.POST.get("cote") == FIRM_SIDE:
            return self.givers[-1]
        return self.givers[0]

    @property
    def list_url(self) -> str:
        """The list of the side shown."""
        return list_url(self.site, self.giver if self.giver is not self.givers[0] else None)

    def fresh_back(self) -> str:
        """Where « Annuler » leads when the password is asked for once more."""
        return list_url(self.site)

    def readable(self, number: int) -> tuple[Giver, Delegation]:
        """A delegation of one of his lists, or else one that he only reads. Raises Http404."""
        for giver in self.givers:
            if found := whole(giver.beneficiaries(), number):
                return giver, found
        for giver in self.givers:
            if found := whole(giver.collaborators(), number):
                return giver, found
        raise Http404

    def of_his_list(self, number: int) -> tuple[Giver, Delegation]:
        """A delegation that he may change or close, and as whom. Raises Http404."""
        giver, delegation = self.readable(number)
        if not giver.manages(delegation):
            raise Http404
        return giver, delegation

    def refused(self, refusal: Refused, title: str, status: int = 409) -> HttpResponse:
        """A page that says why the act was not done, and leads back to the list."""
        return render(
            self.request,
            "pages/message.html",
            {
                "title": title,
                "what_happened": refusal.sentence,
                "way_on_url": list_url(self.site),
                "way_on_label": "Retour à la liste des bénéficiaires",
            },
            status=status,
        )


def whole(delegations: DelegationQuerySet, number: int) -> Delegation | None:
    """One of them with all that a page says of it, or None."""
    found = delegations.select_related(
        "site__adherent", "beneficiary", "given_by", "firm", "parent__beneficiary", "invitation"
    )
    return found.filter(pk=number).first()


def list_url(site: Any, giver: Giver | None = None) -> str:
    """The list's own address; of the firm's side when that giver stands there."""
    address = reverse("rights:list", kwargs={"cibtp_id": site.cibtp_id})
    return f"{address}?cote={FIRM_SIDE}" if giver and giver.side == Side.FIRM else address
