"""/compte/certification/ for whose certification has lapsed; /certification/<token>/ renews it."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.views import View
from django.views.generic import TemplateView

from accounts.certification import (
    Link,
    LinkState,
    awaits_link,
    has_lapsed,
    last_day,
    latest_number,
    read_link,
    renew,
    send_link,
)
from accounts.models import User
from portal.limits.answer import too_many_tries
from portal.limits.counting import Blocked
from portal.origin import Origin
from portal.web.way_on import safe_next

STATUS = {LinkState.READY: 200, LinkState.USED: 200}


class CertificationPage(TemplateView):
    """The page to which every other leads once the certification has lapsed: it sends the mail."""

    template_name = "accounts/certification.html"
    before_gates: ClassVar[bool] = True
    passes_gates: ClassVar[tuple[str, ...]] = ("certification",)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Whoever has nothing to certify goes on where he was going."""
        person = request.user
        if isinstance(person, User) and not has_lapsed(person):
            return redirect(safe_next(request) or "accounts:account")
        return super().dispatch(request, *args, **kwargs)

    def post(self, request: HttpRequest) -> HttpResponse:
        """Send the mail, and say so on the same page; the same press sent twice sends one."""
        assert isinstance(request.user, User)
        try:
            send_link(request.user, after=request.POST.get("after", ""), origin=Origin.of(request))
        except Blocked as blocked:
            return too_many_tries(request, blocked)
        sent = f"Un courriel vient d’être envoyé à {request.user.email}\u00a0: ouvrez son lien."
        messages.success(request, sent)
        return redirect("accounts:certification")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Since when, and the link that was sent last; of the frame, what leads elsewhere is left out."""
        person = self.request.user
        assert isinstance(person, User)
        facts = {
            "last_day": last_day(person),
            "latest": latest_number(person),
            "awaits_link": awaits_link(person),
            "hours": settings.CERTIFICATION_LINK_HOURS,
        }
        frame = {"personal_menu": (), "choice_url": "", "side_bar": ()}
        return super().get_context_data(**facts, **frame, **kwargs)


@method_decorator(login_not_required, name="dispatch")
class CertificationLinkPage(View):
    """« Certifier mon adresse », or what became of the link."""

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        """Show what the link is worth; change nothing."""
        return self.shown(request, read_link(token))

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        """Renew; whoever was signed in goes home, anybody else to the sign-in page."""
        link = renew(token, origin=Origin.of(request))
        if link.state is not LinkState.READY:
            return self.shown(request, link)
        messages.success(request, "Votre adresse électronique est certifiée de nouveau.")
        return redirect("root" if request.user.is_authenticated else "accounts:sign_in")

    @staticmethod
    def shown(request: HttpRequest, link: Link) -> HttpResponse:
        """The page of that state."""
        context = {"state": link.state.value, "person": link.user}
        status = STATUS.get(link.state, 410)
        return render(request, "accounts/certification_link.html", context, status=status)
