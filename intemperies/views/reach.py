"""What a page finds of a declaration: what the person may read of it, or nothing."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any, ClassVar

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from intemperies.drafting import ChangedMeanwhile, NotADraft, WeekTaken
from intemperies.features import STOPPAGE
from intemperies.models import Stoppage
from intemperies.models.stoppages import StoppageQuerySet
from portal.access.levels import Access
from portal.access.pages import SitePage, SiteRequest
from portal.access.site_access import SiteAccess
from portal.parts import Step
from portal.templatetags.french import time_fr

SENT_MEANWHILE = "Cette déclaration n’est plus un brouillon\u00a0: voici ce qui a été envoyé."
ELSEWHERE = (
    "Ce chantier a déjà une déclaration envoyée pour cette semaine-là, d’un collège que vous ne lisez"
    " pas\u00a0: demandez à un Administrateur du site de la corriger pour y ajouter vos salariés."
)
STEPS = (("stop", "Arrêt"), ("employees", "Salariés"), ("hours", "Heures"), ("checks", "Contrôles"),
         ("sending", "Envoi"))  # fmt: skip


class StoppagePage(SitePage):
    """A page of one declaration, which it finds among those that the person may read (else 404)."""

    rule = STOPPAGE
    stoppage: Stoppage

    def find(self, number: int) -> Stoppage:
        """The declaration of that number. Raises Http404."""
        found = self._readable().filter(pk=number)
        whole = found.select_related("worksite", "site__adherent", "corrects").prefetch_related("periods")
        stoppage = whole.first()
        if stoppage is None or not stoppage.periods.all():  # thrown away between the two queries
            raise Http404
        self.stoppage = stoppage
        return stoppage

    def corrects(self) -> Stoppage | None:
        """What the declaration found corrects, if the person may read that: else its number is not his."""
        corrected = self.stoppage.corrects_id
        return self._readable().filter(pk=corrected).first() if corrected else None

    def correction(self) -> Stoppage | None:
        """What corrects it, draft or sent, if the person may read that."""
        return self._readable().filter(corrects=self.stoppage).order_by("-pk").first()

    def _readable(self) -> StoppageQuerySet:
        return Stoppage.objects.visible_to(self.site_request.access)


class StepPage(StoppagePage, ABC):
    """A step of a draft. Whoever comes after it was sent is led to what was sent."""

    asks = Access.WRITE
    step: ClassVar[str] = ""

    def get(self, request: HttpRequest, number: int, **kwargs: Any) -> HttpResponse:
        """What is recorded."""
        return self._or_what_was_sent(number, self.show)

    @abstractmethod
    def show(self, draft: Stoppage) -> HttpResponse:
        """The page of the step."""

    def _or_what_was_sent(self, number: int, act: Callable[[Stoppage], HttpResponse]) -> HttpResponse:
        try:
            return act(self.find(number))
        except NotADraft:
            messages.info(self.request, SENT_MEANWHILE)
            return redirect(url_of(self.site_request, "file", number))

    def find(self, number: int) -> Stoppage:
        """The draft. Raises Http404, and NotADraft once it was sent."""
        stoppage = super().find(number)
        if not stoppage.is_draft:
            raise NotADraft
        return stoppage

    def context(self, **more: Any) -> dict[str, Any]:
        """What every step shows."""
        return {
            "stoppage": self.stoppage,
            "steps": steps(self.site_request, self.stoppage, self.step),
            "file_url": url_of(self.site_request, "file", self.stoppage.pk),
            **more,
        }

    @property
    def goes_later(self) -> bool:
        """Whether « Continuer plus tard » was pressed: what is typed is recorded all the same."""
        return self.request.POST.get("do") == "later"

    def next_step(self) -> HttpResponse:
        """Go on, or leave until later."""
        if self.goes_later:
            return redirect(url_of(self.site_request, "file", self.stoppage.pk))
        names = [name for name, _ in STEPS]
        return redirect(url_of(self.site_request, names[names.index(self.step) + 1], self.stoppage.pk))


class WrittenStep(StepPage):
    """A step that records what is typed."""

    def post(self, request: HttpRequest, number: int, **kwargs: Any) -> HttpResponse:
        """Record what is sent."""
        return self._or_what_was_sent(number, self.record)

    @abstractmethod
    def record(self, draft: Stoppage) -> HttpResponse:
        """Keep what was typed."""


def url_of(request: SiteRequest, page: str, number: int | None = None) -> str:
    """The address of a page of bad weather on this site."""
    place: dict[str, Any] = {"cibtp_id": request.site.cibtp_id}
    return reverse(f"intemperies:{page}", kwargs=place | ({"number": number} if number else {}))


def steps(request: SiteRequest, stoppage: Stoppage | None, current: str) -> list[Step]:
    """The numbered bar: any step of a draft can be reopened."""
    names = [name for name, _ in STEPS]
    made = []
    for place, (name, label) in enumerate(STEPS):
        if name == current:
            made.append(Step(label, "current"))
        elif place < names.index(current) and stoppage is not None:
            made.append(Step(label, "done", url_of(request, name, stoppage.pk)))
        else:
            made.append(Step(label, "next", url_of(request, name, stoppage.pk) if stoppage else ""))
    return made


def told_of(changed: ChangedMeanwhile) -> str:
    """Who wrote meanwhile."""
    at, who = time_fr(changed.stoppage.written_at), changed.stoppage.written_by
    return (
        f"{who} a modifié ce brouillon à {at}. Ce que vous avez saisi est gardé ci-dessous\u00a0:"
        " enregistrez de nouveau pour que cela remplace ce qui est enregistré."
    )


def told_of_week(taken: WeekTaken, access: SiteAccess) -> str:
    """Where the other one is; nothing of one that the person does not read, but that somebody must add to."""
    other = taken.stoppage
    if not Stoppage.objects.visible_to(access).filter(pk=other.pk).exists():
        return ELSEWHERE
    if other.is_draft:
        return (
            "Un brouillon existe déjà pour ce chantier cette semaine-là\u00a0: une semaine est une seule"
            " déclaration. Ajoutez-y cet arrêt."
        )
    return (
        f"L’arrêt {other.number} est déjà envoyé pour ce chantier cette semaine-là\u00a0: corrigez-le pour y"
        " ajouter cet arrêt."
    )
