"""One declaration: what it says, what became of it, and what may still be done."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from intemperies import drafting, sending, undoing
from intemperies.assessing import deadline_of
from intemperies.calculation.sentences import hours
from intemperies.drafting import NotADraft, OutOfReach, WeekTaken, colleges_of, may_delete, may_write_all
from intemperies.features import STOPPAGE
from intemperies.figures import current_parameters
from intemperies.forms import CancelForm, DeleteForm, DuplicateForm
from intemperies.models import Line, State, Stoppage
from intemperies.receipts import receipt
from intemperies.snapshots import totals
from intemperies.views.reach import StoppagePage, told_of_week, url_of
from intemperies.views.steps import only_colleges
from portal import clock
from portal.access.levels import Access, College
from portal.access.pages import RightMissing, rule_label
from portal.origin import Origin
from portal.parts import Event, Figure
from portal.templatetags.french import amount, long_date, short_date, time_fr

CHANGED = "Cette déclaration n’est plus en cours\u00a0: voyez ci-dessous ce qu’elle est devenue."


class FilePage(StoppagePage):
    """The declaration."""

    def get(self, request: HttpRequest, number: int, **kwargs: Any) -> HttpResponse:
        """What the person reads of it."""
        stoppage, access = self.find(number), self.site_request.access
        writes = access.allows(STOPPAGE, Access.WRITE)
        whole = writes and may_write_all(colleges_of(stoppage), access)
        lines = sending.lines_of(stoppage, access)
        said = stoppage.said.get("lines", {})
        context = {
            "stoppage": stoppage,
            "title": title_of(stoppage),
            "facts": facts(stoppage),
            "lines": [shown(line, said.get(str(line.pk), {})) for line in lines],
            "figures": figures(stoppage, access.colleges(STOPPAGE)),
            "college": only_colleges(access),
            "events": history(stoppage),
            "may_go_on": writes and stoppage.is_draft,
            "may_delete": stoppage.is_draft and may_delete(stoppage, request.user, access),
            "may_undo": whole and stoppage.is_sent,
            "may_duplicate": writes,
            "waits_for_all": writes and not whole and (stoppage.is_draft or stoppage.is_sent),
            "corrects": self.corrects(),
            "correction": self.correction(),
            "urls": {
                name: url_of(self.site_request, name, number)
                for name in ("stop", "employees", "receipt", "cancel", "correct", "duplicate", "delete")
            },
        }
        return render(request, "intemperies/file.html", context)


def shown(line: Line, said: Mapping[str, Any]) -> dict[str, Any]:
    """An employee as the page shows him, with what was said of him when it was sent."""
    facts = [
        f"{amount(line.wage)} de l’heure" if line.wage is not None else "",
        f"{hours(line.worked_hours)} en deux mois" if line.worked_hours is not None else "",
        f"{line.paid_days}\u00a0j déjà indemnisés" if line.paid_days is not None else "",
    ]
    return {
        "name": f"{line.employee.last_name} {line.employee.first_name}",
        "college": College(line.college).label,
        "lost": hours(sum((row.hours for row in line.lost_hours.all()), Decimal(0))),
        "facts": ", ".join(fact for fact in facts if fact),
        "stated_by": line.stated_by,
        "said": said,
        "reckoning": [*said.get("told", ()), *said.get("allowance", ()), *said.get("refund", ())],
    }


def title_of(stoppage: Stoppage) -> str:
    """With its number once it has one."""
    return f"Arrêt intempéries {stoppage.number}" if stoppage.number else "Arrêt intempéries, brouillon"


def facts(stoppage: Stoppage) -> list[tuple[str, str]]:
    """What its first step says, in words."""
    rows = [
        *stoppage.place.facts,
        ("Catégorie", stoppage.get_trade_display()),
        ("Cause", stoppage.get_cause_display()),
        ("Précisions", stoppage.weather),
        ("Travaux interrompus", stoppage.work),
    ]
    if stoppage.vigilance:
        order = ", arrêté préfectoral" if stoppage.prefect_order else ""
        rows.append(("Vigilance canicule", f"{stoppage.get_vigilance_display()}{order}"))
    for period in stoppage.periods.all():
        resumed = f"{moment(period.resumes)}" if period.resumes else "pas encore"
        rows.append(("Arrêt", f"{moment(period.begins)}\u00a0; reprise\u00a0: {resumed}"))
    if stoppage.is_draft and (until := deadline_of(stoppage, current_parameters())):
        counter = until.counter(clock.today())
        rows.append(("À envoyer au plus tard le", f"{long_date(until.tolerated)}\u00a0: {counter}"))
    if stoppage.committee:
        rows.append(("CSE", stoppage.get_committee_display()))
    if stoppage.project_manager:
        rows.append(("Représentant du maître d’œuvre", stoppage.project_manager))
    return [(label, value) for label, value in rows if value]


def moment(instant: Any) -> str:
    """« 12 janvier 2026 à 10 h »."""
    return f"{long_date(instant)} à {time_fr(instant)}"


def figures(stoppage: Stoppage, colleges: Any) -> list[Figure]:
    """The totals of the collèges that one reads, once it was sent."""
    if not stoppage.is_sent:
        return []
    found = totals(stoppage.said, colleges)
    note = "estimation du jour de l’envoi"
    return [
        Figure("Heures perdues", hours(found["lost"])),
        Figure("Indemnités", amount(found["owed"]), note),
        Figure("Remboursement", amount(found["refunded"]), note),
    ]


def history(stoppage: Stoppage) -> list[Event]:
    """What happened to it, the latest first."""
    events = [Event(stoppage.begun_at, "Déclaration commencée", stoppage.begun_by.get_full_name())]
    if stoppage.sent_at:
        late = ", hors délai" if stoppage.out_of_time else ""
        events.append(Event(stoppage.sent_at, f"Envoyée à la caisse{late}", stoppage.attested_by))
    if stoppage.taken_at:
        events.append(Event(stoppage.taken_at, "Prise en compte par votre caisse"))
    if stoppage.over_at:
        what = "Annulée" if stoppage.state == State.CANCELLED else "Remplacée par une correction"
        reason = f"\u00a0: {stoppage.reason}" if stoppage.reason else ""
        events.append(Event(stoppage.over_at, f"{what}{reason}", stoppage.over_by))
    return sorted(events, key=lambda event: event.at, reverse=True)


class ReceiptPage(StoppagePage):
    """The receipt, as a PDF: the lines that one reads."""

    def get(self, request: HttpRequest, number: int, **kwargs: Any) -> HttpResponse:
        """Made now, from what was said when it was sent. Raises Http404 for a draft."""
        stoppage = self.find(number)
        if stoppage.is_draft:
            raise Http404
        access = self.site_request.access
        lines = sending.lines_of(stoppage, access)
        document = receipt(stoppage, lines, access.colleges(STOPPAGE), facts(stoppage), clock.now())
        response = HttpResponse(document, content_type="application/pdf")
        response["Content-Disposition"] = f'attachment; filename="recepisse-{stoppage.number}.pdf"'
        return response


class UndoPage(StoppagePage):
    """What only who may write all its collèges may do (product.md 6.5)."""

    asks = Access.WRITE

    def find(self, number: int) -> Stoppage:
        """The declaration. Raises Http404, and RightMissing without all its collèges."""
        stoppage = super().find(number)
        if not may_write_all(colleges_of(stoppage), self.site_request.access):
            raise RightMissing(self.site_request.site, rule_label(STOPPAGE))
        return stoppage

    def back(self, number: int) -> str:
        """The declaration's own page."""
        return url_of(self.site_request, "file", number)


class CancelPage(UndoPage):
    """« Annuler la déclaration »: with a reason."""

    def get(self, request: HttpRequest, number: int, **kwargs: Any) -> HttpResponse:
        """The form, while it stands."""
        if not StoppagePage.find(self, number).is_sent:
            messages.info(request, CHANGED)
            return redirect(self.back(number))
        self.find(number)
        return self.page(CancelForm(back=self.back(number)))

    def post(self, request: HttpRequest, number: int, **kwargs: Any) -> HttpResponse:
        """Cancel it."""
        stoppage = self.find(number)
        form = CancelForm(request.POST, back=self.back(number))
        if not form.is_valid():
            return self.page(form, status=422)
        try:
            undoing.cancel(
                number=number,
                site=self.site_request.site,
                person=request.user,
                access=self.site_request.access,
                reason=form.cleaned_data["reason"],
                origin=Origin.of(request),
            )
        except undoing.NotStanding:
            messages.info(request, CHANGED)
        else:
            messages.success(request, f"L’arrêt {stoppage.number} est annulé\u00a0: il n’est plus déclaré.")
        return redirect(self.back(number))

    def page(self, form: CancelForm, status: int = 200) -> HttpResponse:
        """The page itself."""
        context = {"form": form, "stoppage": self.stoppage, "correction": self.correction()}
        return render(self.request, "intemperies/cancel.html", context, status=status)


class CorrectPage(UndoPage):
    """« Corriger »: a draft that says what was sent; what was sent stands until the correction is."""

    http_method_names = ("post",)

    def post(self, request: HttpRequest, number: int, **kwargs: Any) -> HttpResponse:
        """Begin it, or go on with the one that was begun."""
        self.find(number)
        try:
            draft = undoing.correct(
                number=number,
                site=self.site_request.site,
                person=request.user,
                access=self.site_request.access,
            )
        except undoing.NotStanding:
            messages.info(request, CHANGED)
            return redirect(self.back(number))
        except WeekTaken as taken:
            messages.warning(request, told_of_week(taken, self.site_request.access))
            return redirect(self.back(number))
        return redirect(url_of(self.site_request, "stop", draft.pk))


class DeletePage(StoppagePage):
    """« Supprimer ce brouillon »: asked once more."""

    asks = Access.WRITE

    def get(self, request: HttpRequest, number: int, **kwargs: Any) -> HttpResponse:
        """The question, while it is a draft."""
        draft, access = self.find(number), self.site_request.access
        if not draft.is_draft:
            return self.gone(number)
        if not may_delete(draft, request.user, access):
            raise RightMissing(self.site_request.site, rule_label(STOPPAGE))
        form = DeleteForm(back=url_of(self.site_request, "file", number))
        return render(request, "intemperies/delete.html", {"form": form, "stoppage": draft})

    def post(self, request: HttpRequest, number: int, **kwargs: Any) -> HttpResponse:
        """Throw it away: nothing was declared."""
        draft = self.find(number)
        try:
            drafting.delete(draft=draft, person=request.user, access=self.site_request.access)
        except NotADraft:
            return self.gone(number)
        except OutOfReach:
            raise RightMissing(self.site_request.site, rule_label(STOPPAGE)) from None
        messages.success(request, "Le brouillon est supprimé.")
        return redirect(url_of(self.site_request, "list"))

    def gone(self, number: int) -> HttpResponse:
        """It was sent meanwhile."""
        messages.info(self.request, CHANGED)
        return redirect(url_of(self.site_request, "file", number))


class DuplicatePage(StoppagePage):
    """« Dupliquer pour un autre chantier »."""

    asks = Access.WRITE

    def get(self, request: HttpRequest, number: int, **kwargs: Any) -> HttpResponse:
        """Which worksite."""
        return self.page(DuplicateForm(stoppage=self.find(number), back=self.back))

    def post(self, request: HttpRequest, number: int, **kwargs: Any) -> HttpResponse:
        """A draft for that worksite."""
        stoppage = self.find(number)
        form = DuplicateForm(request.POST, stoppage=stoppage, back=self.back)
        if not form.is_valid():
            return self.page(form, status=422)
        try:
            draft = undoing.duplicate(
                stoppage=stoppage, worksite=form.cleaned_data["worksite"], person=request.user
            )
        except WeekTaken as taken:
            form.add_error("worksite", told_of_week(taken, self.site_request.access))
            return self.page(form, status=422)
        messages.success(request, "L’arrêt est dupliqué\u00a0: relisez-le, puis choisissez ses salariés.")
        return redirect(url_of(self.site_request, "stop", draft.pk))

    @property
    def back(self) -> str:
        """The declaration's own page."""
        return url_of(self.site_request, "file", self.stoppage.pk)

    def page(self, form: DuplicateForm, status: int = 200) -> HttpResponse:
        """The page itself."""
        context = {"form": form, "stoppage": self.stoppage, "day": short_date(self.stoppage.begun_at)}
        return render(self.request, "intemperies/duplicate.html", context, status=status)
