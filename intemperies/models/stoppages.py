"""A declaration of bad weather: one worksite, one week, its periods, and who lost which hours.

A draft is written step by step; what is sent is never rewritten: it is cancelled, or replaced by a
correction. The database holds one sent declaration for each worksite, trade and week (rules 3 and 4).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from adherents.models import Site
from employees.models import Contract, Employee
from intemperies.calculation.causes import Cause, Vigilance
from intemperies.features import STOPPAGE
from intemperies.models.worksites import TRADES, Worksite
from intemperies.places import Place, kept_place
from portal import clock
from portal.access.levels import Access, College
from portal.access.site_access import SiteAccess

CAUSES = [
    (Cause.FROST.value, "Gel"),
    (Cause.SNOW.value, "Neige"),
    (Cause.BLACK_ICE.value, "Verglas"),
    (Cause.RAIN.value, "Pluie"),
    (Cause.STRONG_WIND.value, "Vent fort"),
    (Cause.FLOOD.value, "Inondation"),
    (Cause.HEAT.value, "Canicule"),
    (Cause.ACCESS.value, "Accès au chantier impossible"),
]
VIGILANCES = [
    (Vigilance.GREEN.value, "Verte"),
    (Vigilance.YELLOW.value, "Jaune"),
    (Vigilance.ORANGE.value, "Orange"),
    (Vigilance.RED.value, "Rouge"),
]


class State(models.TextChoices):
    """What became of it."""

    DRAFT = "draft", "Brouillon"
    SENT = "sent", "Envoyée"
    CANCELLED = "cancelled", "Annulée"
    REPLACED = "replaced", "Remplacée"


class Committee(models.TextChoices):
    """What the declarant attests of the works council (rule 9)."""

    CONSULTED = "consulted", "Le CSE a été consulté"
    NONE = "none", "L’entreprise n’a pas de CSE"


class StoppageQuerySet(models.QuerySet["Stoppage"]):
    """Named selections."""

    def visible_to(self, access: SiteAccess) -> StoppageQuerySet:
        """The site's declarations of which the person may read one line; a draft without any line too.

        Whoever declares sees every draft: a worksite's week is one declaration, to which each adds his own.
        """
        drafts = Q(state=State.DRAFT) if access.allows(STOPPAGE, Access.WRITE) else Q()
        return self.filter(site_id=access.site.pk).filter(
            Exists(_lines_of(access.colleges(STOPPAGE)))
            | ~Exists(Line.objects.filter(stoppage=OuterRef("pk")))
            | drafts
        )

    def drafts(self) -> StoppageQuerySet:
        """Not sent yet."""
        return self.filter(state=State.DRAFT)

    def sent(self) -> StoppageQuerySet:
        """Sent and still standing."""
        return self.filter(state=State.SENT)

    def to_take(self) -> StoppageQuerySet:
        """Whose state the back office does not have: never taken, or cancelled or replaced since."""
        return self.exclude(state=State.DRAFT).exclude(state=F("taken_state"))


class Stoppage(models.Model):
    """A declaration, from draft to what became of it. `version` counts its writings: two people may edit."""

    site = models.ForeignKey(
        Site, verbose_name="site déclarant", on_delete=models.PROTECT, related_name="stoppages"
    )
    worksite = models.ForeignKey(
        Worksite, verbose_name="chantier", on_delete=models.PROTECT, related_name="stoppages"
    )
    trade = models.CharField("catégorie", max_length=2, choices=TRADES)
    cause = models.CharField("cause", max_length=10, choices=CAUSES)
    weather = models.CharField("précisions sur le temps", max_length=200, blank=True)
    work = models.CharField("travaux interrompus", max_length=200)
    vigilance = models.CharField("vigilance canicule", max_length=10, choices=VIGILANCES, blank=True)
    prefect_order = models.BooleanField("arrêté préfectoral", default=False)

    state = models.CharField("état", max_length=10, choices=State.choices, default=State.DRAFT)
    number = models.CharField("numéro", max_length=20, unique=True, null=True, blank=True)
    iso_year = models.PositiveSmallIntegerField("année de la semaine", editable=False)
    iso_week = models.PositiveSmallIntegerField("semaine", editable=False)
    corrects = models.ForeignKey(
        "self",
        verbose_name="corrige",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="corrections",
    )
    version = models.PositiveIntegerField(default=1, editable=False)

    begun_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="commencée par", on_delete=models.PROTECT, related_name="+"
    )
    begun_at = models.DateTimeField("commencée le", default=clock.now)
    written_by = models.CharField("dernière saisie par", max_length=150, editable=False)
    written_at = models.DateTimeField("dernière saisie le", default=clock.now, editable=False)

    committee = models.CharField("CSE", max_length=10, choices=Committee.choices, blank=True)
    project_manager = models.CharField("représentant du maître d’œuvre", max_length=150, blank=True)
    attested_by = models.CharField("attestée par", max_length=150, blank=True, editable=False)
    sent_at = models.DateTimeField("envoyée le", null=True, blank=True)
    out_of_time = models.BooleanField("hors délai", default=False, editable=False)
    said = models.JSONField("ce qui a été dit", default=dict, blank=True, editable=False)
    over_at = models.DateTimeField("annulée ou remplacée le", null=True, blank=True)
    over_by = models.CharField("annulée ou remplacée par", max_length=150, blank=True, editable=False)
    reason = models.CharField("motif", max_length=500, blank=True)
    taken_at = models.DateTimeField("prise par le logiciel de la caisse le", null=True, blank=True)
    taken_state = models.CharField(
        "état pris", max_length=10, choices=State.choices, blank=True, editable=False
    )

    objects = StoppageQuerySet.as_manager()

    class Meta:
        verbose_name = "arrêt intempéries"
        verbose_name_plural = "arrêts intempéries"
        ordering: ClassVar = ["-iso_year", "-iso_week", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["worksite", "trade", "iso_year", "iso_week"],
                condition=Q(state="sent"),
                name="stoppage_one_sent_per_worksite_and_week",
            ),
            models.UniqueConstraint(
                fields=["worksite", "trade", "iso_year", "iso_week"],
                condition=Q(state="draft"),
                name="stoppage_one_draft_per_worksite_and_week",
            ),
            models.CheckConstraint(
                condition=Q(state="draft", number__isnull=True, sent_at__isnull=True)
                | Q(~Q(state="draft"), number__isnull=False, sent_at__isnull=False),
                name="stoppage_numbered_once_sent",
            ),
            models.CheckConstraint(
                condition=Q(state__in=("draft", "sent"), over_at__isnull=True)
                | Q(state__in=("cancelled", "replaced"), over_at__isnull=False),
                name="stoppage_over_says_when",
            ),
            models.CheckConstraint(
                condition=Q(taken_at__isnull=True, taken_state="")
                | Q(taken_at__isnull=False, taken_state__in=("sent", "cancelled", "replaced")),
                name="stoppage_taken_says_what",
            ),
            models.CheckConstraint(
                condition=Q(trade__in=[value for value, _ in TRADES]), name="stoppage_trade"
            ),
            models.CheckConstraint(
                condition=Q(cause__in=[value for value, _ in CAUSES]), name="stoppage_cause"
            ),
        ]

    def __str__(self) -> str:
        return self.number or f"Brouillon {self.pk}"

    @property
    def is_draft(self) -> bool:
        """Whether it may still be written."""
        return self.state == State.DRAFT

    @property
    def is_sent(self) -> bool:
        """Whether it stands."""
        return self.state == State.SENT

    @property
    def place(self) -> Place:
        """Where it is: as it was sent; a draft's is what the worksite is now."""
        return kept_place(self.said) or self.worksite.place


class Period(models.Model):
    """From a stop to the resumption of work; a draft may not know the resumption yet (rule 5)."""

    stoppage = models.ForeignKey(Stoppage, on_delete=models.CASCADE, related_name="periods")
    begins = models.DateTimeField("arrêt")
    resumes = models.DateTimeField("reprise", null=True, blank=True)

    class Meta:
        verbose_name = "période d’arrêt"
        verbose_name_plural = "périodes d’arrêt"
        ordering: ClassVar = ["begins"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["stoppage", "begins"], name="period_begins_once"),
            models.CheckConstraint(
                condition=Q(resumes__isnull=True) | Q(resumes__gt=F("begins")), name="period_resumes_later"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.begins:%d/%m/%Y %H:%M}"

    @property
    def first_day(self) -> dt.date:
        """The day of the stop, in Europe/Paris."""
        return clock.day_of(self.begins)


class LineQuerySet(models.QuerySet["Line"]):
    """Named selections."""

    def visible_to(self, access: SiteAccess, level: Access = Access.READ) -> LineQuerySet:
        """The lines of the collèges on which the person holds that level (product.md 6.5)."""
        return self.filter(stoppage__site_id=access.site.pk, college__in=access.colleges(STOPPAGE, level))

    def with_contract(self, on: dt.date) -> LineQuerySet:
        """Each with its employee, and `hired_on` and `left_on` of his contract of that day, or the next."""
        contracts = Contract.objects.filter(employee=OuterRef("employee"))
        then = contracts.filter(hired_on__lte=on).order_by("-hired_on")
        later = contracts.filter(hired_on__gt=on).order_by("hired_on")
        began = Coalesce(Subquery(then.values("hired_on")[:1]), Subquery(later.values("hired_on")[:1]))
        theirs = contracts.filter(hired_on=OuterRef("hired_on"))
        lines = self.select_related("employee").annotate(hired_on=began)
        return lines.annotate(left_on=Subquery(theirs.values("left_on")[:1]))


class Line(models.Model):
    """One employee of a declaration, with what is known or stated of him at the stop.

    `stated_by` names who stated the wage, the hours or the days when they are not those of the file.
    """

    stoppage = models.ForeignKey(Stoppage, on_delete=models.CASCADE, related_name="lines")
    employee = models.ForeignKey(
        Employee, verbose_name="salarié", on_delete=models.PROTECT, related_name="stoppage_lines"
    )
    college = models.CharField("collège", max_length=10, choices=College.choices)
    wage = models.DecimalField("salaire horaire (€)", max_digits=8, decimal_places=2, null=True, blank=True)
    worked_hours = models.DecimalField(
        "heures dans le BTP des deux mois précédents", max_digits=7, decimal_places=2, null=True, blank=True
    )
    paid_days = models.PositiveSmallIntegerField("jours déjà indemnisés de l’année", null=True, blank=True)
    stated_by = models.CharField("déclaré par", max_length=150, blank=True, editable=False)

    objects = LineQuerySet.as_manager()

    class Meta:
        verbose_name = "ligne de salarié"
        verbose_name_plural = "lignes de salariés"
        ordering: ClassVar = ["employee__last_name", "employee__first_name", "employee__matricule"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["stoppage", "employee"], name="line_one_an_employee"),
            models.CheckConstraint(condition=Q(college__in=College.values), name="line_college"),
            models.CheckConstraint(condition=Q(wage__isnull=True) | Q(wage__gt=0), name="line_wage_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.stoppage_id} {self.employee_id}"


class LostHours(models.Model):
    """Hours that an employee lost on one day; a day without any has no row."""

    line = models.ForeignKey(Line, on_delete=models.CASCADE, related_name="lost_hours")
    day = models.DateField("jour")
    hours = models.DecimalField("heures perdues", max_digits=4, decimal_places=2)

    class Meta:
        verbose_name = "heures perdues"
        verbose_name_plural = "heures perdues"
        ordering: ClassVar = ["day"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["line", "day"], name="lost_hours_one_a_day"),
            models.CheckConstraint(condition=Q(hours__gt=0, hours__lte=24), name="lost_hours_of_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.day:%d/%m/%Y} {self.hours}"


def _lines_of(colleges: Collection[College]) -> models.QuerySet[Line]:
    return Line.objects.filter(stoppage=OuterRef("pk"), college__in=colleges)
