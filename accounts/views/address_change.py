"""/compte/adresse/: a new address, the page that follows, and the two links (product.md 4.1)."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views import View
from django.views.generic import FormView, TemplateView

from accounts import address_change
from accounts.account_forms import AddressForm
from accounts.address_change import Link, LinkState
from accounts.limits import address_claims, mail_claims
from accounts.models import User
from accounts.proof import asked_address, remember_address
from portal.limits.answer import too_many_tries
from portal.limits.counting import Blocked, take
from portal.origin import Origin
from portal.reauth.pages import FreshPage

GOOD = (LinkState.READY, LinkState.UNDOABLE, LinkState.CONFIRMED, LinkState.CANCELLED)


class AddressPage(FreshPage, FormView[AddressForm]):
    """« Modifier adresse mail »: the account sleeps from here until the new address is confirmed."""

    form_class = AddressForm
    template_name = "accounts/address.html"
    before_gates: ClassVar[bool] = True
    fresh_again = True
    fresh_reason = "Avant de modifier votre adresse mail, saisissez votre mot de passe actuel."

    def fresh_back(self) -> str:
        """Back to the account."""
        return reverse("accounts:account")

    def get_form_kwargs(self) -> dict[str, Any]:
        """Whose address."""
        return super().get_form_kwargs() | {"user": self.request.user}

    def form_valid(self, form: AddressForm) -> HttpResponse:
        """The same answer whether or not the address has an account; this session ends with the others."""
        person, address, origin = self.request.user, form.cleaned_data["email"], Origin.of(self.request)
        assert isinstance(person, User)
        try:
            take(*address_claims(person.pk, address, origin))
        except Blocked as blocked:
            return too_many_tries(self.request, blocked)
        address_change.ask(person=person, address=address, origin=origin)
        logout(self.request)
        remember_address(self.request, address)
        return redirect("accounts:address_sent")


@method_decorator(login_not_required, name="dispatch")
class AddressSentPage(TemplateView):
    """The same whatever the address: the account is deactivated, and how it comes back."""

    template_name = "accounts/address_sent.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The address to which the mail went, in the browser that asked: a slip is seen at once."""
        return super().get_context_data(address=asked_address(self.request), **kwargs)


@method_decorator(login_not_required, name="dispatch")
class ConfirmationPage(View):
    """« Confirmer cette adresse », or what became of the link."""

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        """Show what the link is worth; change nothing."""
        return self.shown(request, address_change.read_confirmation(token))

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        """Confirm, or send a new link in place of an expired one."""
        if "renew" in request.POST:
            return self.renewed(request, token)
        link = address_change.confirm(token, origin=Origin.of(request))
        if link.state is not LinkState.READY:
            return self.shown(request, link)
        messages.success(
            request, "Votre nouvelle adresse est confirmée\u00a0: elle sert désormais à vous connecter."
        )
        return redirect("accounts:sign_in")

    def renewed(self, request: HttpRequest, token: str) -> HttpResponse:
        """Send a new link to the new address."""
        link = address_change.read_confirmation(token)
        if link.state is not LinkState.EXPIRED or link.change is None:
            return self.shown(request, link)
        try:
            take(*mail_claims(link.change.address, Origin.of(request)))
        except Blocked as blocked:
            return too_many_tries(request, blocked)
        address_change.renew(token)
        return render(request, "accounts/address_renewed.html")

    @staticmethod
    def shown(request: HttpRequest, link: Link) -> HttpResponse:
        """The page of that state."""
        return _shown(request, "accounts/address_confirmation.html", link)


@method_decorator(login_not_required, name="dispatch")
class CancellationPage(View):
    """« Garder mon ancienne adresse », or what became of the link."""

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        """Show what the link is worth; change nothing."""
        return _shown(request, "accounts/address_cancellation.html", address_change.read_cancellation(token))

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        """Cancel the change, or take back the account; signs nobody in."""
        taking_back = "restore" in request.POST
        link = address_change.cancel(token, origin=Origin.of(request), taking_back=taking_back)
        if link.state is LinkState.READY or (taking_back and link.state is LinkState.UNDOABLE):
            return redirect(request.path)
        return _shown(request, "accounts/address_cancellation.html", link)


def _shown(request: HttpRequest, template: str, link: Link) -> HttpResponse:
    change = link.change
    context = {"state": link.state.value, "person": change.user if change else None, "change": change}
    return render(request, template, context, status=200 if link.state in GOOD else 410)
