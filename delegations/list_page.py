"""« Gérer les droits d'accès »: the list of who holds rights here (product.md 6.4)."""

from __future__ import annotations

from typing import Any, Literal

from django.core.paginator import Page
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from delegations.firm_state import firm_state
from delegations.giver_page import FIRM_SIDE, GiverPage, list_url
from delegations.list_rows import listed, read_only
from delegations.listing import BY_NAME, PAGE_SIZES, Asked, shown
from delegations.models import Side
from portal.access.levels import Access, Rule
from portal.lists import page_of
from portal.parts import Column
from portal.spreadsheets import SheetFormat
from portal.templatetags.french import pluralize_fr

TITLE = "Gérer les droits d’accès"
CAPTION = "Liste des bénéficiaires de délégation"
STATE_FORM = "liste-etat"
COLLABORATORS_SHOWN = 10
HEADS = (
    ("role", "Rôle"),
    (BY_NAME, "Nom et prénom"),
    ("statut", "Statut"),
    ("debut", "Date d’effet"),
    ("fin", "Date de fin"),
    ("courriel", "Courriel"),
)
COLLABORATORS_HEADS = ("Rôle", "Nom et prénom", "Droits", "Statut", "Date d’effet", "Date de fin", "Actions")


class RightsListPage(GiverPage):
    """The list, its filters, the firm. A search for a name or a courriel is sent by POST."""

    rule = Rule.MEMBER
    asks = Access.READ

    def dispatch_to_ones_own(self) -> HttpResponse | None:
        """Whoever gives nothing reads his own rights only."""
        if self.site_request.access.meets(Rule.ADMINISTRATION):
            return None
        return redirect("rights:mine", cibtp_id=self.site.cibtp_id)

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """The list as its address says."""
        elsewhere = self.dispatch_to_ones_own()
        return elsewhere or self.shown(Asked.in_address(request.GET, self.giver.side))

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """The list as the filters say; when they name nobody, its address says it as well."""
        elsewhere = self.dispatch_to_ones_own()
        if elsewhere:
            return elsewhere
        asked = Asked.posted(request.POST, self.giver.side)
        if asked.is_personal or asked.form.errors:
            return self.shown(asked)
        return redirect(request.path + asked.query(page=request.POST.get("page", "")))

    def shown(self, asked: Asked) -> HttpResponse:
        """The page itself."""
        page = page_of(asked.of(self.giver.beneficiaries()), asked.size, self.sent("page"))
        page.object_list = [listed(one, self.giver) for one in page.object_list]
        context = self.list_context(asked, page) | {
            "giver": self.giver,
            "both_sides": len(self.givers) > 1,
            "firm_side": self.giver.side == Side.FIRM,
            "firm_side_url": f"?cote={FIRM_SIDE}",
            "firm_state": firm_state(self.giver),
            "collaborators": self.collaborators(asked),
        }
        status = 422 if asked.form.errors else 200
        return render(self.request, "delegations/list.html", context, status=status)

    def list_context(self, asked: Asked, page: Page[Any]) -> dict[str, Any]:
        """What the shared list shows."""
        count = page.paginator.count
        return {
            "title": TITLE,
            "caption": CAPTION,
            "rows_template": "delegations/_row.html",
            "filter_method": "post",
            "asked": asked,
            "state": asked.state(),
            "state_form": STATE_FORM if asked.is_personal else "",
            "page_obj": page,
            "page_sizes": PAGE_SIZES,
            "page_size": asked.size,
            "count_text": f"Utilisateurs\u00a0: {count} bénéficiaire{pluralize_fr(count)}",
            "columns": columns(asked),
            "filter_form": asked.form,
            "filtered": asked.narrowed or bool(asked.form.errors),
            "clear_url": self.clear_url(asked),
            "has_errors": bool(asked.form.errors),
            "export_url": reverse("rights:export", kwargs={"cibtp_id": self.site.cibtp_id}) if count else "",
            "export_formats": SheetFormat.choices if count else (),
        }

    def clear_url(self, asked: Asked) -> str:
        """The list with no filter under its heads; what else it is asked stays."""
        none = dict.fromkeys(("role", "statut", "debut", "fin"), "")
        return list_url(self.site) + asked.query(**none)

    def collaborators(self, asked: Asked) -> dict[str, Any] | None:
        """To whom the company's firm passed rights on: read, and not changed."""
        if self.giver.firm is not None:
            return None
        collaborators = self.giver.collaborators()
        found = shown(collaborators if asked.with_over else collaborators.open())
        page = page_of(found.order_by("sorted_name", "pk"), COLLABORATORS_SHOWN, self.sent("page_cabinet"))
        page.object_list = [read_only(one, self.giver) for one in page.object_list]
        return {
            "page_obj": page,
            "columns": [Column(head) for head in COLLABORATORS_HEADS],
            "count": page.paginator.count,
        }

    def sent(self, name: str) -> str:
        """A page's number, asked by the address or by a form."""
        return self.request.POST.get(name) or self.request.GET.get(name, "")


def columns(asked: Asked) -> list[Column]:
    """The heads, each with the order that follows the present one and its filter."""
    made = []
    for name, label in HEADS:
        direction = direction_of(name, asked.sort)
        following = f"-{name}" if direction == "ascending" else name
        made.append(
            Column(
                label,
                sort_url="" if asked.is_personal else asked.query(tri=following),
                sort_value=following,
                sorted=direction,
                filter=asked.form[name],
            )
        )
    return [*made, Column("Actions")]


def direction_of(name: str, sort: str) -> Literal["", "ascending", "descending"]:
    """How a column is sorted now."""
    if sort == f"-{name}":
        return "descending"
    return "ascending" if sort == name else ""
