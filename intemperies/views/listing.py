"""« Mes arrêts intempéries »: the declarations, and the month's calendar."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import (
    DecimalField,
    Min,
    OuterRef,
    QuerySet,
    Subquery,
    Sum,
    Value,
    prefetch_related_objects,
)
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from intemperies.assessing import deadline_of
from intemperies.calculation.deadline import Deadline
from intemperies.calculation.sentences import hours
from intemperies.calendar import month_of
from intemperies.features import STOPPAGE
from intemperies.figures import current_parameters
from intemperies.models import LostHours, Period, State, Stoppage
from intemperies.views.reach import url_of
from portal import clock
from portal.access.levels import Access
from portal.access.pages import SitePage
from portal.access.site_access import SiteAccess
from portal.home.uses import count_use
from portal.lists import page_of
from portal.parts import Column

PAGE_SIZE = 25
STATES = [("", "Toutes"), *State.choices]


class StateFilter(forms.Form):
    """The list's only filter."""

    etat = forms.ChoiceField(label="Situation", choices=STATES, required=False)


@dataclass(frozen=True)
class Listed:
    """A declaration as the list shows it."""

    number: int
    named: str
    url: str
    worksite: str
    cause: str
    begins: dt.date
    lost: str
    state: str
    state_label: str
    out_of_time: bool
    until: Deadline | None  # of a draft whose stops are over
    left: str


class StoppageListPage(SitePage):
    """The list."""

    rule = STOPPAGE

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Drafts and what was sent, the latest first."""
        access = self.site_request.access
        asked = request.GET.get("etat", "")
        state = asked if asked in State.values else ""
        form = StateFilter({"etat": state})
        page_obj = page_of(listed(access, state), PAGE_SIZE, request.GET.get("page", ""))
        shown = list(page_obj.object_list)
        until = deadlines(shown)
        page_obj.object_list = [self.row(stoppage, until.get(stoppage.pk)) for stoppage in shown]
        count = page_obj.paginator.count
        may_write = access.allows(STOPPAGE, Access.WRITE)
        context = {
            "title": "Mes arrêts intempéries",
            "caption": "Arrêts intempéries",
            "count_text": f"{count} déclaration{'s' if count > 1 else ''}",
            "columns": columns(form),
            "rows_template": "intemperies/_stoppage.html",
            "page_obj": page_obj,
            "filter_form": form,
            "filtered": bool(state),
            "may_write": may_write,
            "new_url": url_of(self.site_request, "new"),
            "worksites_url": url_of(self.site_request, "worksites"),
            "month": month_of(access, request.GET.get("mois", ""), request.path),
            "empty_text": "Aucun arrêt n’est déclaré sur ce site.",
            "empty_action_url": url_of(self.site_request, "new") if may_write else "",
            "empty_action_label": "Déclarer un arrêt",
        }
        count_use(self.site_request, STOPPAGE)
        return render(request, "intemperies/list.html", context)

    def row(self, stoppage: Any, until: Deadline | None) -> Listed:
        """One of its lines."""
        return Listed(
            number=stoppage.pk,
            named=str(stoppage),
            url=url_of(self.site_request, "file", stoppage.pk),
            worksite=stoppage.place.name,
            cause=stoppage.get_cause_display(),
            begins=clock.day_of(stoppage.begins),
            lost=hours(Decimal(stoppage.lost)),
            state=stoppage.state,
            state_label=stoppage.get_state_display(),
            out_of_time=stoppage.out_of_time,
            until=until,
            left=until.counter(clock.today()) if until else "",
        )


def deadlines(shown: Sequence[Stoppage]) -> dict[int, Deadline]:
    """By when each draft is to be sent, once work has resumed."""
    drafts = [stoppage for stoppage in shown if stoppage.is_draft]
    if not drafts:
        return {}
    prefetch_related_objects(drafts, "periods")
    parameters = current_parameters()
    found = {draft.pk: deadline_of(draft, parameters) for draft in drafts}
    return {key: until for key, until in found.items() if until}


def columns(form: StateFilter) -> list[Column]:
    """The heads."""
    plain = [Column("Arrêt"), Column("Chantier"), Column("Cause"), Column("Heures perdues", css="amount")]
    return [*plain, Column("Situation", filter=form["etat"])]


def listed(access: SiteAccess, state: str) -> QuerySet[Stoppage]:
    """The declarations that the person reads, each with its first stop and the hours of his collèges."""
    mine = LostHours.objects.filter(
        line__stoppage=OuterRef("pk"), line__college__in=access.colleges(STOPPAGE)
    )
    lost = mine.order_by().values("line__stoppage").annotate(total=Sum("hours")).values("total")
    first = Period.objects.filter(stoppage=OuterRef("pk")).order_by()
    begins = first.values("stoppage").annotate(first=Min("begins")).values("first")
    none = Value(Decimal(0), output_field=DecimalField(max_digits=9, decimal_places=2))
    found = Stoppage.objects.visible_to(access).select_related("worksite")
    found = found.filter(state=state) if state else found
    # By the week, which is kept: by the first stop, every declaration's periods would be read for one page.
    found = found.order_by("-iso_year", "-iso_week", "-pk")
    return found.annotate(lost=Coalesce(Subquery(lost), none), begins=Subquery(begins))
