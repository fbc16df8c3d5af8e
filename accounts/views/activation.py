"""/activation/<token>/: a page with one button; only its POST activates."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.views import View

from accounts.activation import Link, LinkState, activate, read_link, renew_link
from accounts.limits import mail_claims
from portal.limits.answer import too_many_tries
from portal.limits.counting import Blocked, take
from portal.origin import Origin

STATUS = {LinkState.READY: 200, LinkState.USED: 200}


@method_decorator(login_not_required, name="dispatch")
class ActivationPage(View):
    """« Activer mon compte », or what became of the link."""

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        """Show what the link is worth; change nothing."""
        return self.shown(request, read_link(token))

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        """Activate, or send a new link in place of an expired one."""
        if "renew" in request.POST:
            return self.renewed(request, token)
        link = activate(token, origin=Origin.of(request))
        if link.state is LinkState.READY:
            messages.success(request, "Votre compte est activé : vous pouvez vous connecter.")
            return redirect("accounts:sign_in")
        return self.shown(request, link)

    def renewed(self, request: HttpRequest, token: str) -> HttpResponse:
        """Send a new link to the opening's own address."""
        link = read_link(token)
        if link.state is not LinkState.EXPIRED or link.opening is None:
            return self.shown(request, link)
        try:
            take(*mail_claims(link.opening.user.email or "", Origin.of(request)))
        except Blocked as blocked:
            return too_many_tries(request, blocked)
        renew_link(token)
        return render(request, "accounts/activation_renewed.html")

    @staticmethod
    def shown(request: HttpRequest, link: Link) -> HttpResponse:
        """The page of a link in that state."""
        context = {"state": link.state.value}
        return render(request, "accounts/activation.html", context, status=STATUS.get(link.state, 410))
