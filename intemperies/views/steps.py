"""The five steps of a declaration; the draft is kept at each."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from intemperies import drafting, sending
from intemperies.assessing import of_the_cause
from intemperies.calculation.findings import Answer
from intemperies.choosing import EmployeeChoice
from intemperies.drafting import (
    ChangedMeanwhile,
    OutOfReach,
    WeekTaken,
    colleges_of,
    colleges_of_both,
    may_write_all,
)
from intemperies.features import STOPPAGE
from intemperies.figures import current_parameters
from intemperies.forms import SigningForm, StopForm
from intemperies.grid import HoursGrid
from intemperies.grid_parts import GridParts, days_outside
from intemperies.models import Stoppage, Worksite
from intemperies.stop_values import initial_of
from intemperies.views.reach import StepPage, WrittenStep, steps, told_of, told_of_week, url_of
from portal.access.levels import Access, College
from portal.access.pages import SitePage
from portal.origin import Origin

TYPED = "stop_typed"  # in the session: the first step, as it was left to add a worksite
OF_ALL = (
    "Le chantier, la cause et les dates valent pour tous les salariés de la déclaration\u00a0: ils sont"
    " saisis par qui a le droit de mise à jour sur tous leurs collèges."
)
NOT_ALL = (
    "Cette déclaration porte aussi des salariés d’un collège sur lequel vous n’avez pas le droit de mise à"
    " jour\u00a0: une personne qui l’a pour tous doit l’envoyer."
)


class StopFormPage:
    """What the first step is made of, for a new declaration and for a draft."""

    request: HttpRequest
    site_request: Any

    def stop_form(self, draft: Stoppage | None, data: Any = None) -> StopForm:
        """The form, filled with the draft."""
        site, back = self.site_request.site, url_of(self.site_request, "list")
        if draft is not None:
            back = url_of(self.site_request, "file", draft.pk)
        given: dict[str, Any] = {"site": site, "back": back, "draft": draft}
        if data is not None:
            sent = data.get("spans", "")
            asked = int(sent) if sent.isascii() and sent.isdigit() and len(sent) == 1 else 1
            if data.get("do") == "another":  # not held against a rule yet
                return StopForm(initial=data.dict() | {"spans": asked + 1}, spans=asked + 1, **given)
            return StopForm(data, spans=asked, **given)
        if typed := self.typed_before():
            spans = typed.get("spans", "1")
            return StopForm(initial=typed, spans=int(spans) if spans.isdecimal() else 1, **given)
        if draft is None:
            return StopForm(spans=1, initial=self.only_worksite(), **given)
        return StopForm(initial=initial_of(draft), spans=len(draft.periods.all()), **given)

    def not_yet(self, form: StopForm, draft: Stoppage | None) -> HttpResponse | None:
        """What is answered before anything is recorded: another stop, another worksite, or what is wrong."""
        asked = self.request.POST.get("do")
        if asked == "worksite":
            return self.add_a_worksite()
        return self.stop_page(form, draft) if asked == "another" or not form.is_valid() else None

    def add_a_worksite(self) -> HttpResponse:
        """Leave for the form of a worksite; what is typed here is found again."""
        path, typed = self.request.path, self.request.POST.dict()
        typed.pop("csrfmiddlewaretoken", None)
        self.request.session[TYPED] = {"path": path, "typed": typed}
        return redirect(f"{url_of(self.site_request, 'worksite_new')}?next={path}")

    def typed_before(self) -> dict[str, str]:
        """What was typed when one left to add a worksite, once; that worksite is chosen."""
        kept = self.request.session.get(TYPED)
        if not kept or kept["path"] != self.request.path:
            return {}
        del self.request.session[TYPED]
        latest = Worksite.objects.visible_to(self.site_request.access).current().order_by("-pk").first()
        typed: dict[str, str] = kept["typed"]
        return typed | ({"worksite": str(latest.pk)} if latest else {})

    def only_worksite(self) -> dict[str, Any]:
        """The only worksite, when there is one."""
        mine = Worksite.objects.visible_to(self.site_request.access).current()[:2]
        return {"worksite": mine[0]} if len(mine) == 1 else {}

    def week_taken(self, form: StopForm, draft: Stoppage | None, taken: WeekTaken) -> HttpResponse:
        """What was typed, with where that week is declared already."""
        access = self.site_request.access
        form.add_error("worksite", told_of_week(taken, access))
        seen = Stoppage.objects.visible_to(access).filter(pk=taken.stoppage.pk).exists()
        other_url = url_of(self.site_request, "file", taken.stoppage.pk) if seen else ""
        return self.stop_page(form, draft, other_url=other_url, other=taken.stoppage)

    def stop_page(self, form: StopForm, draft: Stoppage | None, **more: Any) -> HttpResponse:
        """The page itself."""
        context = {
            "form": form,
            "stoppage": draft,
            "steps": steps(self.site_request, draft, "stop"),
        } | more
        status = 422 if form.is_bound and form.errors else 200
        return render(self.request, "intemperies/stop.html", context, status=status)


class NewPage(StopFormPage, SitePage):
    """« Déclarer un arrêt »."""

    rule = STOPPAGE
    asks = Access.WRITE

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """The form; without a worksite, the form of one first."""
        if not Worksite.objects.visible_to(self.site_request.access).current().exists():
            messages.info(request, "Enregistrez d’abord le chantier sur lequel le travail s’est arrêté.")
            return redirect(f"{url_of(self.site_request, 'worksite_new')}?next={request.path}")
        return self.stop_page(self.stop_form(None), None)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """A draft begins."""
        form = self.stop_form(None, request.POST)
        if answer := self.not_yet(form, None):
            return answer
        try:
            draft = drafting.begin(site=self.site_request.site, person=request.user, facts=form.facts())
        except WeekTaken as taken:
            if drafting.is_begun_twice(taken.stoppage, request.user, form.facts()):
                return redirect(url_of(self.site_request, "employees", taken.stoppage.pk))
            return self.week_taken(form, None, taken)
        tell_of_the_cause(request, draft)
        return redirect(url_of(self.site_request, "employees", draft.pk))


def tell_of_the_cause(request: HttpRequest, draft: Stoppage) -> None:
    """What a rule refuses already of where, why and when: said before anybody is chosen."""
    for finding in of_the_cause(draft, list(draft.periods.all()), current_parameters()):
        if finding.answer is Answer.REFUSE:
            messages.warning(request, finding.sentence)


class StopPage(StopFormPage, WrittenStep):
    """Step 1, reopened."""

    step = "stop"

    def show(self, draft: Stoppage) -> HttpResponse:
        """What is recorded."""
        if not may_write_all(colleges_of_both(draft), self.site_request.access):
            return self.held_by_others(draft)
        return self.stop_page(self.stop_form(draft), draft)

    def record(self, draft: Stoppage) -> HttpResponse:
        """Record it, unless a colleague did meanwhile."""
        form = self.stop_form(draft, self.request.POST)
        if answer := self.not_yet(form, draft):
            return answer
        try:
            drafting.write_stop(
                draft=draft,
                person=self.request.user,
                version=form.cleaned_data["version"] or 0,
                access=self.site_request.access,
                facts=form.facts(),
            )
        except ChangedMeanwhile as changed:
            form = StopForm(
                with_version(self.request.POST, changed.stoppage.version),
                site=self.site_request.site,
                spans=form.spans,
                back=url_of(self.site_request, "file", draft.pk),
                draft=draft,
            )
            form.add_error(None, told_of(changed))
            return self.stop_page(form, draft)
        except WeekTaken as taken:
            return self.week_taken(form, draft, taken)
        except OutOfReach:
            return self.held_by_others(draft)
        tell_of_the_cause(self.request, draft)
        return self.next_step()

    def held_by_others(self, draft: Stoppage) -> HttpResponse:
        """Where, why and when are of everybody on it: who may not write them all goes on to his own."""
        messages.info(self.request, OF_ALL)
        return redirect(url_of(self.site_request, "employees", draft.pk))


def with_version(data: Any, version: int) -> Any:
    """What was sent, to be sent again over the version that a colleague wrote."""
    copy = data.copy()
    copy["version"] = str(version)
    return copy


class EmployeesPage(WrittenStep):
    """Step 2: who was there, and what is stated of them."""

    step = "employees"

    def show(self, draft: Stoppage) -> HttpResponse:
        """Those who may be chosen."""
        return self.shown(self.choice(draft))

    def record(self, draft: Stoppage) -> HttpResponse:
        """Keep the choice."""
        choice = self.choice(draft, self.request.POST)
        if self.goes_later and choice.is_empty:
            return self.next_step()
        if not choice.is_valid:
            return self.shown(choice, status=422 if choice.errors else 200)
        try:
            drafting.choose_employees(
                draft=draft,
                person=self.request.user,
                version=sent_version(self.request),
                access=self.site_request.access,
                chosen=choice.chosen,
            )
        except ChangedMeanwhile as changed:
            self.find(draft.pk)
            return self.shown(choice, status=409, changed=told_of(changed))
        return self.next_step()

    def choice(self, draft: Stoppage, data: Any = None) -> EmployeeChoice:
        """The table."""
        access = self.site_request.access
        mine = sending.lines_of(draft, access)
        return EmployeeChoice(drafting.offered_employees(draft, access), mine, data)

    def shown(self, choice: EmployeeChoice, status: int = 200, **more: Any) -> HttpResponse:
        """The page itself."""
        context = self.context(choice=choice, errors=choice.errors, **more)
        return render(self.request, "intemperies/employees.html", context, status=status)


class HoursPage(WrittenStep):
    """Step 3: the grid."""

    step = "hours"

    def show(self, draft: Stoppage) -> HttpResponse:
        """What is recorded."""
        return self.shown(self.grid(), draft.version)

    def record(self, draft: Stoppage) -> HttpResponse:
        """Keep the part shown; or fill it, which records nothing."""
        grid, parts, version = self.grid(self.request.POST), self.parts(), sent_version(self.request)
        if self.request.POST.get("do") == "fill":
            return self.shown(grid.filled(), version)
        if not grid.is_valid:
            return self.shown(grid, version, status=422)
        try:
            drafting.write_hours(
                draft=draft,
                person=self.request.user,
                version=version,
                access=self.site_request.access,
                days={*grid.days, *days_outside(grid.lines, parts.periods)},
                hours=grid.hours,
            )
        except ChangedMeanwhile as changed:
            version = self.find(draft.pk).version  # with its periods, which may be what changed
            again = self.grid(self.request.POST, against=True)
            return self.shown(again, version, status=409, changed=told_of(changed))
        if parts.next and not self.goes_later:
            return redirect(parts.next.url)
        return self.next_step()

    def parts(self) -> GridParts:
        """Four weeks each; the address says which is shown."""
        asked = self.request.GET.get("semaines", "")
        return GridParts(list(self.stoppage.periods.all()), self.request.path, asked)

    def grid(self, data: Any = None, *, against: bool = False) -> HoursGrid:
        """The lines that one may write, by the days of the part shown."""
        writable = self.site_request.access.colleges(STOPPAGE, Access.WRITE)
        lines = [
            line
            for line in sending.lines_of(self.stoppage, self.site_request.access)
            if College(line.college) in writable
        ]
        return HoursGrid(lines, self.parts().days, data, against_recorded=against)

    def shown(self, grid: HoursGrid, version: int, status: int = 200, **more: Any) -> HttpResponse:
        """The page itself, of the version that the person knows of."""
        context = self.context(
            grid=grid,
            errors=grid.errors,
            left_out=list(grid.left_out()),
            parts=self.parts(),
            version=version,
            **more,
        )
        return render(self.request, "intemperies/hours.html", context, status=status)


class ChecksPage(StepPage):
    """Step 4: what the rules say, line by line, and the estimate."""

    step = "checks"

    def show(self, draft: Stoppage) -> HttpResponse:
        """Reckoned now."""
        found = sending.assessed(draft, self.site_request.access)
        context = self.context(
            found=found,
            college=only_colleges(self.site_request.access),
            stop_url=url_of(self.site_request, "stop", draft.pk),
            employees_url=url_of(self.site_request, "employees", draft.pk),
            hours_url=url_of(self.site_request, "hours", draft.pk),
            sending_url=url_of(self.site_request, "sending", draft.pk),
            whole=may_write_all(colleges_of(draft), self.site_request.access),
            not_all=NOT_ALL,
        )
        return render(self.request, "intemperies/checks.html", context)


class SendingPage(WrittenStep):
    """Step 5: attest and send."""

    step = "sending"

    def show(self, draft: Stoppage) -> HttpResponse:
        """The attestation, once the checks pass."""
        return self.shown(SigningForm(draft=draft, initial={"version": draft.version}))

    def record(self, draft: Stoppage) -> HttpResponse:
        """Send, once."""
        form = SigningForm(self.request.POST, draft=draft)
        if not form.is_valid():
            return self.shown(form, status=422)
        values = form.cleaned_data
        try:
            sent = sending.send(
                draft=draft,
                person=self.request.user,
                version=values["version"],
                access=self.site_request.access,
                attestation=sending.Attestation(values["committee"], values.get("project_manager", "")),
                origin=Origin.of(self.request),
            )
        except ChangedMeanwhile as changed:
            who = changed.stoppage.written_by
            messages.warning(
                self.request, f"{who} a modifié ce brouillon depuis\u00a0: relisez avant d’envoyer."
            )
            return redirect(url_of(self.site_request, "checks", draft.pk))
        except (sending.NotReady, OutOfReach):
            return redirect(url_of(self.site_request, "checks", draft.pk))
        except WeekTaken as taken:
            messages.warning(self.request, told_of_week(taken, self.site_request.access))
            return redirect(url_of(self.site_request, "file", draft.pk))
        messages.success(self.request, f"L’arrêt {sent.number} est envoyé à votre caisse.")
        return redirect(url_of(self.site_request, "file", draft.pk))

    def shown(self, form: SigningForm, status: int = 200) -> HttpResponse:
        """The page itself; back to the checks while a rule refuses."""
        access = self.site_request.access
        found = sending.assessed(self.stoppage)
        present = {each.line.college for each in found.lines}
        if not found.may_be_sent or not may_write_all(present, access):
            return redirect(url_of(self.site_request, "checks", self.stoppage.pk))
        context = self.context(form=form, found=found, corrects=self.corrects())
        return render(self.request, "intemperies/sending.html", context, status=status)


def sent_version(request: HttpRequest) -> int:
    """Which version the page showed; 0, which none is, when it does not say."""
    typed = request.POST.get("version", "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else 0


def only_colleges(access: Any) -> str:
    """« ETAM », when one reads some collèges only; empty for all three."""
    readable = access.colleges(STOPPAGE)
    return (
        "" if len(readable) == len(College) else ", ".join(each.label for each in College if each in readable)
    )
