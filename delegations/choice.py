"""« Choix de l'adhérent et du site déclarant » (product.md 5.1)."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.core.paginator import InvalidPage, Page, Paginator
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views import View

from adherents.models import Site
from delegations.models import Delegation, FavouriteSite
from portal.folding import Folded, fold
from portal.identifiers import CIBTP_ID, compact

PAGE_SIZES = (10, 25, 50, 100)
SORTS: dict[str, Any] = {
    "raison-sociale": Folded("adherent__company_name"),
    "siret": F("siret"),
    "nom": Folded("name"),
    "identifiant": F("cibtp_id"),
}
HEADS = {
    "raison-sociale": "Raison sociale",
    "siret": "SIRET",
    "nom": "Nom du site déclarant",
    "identifiant": "Identifiant",
}
SHORTEST_IDENTIFIER = 3


def sites_of(user: Any) -> QuerySet[Site]:
    """The sites on which the person holds any right today."""
    held = Delegation.objects.active().filter(site=OuterRef("pk"), beneficiary=user)
    return Site.objects.filter(Exists(held)).select_related("adherent")


def searched(sites: QuerySet[Site], text: str) -> QuerySet[Site]:
    """The sites whose names hold every word, or whose SIRET or identifier begins so."""
    digits = compact(text)
    if digits.isascii() and digits.isdigit() and len(digits) >= SHORTEST_IDENTIFIER:
        grouped = "-".join(part for part in (digits[:5], digits[5:8], digits[8:10]) if part)
        return sites.filter(Q(siret__startswith=digits) | Q(cibtp_id__startswith=grouped))
    sites = sites.alias(
        found_company=Folded("adherent__company_name"), found_name=Folded("name"), found_town=Folded("town")
    )
    for word in fold(text).split():
        sites = sites.filter(
            Q(found_company__contains=word) | Q(found_name__contains=word) | Q(found_town__contains=word)
        )
    return sites


class ChoicePage(View):
    """The table of one's sites: search, sort, pages, favourites; a radio in each row."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the table; with one site only, go straight to it."""
        mine = sites_of(request.user)
        total = mine.count()
        if total == 1 and "q" not in request.GET:
            return redirect("home:home", cibtp_id=mine.get().cibtp_id)
        if total == 0:
            return render(request, "delegations/no_site.html")
        return self.table(request, mine, total)

    def post(self, request: HttpRequest) -> HttpResponse:
        """« Valider »: go to the site whose radio is chosen."""
        chosen = request.POST.get("site", "")
        if CIBTP_ID.match(chosen) and sites_of(request.user).filter(cibtp_id=chosen).exists():
            return redirect("home:home", cibtp_id=chosen)
        mine = sites_of(request.user)
        error = "Choisissez un site dans la liste, puis cliquez sur « Valider »."
        return self.table(request, mine, mine.count(), error=error)

    def table(self, request: HttpRequest, mine: QuerySet[Site], total: int, error: str = "") -> HttpResponse:
        """The page itself, one query for its rows."""
        user: Any = request.user
        text = request.GET.get("q", "").replace("\0", "").strip()[:100]
        sort = request.GET.get("tri", "")
        if sort.removeprefix("-") not in SORTS:
            sort = "raison-sociale"
        key = SORTS[sort.removeprefix("-")]
        is_favourite = Exists(FavouriteSite.objects.filter(user=user, site=OuterRef("pk")))
        rows = (searched(mine, text) if text else mine).annotate(favourite=is_favourite)
        order = key.desc() if sort.startswith("-") else key.asc()
        rows = rows.order_by("-favourite", order, "cibtp_id")
        page = page_of(Paginator(rows, self.page_size(request)), request.GET.get("page", "1"))
        context = {
            "page_obj": page,
            "page_range": page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1),
            "page_sizes": PAGE_SIZES,
            "page_size": page.paginator.per_page,
            "total": total,
            "q": text,
            "sort": sort,
            "columns": self.columns(request, sort),
            "query": query(request),
            "back": self.back(request, mine),
            "error": error,
            "has_errors": bool(error),
        }
        return render(request, "delegations/choice.html", context, status=422 if error else 200)

    @staticmethod
    def page_size(request: HttpRequest) -> int:
        """How many rows a page: 25 unless one of the offered sizes is asked for."""
        asked = request.GET.get("lignes", "")
        return next((size for size in PAGE_SIZES if str(size) == asked), 25)

    @staticmethod
    def columns(request: HttpRequest, sort: str) -> list[dict[str, str]]:
        """The sortable heads: label, address of the next sort, and the current direction."""
        columns = []
        for name, label in HEADS.items():
            direction = {name: "ascending", f"-{name}": "descending"}.get(sort, "")
            following = f"-{name}" if direction == "ascending" else name
            url = query(request, tri=following, page="")
            columns.append({"label": label, "sort_url": url, "sorted": direction})
        return columns

    @staticmethod
    def back(request: HttpRequest, mine: QuerySet[Site]) -> str:
        """Where « Annuler » leads: the site one came from, when it is one's own; else empty."""
        site = request.GET.get("retour", "")
        known = CIBTP_ID.match(site) and mine.filter(cibtp_id=site).exists()
        return reverse("home:home", kwargs={"cibtp_id": site}) if known else ""


class FavouriteToggle(View):
    """Keep a site at the top of one's choice, or let it go."""

    def post(self, request: HttpRequest) -> HttpResponse:
        """Toggle; a site that is not one's own is a 404."""
        user: Any = request.user
        chosen = request.POST.get("favori", "")
        if not CIBTP_ID.match(chosen):
            raise Http404
        site = get_object_or_404(sites_of(request.user), cibtp_id=chosen)
        favourite, created = FavouriteSite.objects.get_or_create(user=user, site=site)
        if not created:
            favourite.delete()
        return redirect(f"{reverse('delegations:choice')}{query(request)}")


def page_of(paginator: Paginator[Site], asked: str) -> Page[Site]:
    """The page asked for; the first when there is no such page."""
    try:
        return paginator.page(asked)
    except InvalidPage:
        return paginator.page(1)


def query(request: HttpRequest, **changes: str) -> str:
    """The page's query string with some parameters changed; empty ones are left out."""
    known = ("q", "tri", "lignes", "page", "retour")
    values = {name: request.GET.get(name, "") for name in known} | changes
    kept = {name: value for name, value in values.items() if value}
    return f"?{urlencode(kept)}" if kept else "?"
