"""« Choix de l'adhérent et du site déclarant » (product.md 5.1)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, DateField, Exists, F, OuterRef, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views import View

from adherents.models import Site
from delegations.choice_rows import FIELDS, Row, written
from delegations.models import Delegation, FavouriteSite
from delegations.pending import pending_of
from portal import clock
from portal.folding import Folded, words_of
from portal.identifiers import CIBTP_ID
from portal.lists import page_of
from portal.pasted import compact
from portal.prepared import Blank, Prepared

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
    if not user.is_active:
        return Site.objects.none()
    held = Delegation.objects.in_force().filter(site=OuterRef("pk"), beneficiary=user)
    return Site.objects.filter(Exists(held)).select_related("adherent")


def sites_administered_by(user: Any) -> QuerySet[Site]:
    """The sites that the person administers today."""
    mine = Delegation.objects.administrators().filter(site=OuterRef("pk"), beneficiary=user)
    return Site.objects.filter(Exists(mine)).select_related("adherent")


def counted_for_one() -> QuerySet[Delegation, tuple[Any, ...]]:
    """How many sites the person holds a right on; no row for none."""
    held = Delegation.objects.in_force_looked_up(Blank("day", DateField())).order_by()
    mine = held.filter(beneficiary=Blank("person", Delegation._meta.pk)).values("beneficiary_id")
    return mine.values_list(Count("site", distinct=True))


COUNTED = Prepared(counted_for_one)


def count_of(user: Any) -> int:
    """How many sites `sites_of` would give."""
    rows = COUNTED.rows(person=user.pk, day=clock.today()) if user.is_active else []
    return int(rows[0][0]) if rows else 0


class FavouritesFirst:
    """Sites in an order, the person's favourites before the others.

    Two parts, each sorted by itself: the others, which may be thousands, then come from an index, where
    one sort with the favourites first would fold every name.
    """

    def __init__(self, sites: QuerySet[Site], order: Sequence[Any], favourites: Collection[int], count: int):
        sites = sites.order_by(*order)
        first = sites.filter(pk__in=favourites) if favourites else sites.none()
        self._first = list(first.values_list(*FIELDS))
        self._others = (sites.exclude(pk__in=favourites) if favourites else sites).values_list(*FIELDS)
        self._count = count

    def count(self) -> int:
        """How many there are in all, as the paginator asks."""
        return self._count

    def __getitem__(self, part: slice) -> list[Row]:
        known = len(self._first)
        rest = slice(max(0, part.start - known), max(0, part.stop - known))
        first = [Row.of(site, favourite=True) for site in self._first[part]]
        return first + [Row.of(site, favourite=False) for site in self._others[rest]]


def searched(sites: QuerySet[Site], text: str) -> QuerySet[Site]:
    """The sites whose names hold every word, or whose SIRET or identifier begins so."""
    digits = compact(text)
    if digits.isascii() and digits.isdigit() and len(digits) >= SHORTEST_IDENTIFIER:
        grouped = "-".join(part for part in (digits[:5], digits[5:8], digits[8:10]) if part)
        return sites.filter(Q(siret__startswith=digits) | Q(cibtp_id__startswith=grouped))
    sites = sites.alias(
        found_company=Folded("adherent__company_name"), found_name=Folded("name"), found_town=Folded("town")
    )
    for word in words_of(text):
        sites = sites.filter(
            Q(found_company__contains=word) | Q(found_name__contains=word) | Q(found_town__contains=word)
        )
    return sites


class ChoicePage(View):
    """The table of one's sites: search, sort, pages, favourites; a radio in each row."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the table; with one site only, go straight to it."""
        mine = sites_of(request.user)
        total = count_of(request.user)
        if total == 1 and "q" not in request.GET:
            return redirect("home:home", cibtp_id=mine.get().cibtp_id)
        if total == 0:
            return render(request, "delegations/no_site.html", {"pending": pending_of(request.user)})
        return self.table(request, mine, total)

    def post(self, request: HttpRequest) -> HttpResponse:
        """« Valider »: go to the site whose radio is chosen."""
        chosen = request.POST.get("site", "")
        if CIBTP_ID.match(chosen) and sites_of(request.user).filter(cibtp_id=chosen).exists():
            return redirect("home:home", cibtp_id=chosen)
        mine = sites_of(request.user)
        error = "Choisissez un site dans la liste, puis cliquez sur « Valider »."
        return self.table(request, mine, count_of(request.user), error=error)

    def table(self, request: HttpRequest, mine: QuerySet[Site], total: int, error: str = "") -> HttpResponse:
        """The page itself, one query for its rows."""
        user: Any = request.user
        text = request.GET.get("q", "").replace("\0", "").strip()[:100]
        sort = request.GET.get("tri", "")
        if sort.removeprefix("-") not in SORTS:
            sort = "raison-sociale"
        rows = self.rows(user, mine, total, text, sort)
        page = page_of(rows, self.page_size(request), request.GET.get("page", ""))
        context = {
            "page_obj": page,
            "rows": written(list(page.object_list)),
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
    def rows(user: Any, mine: QuerySet[Site], total: int, text: str, sort: str) -> FavouritesFirst:
        """The sites searched and sorted; `total` is how many there are without a search."""
        found = searched(mine, text) if text else mine
        key = SORTS[sort.removeprefix("-")]
        order = (key.desc() if sort.startswith("-") else key.asc(), "cibtp_id")
        favourites = set(FavouriteSite.objects.filter(user=user).values_list("site_id", flat=True))
        return FavouritesFirst(found, order, favourites, found.count() if text else total)

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


def query(request: HttpRequest, **changes: str) -> str:
    """The page's query string with some parameters changed; empty ones are left out."""
    known = ("q", "tri", "lignes", "page", "retour")
    values = {name: request.GET.get(name, "") for name in known} | changes
    kept = {name: value for name, value in values.items() if value}
    return f"?{urlencode(kept)}" if kept else "?"
