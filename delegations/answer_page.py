"""The company's answer to its firm: « Confirmer » or « Refuser », the first one holds (product.md 6.3).

A refusal is final: what it brings is said first.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from delegations import confirming, told
from delegations.delegation_page import described
from delegations.giver_page import GiverPage, list_url, whole
from delegations.models import Delegation, Side, Status
from delegations.refusals import Refused
from portal.access.levels import Rule
from portal.origin import Origin
from portal.reauth.pages import FreshPage

TITLE = "Confirmation de la délégation au cabinet comptable"
REFUSE = "Refuser la délégation du cabinet"
ANSWERS = {"confirmer": True, "refuser": False}
NOTHING_CHOSEN = "Choisissez «\u00a0Confirmer\u00a0» ou «\u00a0Refuser\u00a0»."


class AnswerPage(GiverPage, FreshPage):
    """Who asks for what, and the answer of an Administrateur of the site."""

    rule = Rule.COMPANY
    title = TITLE

    def of_the_firm(self, number: int) -> Delegation:
        """The firm's delegation of that number, once its head accepted it. Raises Http404 for any other."""
        firms = self.givers[0].beneficiaries().filter(side=Side.FIRM, accepted_at__isnull=False)
        delegation = whole(firms, number)
        if delegation is None:
            raise Http404
        return delegation

    def get(self, request: HttpRequest, number: int, **kwargs: Any) -> HttpResponse:
        """The question, what a refusal brings before it is done, or what was answered already."""
        delegation = self.of_the_firm(number)
        if delegation.status_on() is not Status.TO_CONFIRM:
            return self.answered(delegation)
        if "refuser" in request.GET:
            context = described(delegation) | {"title": REFUSE, "here": REFUSE}
            return render(request, "delegations/refuse.html", context)
        return self.shown(delegation)

    def post(self, request: HttpRequest, number: int, **kwargs: Any) -> HttpResponse:
        """Answer; the first answer holds for all."""
        delegation = self.of_the_firm(number)
        confirmed = ANSWERS.get(request.POST.get("reponse", ""))
        if confirmed is None:
            return self.shown(delegation, error=NOTHING_CHOSEN)
        try:
            confirming.answer(
                person=request.user,
                site=self.site,
                number=number,
                confirmed=confirmed,
                origin=Origin.of(request),
            )
        except Refused:
            return self.answered(self.of_the_firm(number))
        done = (
            "confirmée\u00a0: un courriel le dit au cabinet"
            if confirmed
            else "refusée\u00a0: aucun droit n’est donné"
        )
        messages.success(request, f"La délégation à {delegation.firm} est {done}.")
        return redirect(list_url(self.site))

    def shown(self, delegation: Delegation, error: str = "") -> HttpResponse:
        """The question."""
        context = described(delegation) | {
            "title": TITLE,
            "here": "Confirmation du cabinet",
            "error": error,
            "has_errors": bool(error),
            "answer_url": self.request.path,
        }
        return render(self.request, "delegations/answer.html", context, status=422 if error else 200)

    def answered(self, delegation: Delegation) -> HttpResponse:
        """What the first answer was, and where it can be read."""
        place = {"cibtp_id": self.site.cibtp_id, "number": delegation.pk}
        context = {
            "title": TITLE,
            "what_happened": f"Cette demande n’attend plus de réponse. {told.answer_given(delegation)}",
            "way_on_url": reverse("rights:delegation", kwargs=place),
            "way_on_label": "Voir cette délégation",
        }
        return render(self.request, "pages/message.html", context, status=409 if self.request.POST else 200)
