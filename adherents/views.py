"""« Mon espace adhérent »."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.generic import FormView, TemplateView

from adherents import profile_changes
from adherents.features import PROFILE
from adherents.forms import ProfileChangeForm
from adherents.limits import CHANGES_BY_COMPANY
from adherents.models import ChangeRequest, Site
from portal.access.levels import Access
from portal.access.pages import RightMissing, SitePage, rule_label
from portal.home.uses import CountedPage
from portal.limits.answer import too_many_tries
from portal.limits.counting import Blocked, take
from portal.lists import page_of
from portal.origin import Origin

REQUESTS_SHOWN = 10
ONE_AT_A_TIME = (
    "Une demande de modification est déjà en attente pour votre entreprise : votre caisse doit d’abord y "
    "répondre, ou quelqu’un de votre entreprise la retirer."
)
UNCHANGED = "Rien n’a changé : modifiez au moins une ligne, ou revenez à la page précédente."


class ProfilePage(CountedPage, TemplateView):
    """« Mes informations adhérent » (product.md 7.1), and what was asked to be changed there."""

    rule = PROFILE
    template_name = "adherents/profile.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The company, the site one stands on, and the requests made from it."""
        site: Site = self.site_request.site
        access = self.site_request.access
        asked = ChangeRequest.objects.visible_to(access).select_related("asked_by")
        waiting = ChangeRequest.objects.waiting().filter(adherent=site.adherent).first()
        return super().get_context_data(
            adherent=site.adherent,
            waiting=waiting,
            waiting_here=waiting is not None and waiting.site_id == site.pk,
            may_ask=access.allows(PROFILE, Access.WRITE),
            page_obj=page_of(asked, REQUESTS_SHOWN, self.request.GET.get("page", "")),
            **kwargs,
        )


class ProfileChangePage(SitePage, FormView[ProfileChangeForm]):
    """« Demander une modification »: nothing changes before staff accept it."""

    rule = PROFILE
    asks = Access.WRITE
    form_class = ProfileChangeForm
    template_name = "adherents/profile_change.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The form, unless a request waits already."""
        site: Site = self.site_request.site
        if ChangeRequest.objects.waiting().filter(adherent=site.adherent).exists():
            messages.info(request, ONE_AT_A_TIME)
            return redirect("adherents:profile", cibtp_id=site.cibtp_id)
        return super().get(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        """The site whose company is spoken of."""
        return super().get_form_kwargs() | {"site": self.site_request.site}

    def form_valid(self, form: ProfileChangeForm) -> HttpResponse:
        """Ask, or say why nothing is asked; what was typed stays."""
        site: Site = self.site_request.site
        try:
            take((CHANGES_BY_COMPANY, site.adherent.number))
            asked = profile_changes.ask_change(
                site=site, person=self.request.user, values=form.cleaned_data, origin=Origin.of(self.request)
            )
        except Blocked as blocked:
            return too_many_tries(self.request, blocked)
        except profile_changes.NothingChanges:
            form.add_error(None, UNCHANGED)
            return self.form_invalid(form)
        except profile_changes.AlreadyWaiting:
            form.add_error(None, ONE_AT_A_TIME)
            return self.render_to_response(self.get_context_data(form=form), status=409)
        messages.success(
            self.request,
            f"Votre demande n° {asked.pk} est envoyée à votre caisse. Elle vous répondra par courriel.",
        )
        return redirect("adherents:profile", cibtp_id=site.cibtp_id)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The way here."""
        return super().get_context_data(here="Demander une modification", **kwargs)


class WithdrawPage(SitePage):
    """« Retirer cette demande »: by its author, or whoever may write the page, until staff have answered."""

    rule = PROFILE
    asks = Access.READ  # its author withdraws it even when the site was closed meanwhile
    http_method_names = ("post",)

    def post(self, request: HttpRequest, number: int, **kwargs: Any) -> HttpResponse:
        """Take the request back. Raises Http404 for one that was not made from this site."""
        site: Site = self.site_request.site
        asked = ChangeRequest.objects.visible_to(self.site_request.access).filter(pk=number).first()
        if asked is None:
            raise Http404
        if asked.asked_by_id != request.user.pk and not self.site_request.access.allows(
            PROFILE, Access.WRITE
        ):
            raise RightMissing(site, rule_label(PROFILE))
        try:
            profile_changes.withdraw(number=number, site=site, person=request.user, origin=Origin.of(request))
        except profile_changes.AlreadyAnswered:
            messages.warning(request, "Cette demande n’est plus en attente : voyez ci-dessous sa réponse.")
        else:
            messages.success(request, f"La demande n° {number} est retirée : rien n’est modifié.")
        return redirect("adherents:profile", cibtp_id=site.cibtp_id)
