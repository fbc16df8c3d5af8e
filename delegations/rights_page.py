"""The base of the pages by which rights are given and changed: the form, its summary, the act.

Every step sends the whole form again: nothing is kept between two of them, and two tabs never mix.
"""

from __future__ import annotations

import uuid
from abc import ABC, abstractmethod
from typing import Any, ClassVar

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from adherents.models import Site
from delegations import redrawing
from delegations.giver_page import FIRM_SIDE, GiverPage
from delegations.models import Role, Side
from delegations.preview import preview_of
from delegations.refusals import ChangedMeanwhile, Refused
from delegations.rights_forms import RightsForm
from delegations.rights_summary import Summary, seal, unseal
from portal.access.levels import Access
from portal.limits.answer import too_many_tries
from portal.limits.counting import Blocked
from portal.reauth.pages import FreshPage

ALTERED = (
    "Ce qui est demandé n’est plus ce que le récapitulatif montrait, ou il date de plus d’un jour\u00a0: "
    "relisez-le."
)


class RightsFormPage(GiverPage, FreshPage, ABC):
    """Form, summary, act. `title`, `verb` and `what` say what the page does."""

    asks = Access.WRITE
    title: ClassVar[str]
    verb: ClassVar[str]
    what: ClassVar[str]  # the heading of the summary
    template_name: ClassVar[str] = "delegations/rights_form.html"
    role: Role = Role.USER
    form_class: type[RightsForm] = RightsForm

    # --- what each page says for itself --------------------------------------------------------------

    def make_form(self, *args: Any, **kwargs: Any) -> RightsForm:
        """The form, for the giver of this page."""
        return self.form_class(*args, giver=self.giver, role=self.role, **kwargs)

    def start(self) -> dict[str, Any]:
        """What the form says at first."""
        return RightsForm.blank(self.giver)

    @abstractmethod
    def summary(self, form: RightsForm) -> Summary:
        """What a valid form would change."""

    @abstractmethod
    def sealed_facts(self, form: RightsForm) -> dict[str, Any]:
        """What the summary of a valid form is sealed with."""

    @abstractmethod
    def act(self, form: RightsForm, attempt: uuid.UUID) -> None:
        """Do it, and say so. Raises Refused or Blocked."""

    @abstractmethod
    def done_already(self, facts: dict[str, Any], attempt: uuid.UUID) -> bool:
        """Whether what was sealed was done by the same page sent a moment ago; says so then."""

    def whose(self) -> list[tuple[str, str]]:
        """Whose rights they are, where the summary does not say it."""
        return []

    def about(self) -> dict[str, Any]:
        """What this page's templates need beside the form."""
        return {}

    def pressed(self) -> str:
        """What the button pressed asks for."""
        return self.request.POST.get("do", "check")

    def sites(self, form: RightsForm) -> list[Site]:
        """Where the rights are given."""
        return [self.site]

    # --- the steps -----------------------------------------------------------------------------------

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """The form."""
        return self.show(self.make_form(initial=self.start()))

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """What the button pressed asks for; « Valider » when none says otherwise."""
        word, *rest = self.pressed().split(":")
        form = self.make_form(request.POST)
        if word in redrawing.WORDS:
            typed, said = redrawing.redrawn(form, word, rest)
            return self.show(self.make_form(initial=typed), said=said, just=word)
        if word == "preview":
            return self.preview(form)
        return self.save(form) if word == "save" else self.check(form)

    def show(self, form: RightsForm, said: str = "", **more: Any) -> HttpResponse:
        """The form as it stands."""
        context = self.context() | {
            "form": form,
            "sites": self.sites(form),
            "table": form.table(said),
            "locked_sentence": form.locked_sentence,
            **more,
        }
        return render(self.request, self.template_name, context)

    def preview(self, form: RightsForm) -> HttpResponse:
        """« Voir ce que verra ce bénéficiaire »: nothing is saved."""
        sites = self.sites(form) or [self.site]
        closed = [site for site in sites if site.is_closed()]
        seen = next((site for site in sites if site not in closed), sites[0])
        context = self.context() | {
            "sites": sites,
            "closed": closed if len(closed) < len(sites) else [],
            "title": "Ce que verra ce bénéficiaire",
            "here": "Ce que verra ce bénéficiaire",
            "preview": preview_of(form.matrix(), form.role_asked, seen),
            "sent": form.sent(),
        }
        return render(self.request, "delegations/rights_preview.html", context)

    def check(self, form: RightsForm, *, altered: bool = False) -> HttpResponse:
        """The summary; the form again when something is wrong with it, or when nothing would change."""
        if not form.is_valid():
            return self.show(form)
        summary = self.summary(form)
        if not summary:
            form.add_error(None, "Rien n’a changé\u00a0: modifiez au moins une ligne, ou revenez à la liste.")
            return self.show(form)
        context = self.context() | {
            "summary": summary,
            "facts": [*self.whose(), *summary.facts],
            "sites": self.sites(form),
            "verb": self.verb,
            "what": self.what,
            "altered": ALTERED if altered else "",
            "sent": form.sent(),
            "shown": seal(self.sealed_facts(form), str(uuid.uuid4())),
        }
        return render(self.request, "delegations/rights_check.html", context)

    def save(self, form: RightsForm) -> HttpResponse:
        """Do what the summary showed, and nothing else."""
        found = unseal(self.request.POST.get("shown", ""))
        if found is not None and found[0]["person"] == self.giver.person.pk:
            facts, attempt = found[0], uuid.UUID(found[1])
            if facts["site"] == self.site.cibtp_id and self.done_already(facts, attempt):
                return redirect(self.list_url)
            if form.is_valid() and facts == self.sealed_facts(form):
                return self._done(form, attempt)
        return self.check(form, altered="shown" in self.request.POST)

    def _done(self, form: RightsForm, attempt: uuid.UUID) -> HttpResponse:
        try:
            self.act(form, attempt)
        except Blocked as blocked:
            return too_many_tries(self.request, blocked)
        except ChangedMeanwhile as refusal:
            return self.changed_meanwhile(form, refusal)
        except Refused as refusal:
            form.add_error(form.place_of(refusal), refusal.sentence)
            return self.show(form)
        return redirect(self.list_url)

    def changed_meanwhile(self, form: RightsForm, refusal: Refused) -> HttpResponse:
        """Nothing that is only given can change meanwhile: only pages that change say more."""
        form.add_error(None, refusal.sentence)
        return self.show(form)

    # --- what stands around --------------------------------------------------------------------------

    def context(self) -> dict[str, Any]:
        """What every step shows."""
        beside = len(self.givers) > 1 and self.giver.side == Side.FIRM
        return {
            "title": self.title,
            "here": self.title,
            "giver": self.giver,
            "side_asked": FIRM_SIDE if beside else "",
            "back_url": self.list_url,
            **self.about(),
        }

    def say(self, sentence: str) -> None:
        """The confirmation, on the page that follows."""
        messages.success(self.request, sentence)
