"""« Mes salariés »."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from employees.exporting import HEADS, TooMany, export
from employees.features import EMPLOYEE
from employees.listing import (
    DEPARTED,
    NAME,
    PAGE_SIZES,
    Asked,
    EmployeeList,
    Listed,
    ListFilter,
    counted,
    readable,
)
from portal import clock
from portal.access.levels import Access, College
from portal.access.pages import SitePage, SiteRequest
from portal.home.uses import count_use
from portal.lists import page_of
from portal.origin import Origin
from portal.parts import Column
from portal.reauth.pages import FreshPage
from portal.spreadsheets import SheetFormat, attachment

TITLE = "Gérer mes salariés"
STATE_FORM = "liste-etat"
SORTED_HEADS = (
    (NAME, "Nom et prénom", "nom"),
    ("college", "Collège", "college"),
    ("matricule", "Matricule", ""),
    ("classification", "Classification et métier", ""),
    ("embauche", "Date d’embauche", ""),
)


class EmployeeListPage(SitePage):
    """The list (product.md 7.3). A search for a name is sent by POST, and so is what follows it."""

    rule = EMPLOYEE
    asks = Access.READ

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """The list as its address says, without a name."""
        asked = Asked.of(request.GET, self.site_request.access, with_name=False)
        response = shown(self.site_request, asked, request.GET.get("page", ""))
        count_use(self.site_request, EMPLOYEE)
        return response

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """The list as the filters sent say; without a name, its address says it as well."""
        asked = Asked.of(request.POST, self.site_request.access, with_name=True)
        if asked.name:
            return shown(self.site_request, asked, request.POST.get("page", ""))
        return redirect(request.path + asked.query(page=request.POST.get("page", "")).removesuffix("?"))


class EmployeeExport(SitePage, FreshPage):
    """The list as a file: exactly what is shown."""

    rule = EMPLOYEE
    asks = Access.READ
    http_method_names = ("post",)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """The sheet; or the list again, with a sentence, when it is too long."""
        access = self.site_request.access
        asked = Asked.of(request.POST, access, with_name=True)
        wanted = SheetFormat.CSV if request.POST.get("format") == SheetFormat.CSV else SheetFormat.XLSX
        try:
            rows = export(access=access, asked=asked, person=request.user, origin=Origin.of(request))
        except TooMany as too_many:
            messages.warning(request, str(too_many))
            return redirect(list_url(self.site_request) + asked.query().removesuffix("?"))
        name = f"salaries-{access.site.cibtp_id}-{clock.today():%Y-%m-%d}"
        return attachment(name, HEADS, rows, wanted)

    def fresh_back(self) -> str:
        """The list."""
        return list_url(self.site_request)


def list_url(request: SiteRequest, page: str = "list") -> str:
    """The list's own address, or its export's."""
    return reverse(f"employees:{page}", kwargs={"cibtp_id": request.site.cibtp_id})


def shown(request: SiteRequest, asked: Asked, page: str) -> HttpResponse:
    """The page itself."""
    listed = EmployeeList(request.access, asked)
    page_obj = page_of(listed.found(), asked.size, page)
    page_obj.object_list = [Listed.of(values) for values in page_obj.object_list]
    count = page_obj.paginator.count
    colleges = readable(request.access)
    form = asked.form(request.access)
    context = {
        "title": TITLE,
        "caption": "Salariés",
        "colleges": "" if len(colleges) == len(College) else ", ".join(each.label for each in colleges),
        "count_text": counted(count, asked) + (f" sur {listed.total()}" if asked.narrowed else ""),
        "columns": columns(asked, form),
        "rows_template": "employees/_row.html",
        "page_obj": page_obj,
        "empty_text": "Aucun salarié n’est connu sur ce site.",
        "page_sizes": PAGE_SIZES,
        "page_size": asked.size,
        "filter_form": form,
        "filter_method": "post",
        "filtered": asked.filtered or not (count or listed.is_empty()),
        **nobody_present(request, listed, count),
        "clear_url": list_url(request),
        "state": asked.state(),
        "state_form": STATE_FORM if asked.name else "",
        "export_url": list_url(request, "export") if count else "",
        "export_formats": SheetFormat.choices if count else (),
    }
    return render(request, "employees/list.html", context)


def nobody_present(request: SiteRequest, listed: EmployeeList, count: int) -> dict[str, str]:
    """What an unfiltered list says where everybody left: how many, and where they are shown."""
    if count or listed.asked.filtered or listed.is_empty():
        return {}
    departed = listed.departed()
    words = f"Voir les {departed} sortis" if departed > 1 else "Voir le salarié sorti"
    return {
        "nothing_found_text": "Aucun salarié présent.",
        "nothing_found_url": f"{list_url(request)}?situation={DEPARTED}",
        "nothing_found_label": words,
    }


def columns(asked: Asked, form: ListFilter) -> list[Column]:
    """The heads, each with the order that follows the present one and its filter."""
    made = []
    for name, label, filter_name in SORTED_HEADS:
        direction = {name: "ascending", f"-{name}": "descending"}.get(asked.sort, "")
        following = f"-{name}" if direction == "ascending" else name
        url = "" if asked.name else asked.query(tri="" if following == NAME else following)
        made.append(
            Column(
                label,
                sort_url=url,
                sort_value=following if asked.name else "",
                sorted=direction,  # type: ignore[arg-type]
                filter=form[filter_name] if filter_name else None,
            )
        )
    return [*made, Column("Situation", filter=form["situation"])]
