"""/delegation/confirmation/<token>/: from the mail to the page where the company answers its firm."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views import View

from delegations.confirming import read_confirmation
from delegations.deciding import access_of
from delegations.models import Delegation, Role


class ConfirmationPage(View):
    """Signed in, an Administrateur of the site goes on to it; to anybody else it does not exist."""

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        """Lead on, changing nothing; a link that was never ours says so. Raises Http404."""
        number = read_confirmation(token)
        if number is None:
            return render(request, "accounts/confirmation_dead.html", status=410)
        heads = Delegation.objects.filter(pk=number, role=Role.HEAD, accepted_at__isnull=False)
        cibtp_id = heads.values_list("site__cibtp_id", flat=True).first()
        access = access_of(request.user, cibtp_id) if cibtp_id else None
        if access is None or not access.administers:
            raise Http404
        return redirect("rights:answer", cibtp_id=cibtp_id, number=number)
