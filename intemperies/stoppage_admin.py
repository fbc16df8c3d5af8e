"""What companies declared, as staff read it: who lost which hours, and what was said of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

from django.contrib import admin
from django.db.models import F, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from intemperies.calculation.sentences import hours
from intemperies.models import Line, Period, Stoppage, TakenDeclaration, Taking
from intemperies.taking_admin import NOT_KEPT
from portal.administration.reading import ReadOnlyAdmin
from portal.administration.tables import linker, table
from portal.templatetags.french import amount, short_date, time_fr

HEADS = (
    "Salarié", "Matricule", "Collège", "Salaire horaire", "Heures des deux mois", "Jours déjà indemnisés",
    "Déclaré par", "Heures perdues", "Indemnité", "Remboursement",
)  # fmt: skip
BATCHES = ("Lot", "Pris le", "État pris")


class TakenFilter(admin.SimpleListFilter):
    """Whether the back office has the declaration as it stands."""

    title = "prise par le logiciel de la caisse"
    parameter_name = "prise"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """The three answers."""
        return [("oui", "Prise"), ("a-prendre", "À prendre"), ("reprendre", "À reprendre (changée depuis)")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Stoppage]) -> QuerySet[Stoppage]:
        """Those that the answer chosen means."""
        waiting = Stoppage.objects.to_take().values("pk")
        if self.value() == "oui":
            return queryset.filter(taken_at__isnull=False).exclude(pk__in=waiting)
        if self.value() == "a-prendre":
            return queryset.filter(pk__in=waiting)
        if self.value() == "reprendre":
            return queryset.filter(pk__in=waiting, taken_at__isnull=False)
        return queryset


@admin.register(Stoppage)
class StoppageAdmin(ReadOnlyAdmin[Stoppage]):
    """Declarations, drafts included: what a company asks about on the phone."""

    list_display = (
        "__str__",
        "site",
        "shown_worksite",
        "shown_week",
        "state",
        "out_of_time",
        "sent_at",
        "taken_at",
    )
    list_select_related = ("site__adherent", "worksite")
    list_filter = ("state", "out_of_time", TakenFilter)
    search_fields = ("number", "site__cibtp_id", "site__adherent__company_name", "worksite__name")
    fields = (
        "number", "state", "site", "shown_place", "trade", "cause", "weather", "work", "vigilance",
        "prefect_order", "shown_periods", "shown_lines", "begun_by", "begun_at", "attested_by", "committee",
        "project_manager", "sent_at", "out_of_time", "corrects", "over_at", "over_by", "reason", "taken_at",
        "taken_state",
    )  # fmt: skip
    readonly_fields = ("shown_place", "shown_periods", "shown_lines")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """The facts, then the batches, linked for whoever may view them."""
        return [*super().get_fields(request, obj), self._shown_batches(request)]

    def _shown_batches(self, request: HttpRequest) -> Callable[[Stoppage], SafeString | str]:
        linked = linker(self.admin_site, request, Taking)

        @admin.display(description="lots qui l’ont prise")
        def shown_batches(stoppage: Stoppage) -> SafeString | str:
            held = TakenDeclaration.objects.filter(stoppage=stoppage)
            taken = held.select_related("taking").defer("taking__content")
            rows = ((linked(one.taking), _moment(one.taking.at), one.get_state_display()) for one in taken)
            return table(BATCHES, rows) or (NOT_KEPT if stoppage.taken_at else "Aucun")

        return shown_batches

    @admin.display(description="chantier", ordering="worksite")
    def shown_worksite(self, stoppage: Stoppage) -> str:
        """As it was sent."""
        return str(stoppage.place)

    @admin.display(description="chantier")
    def shown_place(self, stoppage: Stoppage) -> SafeString:
        """Its facts, as they were sent."""
        facts = ((label, value) for label, value in stoppage.place.facts if value)
        return format_html_join("", "<p>{}\u00a0: {}</p>", facts)

    @admin.display(description="semaine", ordering=F("iso_year") * 100 + F("iso_week"))
    def shown_week(self, stoppage: Stoppage) -> str:
        """Its ISO week."""
        return f"{stoppage.iso_week} de {stoppage.iso_year}"

    @admin.display(description="périodes d’arrêt")
    def shown_periods(self, stoppage: Stoppage) -> SafeString | str:
        """From when to when."""
        periods = ((_period(period),) for period in stoppage.periods.all())
        return format_html_join("", "<p>{}</p>", periods) or "Aucune"

    @admin.display(description="salariés et heures perdues")
    def shown_lines(self, stoppage: Stoppage) -> SafeString | str:
        """Line by line, with what was said of each to who signed."""
        lines = stoppage.lines.select_related("employee").prefetch_related("lost_hours")
        said = stoppage.said.get("lines", {})
        return table(HEADS, _rows(lines, said)) or "Aucun"


def _rows(lines: QuerySet[Line], said: dict[str, Any]) -> Iterator[tuple[str, ...]]:
    for line in lines:
        of_the_line = said.get(str(line.pk), {})
        lost = [f"{short_date(row.day)}\u00a0: {hours(row.hours)}" for row in line.lost_hours.all()]
        yield (
            f"{line.employee.last_name} {line.employee.first_name}",
            line.employee.matricule,
            line.get_college_display(),
            amount(line.wage),
            "" if line.worked_hours is None else hours(line.worked_hours),
            "" if line.paid_days is None else str(line.paid_days),
            line.stated_by,
            ", ".join(lost),
            amount(of_the_line.get("owed")),
            amount(of_the_line.get("refunded")),
        )


def _period(period: Period) -> str:
    begins = f"Du {_moment(period.begins)}"
    if period.resumes is None:
        return f"{begins}, sans reprise encore"
    return f"{begins} au {_moment(period.resumes)}"


def _moment(moment: dt.datetime) -> str:
    return f"{short_date(moment)} à {time_fr(moment)}"
