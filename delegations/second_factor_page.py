"""« Second facteur » on a site: whether its Administrateurs ask it of everybody."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from delegations import second_factor
from delegations.giver_page import list_url
from delegations.limits import second_factor_claims
from delegations.models import Delegation
from delegations.refusals import Refused
from portal.access.levels import Rule
from portal.access.pages import SitePage
from portal.limits.answer import too_many_tries
from portal.limits.counting import Blocked, take
from portal.origin import Origin
from portal.reauth.pages import FreshPage
from portal.second_factor.verified import is_verified

TITLE = "Second facteur sur ce site"
ASKED = {"exiger": True, "faculter": False}


class SecondFactorPage(SitePage, FreshPage):
    """What it means, and the button that asks it or no longer does."""

    rule = Rule.COMPANY
    title = TITLE

    def fresh_back(self) -> str:
        """The list of those concerned."""
        return list_url(self.site_request.site)

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """How it stands."""
        return self.shown()

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Ask it of everybody, or no longer."""
        required = ASKED.get(request.POST.get("do", ""))
        if required is None:
            return self.shown()
        try:
            person: Any = request.user
            take(*second_factor_claims(person.pk, self.site_request.site.pk))
            done = second_factor.ask(
                person=request.user,
                site=self.site_request.site,
                required=required,
                proved=is_verified(request),
                origin=Origin.of(request),
            )
        except Refused as refusal:
            return self.shown(refusal.sentence, status=409)
        except Blocked as blocked:
            return too_many_tries(request, blocked)
        if done:
            word = "exigé" if required else "facultatif"
            messages.success(
                request,
                f"Le second facteur est désormais {word} sur ce site. Un courriel le dit aux bénéficiaires.",
            )
        return redirect(list_url(self.site_request.site))

    def shown(self, refusal: str = "", *, status: int = 200) -> HttpResponse:
        """The page itself."""
        site = self.site_request.site
        people = Delegation.objects.active().filter(site=site).values("beneficiary").distinct().count()
        context = {
            "title": TITLE,
            "here": TITLE,
            "refusal": refusal,
            "people": people,
            "proved": is_verified(self.request),
            "list_url": list_url(site),
        }
        return render(self.request, "delegations/second_factor.html", context, status=status)
