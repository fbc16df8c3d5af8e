"""« Renvoyer l'invitation »: a new link; the former one dies."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from delegations.giver_page import GiverPage, list_url
from delegations.invitations import send_again
from delegations.limits import invitation_claims
from delegations.refusals import AlreadyOver, Refused
from portal.limits.answer import too_many_tries
from portal.limits.counting import Blocked, take

TITLE = "Renvoyer l’invitation"


class ResendPage(GiverPage):
    """A POST: each one is a mail, and is counted."""

    http_method_names = ("post",)

    def post(self, request: HttpRequest, number: int, **kwargs: Any) -> HttpResponse:
        """Send it again, unless it was answered or ended. Raises Http404 for what was never invited."""
        giver, delegation = self.of_his_list(number)
        if delegation.invitation is None:
            raise Http404
        try:
            if delegation.status_on().is_over:
                raise AlreadyOver
            take(*invitation_claims(giver.person.pk, delegation.email))
            send_again(delegation.invitation)
        except Blocked as blocked:
            return too_many_tries(request, blocked)
        except Refused as refusal:
            return self.refused(refusal, TITLE)
        messages.success(
            request,
            f"L’invitation est renvoyée à {delegation.email}\u00a0: seul ce dernier lien est valable.",
        )
        return redirect(list_url(self.site, giver if giver is not self.givers[0] else None))
