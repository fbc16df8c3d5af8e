"""« Fermeture » of a user's delegation, « Suppression » of the firm's: what ends is said first."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from delegations import closing
from delegations.administrators import keep_one
from delegations.changing import refuse_unchangeable
from delegations.delegation_page import described
from delegations.giver_page import GiverPage, list_url
from delegations.models import Delegation, Role
from delegations.refusals import Refused
from portal.origin import Origin
from portal.reauth.pages import FreshPage


def title_of(delegation: Delegation) -> str:
    """What the page is called."""
    firm = delegation.role == Role.HEAD
    return "Suppression de la délégation du cabinet" if firm else "Fermeture de la délégation"


class ClosePage(GiverPage, FreshPage):
    """The confirmation, then the end."""

    def get(self, request: HttpRequest, number: int, **kwargs: Any) -> HttpResponse:
        """What will end; or why it cannot. Raises Http404 for what is not in the person's list."""
        giver, delegation = self.of_his_list(number)
        try:
            refuse_unchangeable(giver, delegation)
            keep_one(delegation)
        except Refused as refusal:
            return self.refused(refusal, title_of(delegation))
        context = described(delegation) | {
            "title": title_of(delegation),
            "here": title_of(delegation),
            "is_firm": delegation.role == Role.HEAD,
            "passed_on": Delegation.objects.open().filter(parent=delegation).count(),
            "list_url": list_url(self.site, giver if giver is not self.givers[0] else None),
        }
        return render(request, "delegations/close.html", context)

    def post(self, request: HttpRequest, number: int, **kwargs: Any) -> HttpResponse:
        """End it, and all that hangs from it."""
        giver, delegation = self.of_his_list(number)
        try:
            closed = closing.close(
                person=request.user,
                site=self.site,
                side=giver.side,
                number=number,
                origin=Origin.of(request),
            )
        except Delegation.DoesNotExist:
            raise Http404 from None
        except Refused as refusal:
            return self.refused(refusal, title_of(delegation))
        messages.success(request, f"Les droits de {closed.named} sur ce site ont pris fin.")
        return redirect(list_url(self.site, giver if giver is not self.givers[0] else None))
