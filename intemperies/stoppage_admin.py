"""What companies declared, as staff read it: who lost which hours, and what was said of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.db.models import F, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from intemperies.calculation.sentences import hours
from intemperies.models import Line, Period, Stoppage
from portal.administration.reading import ReadOnlyAdmin
from portal.templatetags.french import amount, short_date, time_fr

HEADS = (
    "Salarié", "Matricule", "Collège", "Salaire horaire", "Heures des deux mois", "Jours déjà indemnisés",
    "Déclaré par", "Heures perdues", "Indemnité", "Remboursement",
)  # fmt: skip


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
        rows = list(_rows(lines, said))
        if not rows:
            return "Aucun"
        heads = format_html_join("", '<th scope="col">{}</th>', ((head,) for head in HEADS))
        body = format_html_join("", "<tr>" + "<td>{}</td>" * len(HEADS) + "</tr>", rows)
        return format_html("<table><thead><tr>{}</tr></thead><tbody>{}</tbody></table>", heads, body)


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
    begins = f"Du {short_date(period.begins)} à {time_fr(period.begins)}"
    if period.resumes is None:
        return f"{begins}, sans reprise encore"
    return f"{begins} au {short_date(period.resumes)} à {time_fr(period.resumes)}"
