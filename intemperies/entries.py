"""What bad weather adds to the navigation, to the home page and to what waits there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import CharField, Exists, F, OuterRef, QuerySet, Subquery
from django.urls import reverse

from adherents.models import Site
from intemperies.calculation.deadline import deadline
from intemperies.features import REFUND, STOPPAGE
from intemperies.figures import current_parameters
from intemperies.models import Line, Period, Stoppage
from portal import clock
from portal.access.levels import Access, College
from portal.access.pages import SiteRequest
from portal.home.registry import Entry, Menu, Waiting, navigation, tiles, waiting_providers
from portal.prepared import Blank, Prepared

MOST_TOLD = 5  # drafts on home

ENTRIES = (
    Entry(
        name=STOPPAGE,
        label="Mes arrêts intempéries",
        url_name="intemperies:list",
        rule=STOPPAGE,
        icon="cloud",
        summary="Déclarer un arrêt de chantier, et suivre ceux qui sont envoyés.",
        menu=Menu.BAD_WEATHER,
    ),
    Entry(
        name=REFUND,
        label="Mes remboursements",
        url_name="intemperies:refunds",
        rule=REFUND,
        icon="banknotes",
        summary="Ce qui vous revient des indemnités versées, campagne par campagne.",
        menu=Menu.BAD_WEATHER,
    ),
)


def register() -> None:
    """Add both to the menu and to the tiles, and the drafts that wait."""
    for entry in ENTRIES:
        navigation.add(entry)
        tiles.add(entry)
    if drafts not in waiting_providers:
        waiting_providers.append(drafts)


def drafts(request: SiteRequest) -> Iterator[Waiting]:
    """The drafts that the person may go on with, each with its last day once work has resumed.

    A declaration lost or late is money never seen.
    """
    access = request.access
    if not access.allows(STOPPAGE, Access.WRITE):
        return
    readable = access.colleges(STOPPAGE)
    mine = {college.value: college.value if college in readable else "" for college in College}
    rows = UNSENT.rows(site=request.site.pk, **mine)
    parameters = current_parameters() if rows else None
    for number, worksite, departement, resumed, goes_on in rows:
        due = None
        if parameters and resumed and not goes_on:
            due = deadline(clock.day_of(resumed), parameters, departement).tolerated
        url = reverse("intemperies:file", kwargs={"cibtp_id": request.site.cibtp_id, "number": number})
        yield Waiting(f"Un arrêt n’est pas encore envoyé\u00a0: {worksite}", url, due)


def unsent() -> QuerySet[Stoppage, tuple[Any, ...]]:
    """A site's drafts with a line of one of these collèges, or without any, the most urgent first.

    Home asks it at each view.
    """
    lines = Line.objects.filter(stoppage=OuterRef("pk"))
    readable = [Blank(college.value, CharField()) for college in College]
    periods = Period.objects.filter(stoppage=OuterRef("pk"))
    found = Stoppage.objects.drafts().filter(site=Blank("site", Site._meta.pk))
    found = found.filter(Exists(lines.filter(college__in=readable)) | ~Exists(lines))
    latest = periods.order_by("-resumes").values("resumes")[:1]
    goes_on = Exists(periods.filter(resumes=None))
    where = ("worksite__name", "worksite__departement")
    told = found.annotate(resumed=Subquery(latest)).order_by(F("resumed").asc(nulls_last=True), "pk")
    return told.values_list("pk", *where, "resumed", goes_on)[:MOST_TOLD]


UNSENT = Prepared(unsent)
