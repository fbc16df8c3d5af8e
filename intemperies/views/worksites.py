"""« Mes chantiers »: where stops are declared."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from intemperies import worksite_changes
from intemperies.features import STOPPAGE
from intemperies.forms import WorksiteForm
from intemperies.models import Worksite
from intemperies.views.reach import url_of
from portal.access.levels import Access
from portal.access.pages import SitePage
from portal.lists import page_of
from portal.origin import Origin
from portal.parts import Column
from portal.web.way_on import safe_next

PAGE_SIZE = 25
NAMED_TWICE = "Un de vos chantiers porte déjà ce nom\u00a0: choisissez-en un autre."


class WorksiteListPage(SitePage):
    """The list."""

    rule = STOPPAGE

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Those that go on first."""
        access = self.site_request.access
        rows = Worksite.objects.visible_to(access).order_by("over", "name")
        page_obj = page_of(rows, PAGE_SIZE, request.GET.get("page", ""))
        count = page_obj.paginator.count
        may_write = access.allows(STOPPAGE, Access.WRITE)
        context = {
            "title": "Mes chantiers",
            "caption": "Chantiers",
            "count_text": f"{count} chantier{'s' if count > 1 else ''}",
            "columns": [Column(label) for label in HEADS] + ([Column("Actions")] if may_write else []),
            "rows_template": "intemperies/_worksite.html",
            "page_obj": page_obj,
            "may_write": may_write,
            "add_url": url_of(self.site_request, "worksite_new"),
            "empty_text": "Aucun chantier n’est encore enregistré.",
            "empty_action_url": url_of(self.site_request, "worksite_new") if may_write else "",
            "empty_action_label": "Ajouter un chantier",
        }
        return render(request, "intemperies/worksites.html", context)


HEADS = ("Chantier", "Adresse", "Département", "Altitude", "Catégorie", "Situation")


class WorksitePage(SitePage):
    """Add one, or change it."""

    rule = STOPPAGE
    asks = Access.WRITE

    def get(self, request: HttpRequest, number: int | None = None, **kwargs: Any) -> HttpResponse:
        """The form."""
        return self.page(self.form(number))

    def post(self, request: HttpRequest, number: int | None = None, **kwargs: Any) -> HttpResponse:
        """Keep it, then go where one was."""
        form = self.form(number, request.POST)
        if not form.is_valid():
            return self.page(form, status=422)
        try:
            keep = worksite_changes.add if number is None else worksite_changes.change
            worksite = keep(worksite=form.save(commit=False), person=request.user, origin=Origin.of(request))
        except IntegrityError:  # a double click, or a colleague
            form.add_error("name", NAMED_TWICE)
            return self.page(form, status=422)
        messages.success(request, f"Le chantier {worksite.name} est enregistré.")
        return redirect(self.back())

    def form(self, number: int | None, data: Any = None) -> WorksiteForm:
        """The form of a worksite of the site. Raises Http404 for another's."""
        worksite = None
        if number is not None:
            worksite = Worksite.objects.visible_to(self.site_request.access).filter(pk=number).first()
            if worksite is None:
                raise Http404
        return WorksiteForm(data, instance=worksite, site=self.site_request.site, back=self.back())

    def back(self) -> str:
        """Where one came from; else the list."""
        return safe_next(self.request) or url_of(self.site_request, "worksites")

    def page(self, form: WorksiteForm, status: int = 200) -> HttpResponse:
        """The page itself."""
        new = form.instance.pk is None
        context = {
            "form": form,
            "title": "Ajouter un chantier" if new else "Modifier le chantier",
            "next": safe_next(self.request),
        }
        return render(self.request, "intemperies/worksite.html", context, status=status)


class WorksiteOverPage(SitePage):
    """« Terminer ce chantier », or take it up again: it is offered no more, or is again."""

    rule = STOPPAGE
    asks = Access.WRITE
    http_method_names = ("post",)

    def post(self, request: HttpRequest, number: int, **kwargs: Any) -> HttpResponse:
        """Change its situation. Raises Http404 for another's."""
        over = request.POST.get("over") == "oui"
        turn = worksite_changes.end if over else worksite_changes.resume
        try:
            worksite = turn(
                number=number,
                site=self.site_request.site,
                person=request.user,
                origin=Origin.of(request),
            )
        except Worksite.DoesNotExist as error:
            raise Http404 from error
        messages.success(request, f"Le chantier {worksite.name} est {'terminé' if over else 'repris'}.")
        return redirect(url_of(self.site_request, "worksites"))
