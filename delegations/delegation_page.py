"""« Visualisation de la délégation » (product.md 6.3)."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from delegations import told
from delegations.giver_page import GiverPage, list_url
from delegations.list_rows import STATE_OF, acts
from delegations.matrix_rows import held
from delegations.models import Delegation

TITLE = "Visualisation de la délégation"


class DelegationPage(GiverPage):
    """One delegation of the list, or one of the firm's collaborators, which a company only reads."""

    def get(self, request: HttpRequest, number: int, **kwargs: Any) -> HttpResponse:
        """The page. Raises Http404 for what is in no list of the person."""
        giver, delegation = self.readable(number)
        manages = giver.manages(delegation)
        context = described(delegation) | {
            "title": TITLE,
            "here": delegation.named,
            "actions": acts(giver, delegation) if manages else (),
            "read_only": not manages,
            "list_url": list_url(self.site, giver if giver is not self.givers[0] else None),
        }
        if not manages:  # of its firm's people a company reads name, rights and days (product.md 6.4)
            context["facts"] = [fact for fact in context["facts"] if fact[0] != told.ADDRESS]
        return render(request, "delegations/delegation.html", context)


def described(delegation: Delegation) -> dict[str, Any]:
    """What the pages of one delegation say of it."""
    status = delegation.status_on()
    return {
        "delegation": delegation,
        "status": status,
        "state": STATE_OF.get(status, ""),
        "where_it_stands": told.where_it_stands(delegation),
        "facts": told.facts(delegation),
        "meaning": told.meaning(delegation),
        "held": held(delegation.matrix),
    }
