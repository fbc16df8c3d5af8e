"""Employees of a site: who they are, their contracts, and the collèges they were in, with dates."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Any, ClassVar

from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Coalesce

from adherents.models import Site
from employees.features import EMPLOYEE
from portal import clock
from portal.access.levels import Access, College
from portal.access.site_access import SiteAccess


class EmployeeQuerySet(models.QuerySet["Employee"]):
    """Named selections. A day is today unless told."""

    def present(self, on: dt.date | None = None) -> EmployeeQuerySet:
        """Those who have not left by that day; who is still to come counts among them."""
        return self.filter(Exists(_contracts().filter(_not_over(on or clock.today()))))

    def departed(self, on: dt.date | None = None) -> EmployeeQuerySet:
        """Those whose contracts are all over on that day."""
        return self.filter(~Exists(_contracts().filter(_not_over(on or clock.today()))))

    def visible_to(self, access: SiteAccess, on: dt.date | None = None) -> EmployeeQuerySet:
        """The site's employees whose collège of that day the person may read (product.md 6.5).

        Whoever is in no collège that day is shown to nobody.
        """
        colleges = access.colleges(EMPLOYEE, Access.READ)
        return self.in_colleges(access.site.pk, colleges, on or clock.today())

    def in_colleges(self, site: int, colleges: Collection[College], on: dt.date) -> EmployeeQuerySet:
        """Those of a site in one of these collèges that day, each with his `college_then`."""
        return self.annotate(college_then=_college(on)).filter(site_id=site, college_then__in=colleges)

    def working_between(self, first: dt.date, last: dt.date) -> EmployeeQuerySet:
        """Those under contract on one of these days at least."""
        return self.filter(Exists(_contracts().filter(_not_over(first), hired_on__lte=last)))

    def with_contract(self) -> EmployeeQuerySet:
        """Each with what his latest contract says: trade, classification, and from when to when."""
        latest = _contracts().order_by("-hired_on")
        return self.annotate(
            trade=Subquery(latest.values("trade")[:1]),
            classification=Subquery(latest.values("classification")[:1]),
            hired_on=Subquery(latest.values("hired_on")[:1]),
            left_on=Subquery(latest.values("left_on")[:1]),
        )

    def as_of(self, day: dt.date) -> EmployeeQuerySet:
        """Each with `hired_on`, `left_on` and `hourly_rate` of his contract of that day, or of the next one.

        The rate is in euros; no list shows it.
        """
        then = _contracts().filter(hired_on__lte=day).order_by("-hired_on")
        later = _contracts().filter(hired_on__gt=day).order_by("hired_on")
        began = Coalesce(Subquery(then.values("hired_on")[:1]), Subquery(later.values("hired_on")[:1]))
        theirs = _contracts().filter(hired_on=OuterRef("hired_on"))
        return self.annotate(hired_on=began).annotate(
            left_on=Subquery(theirs.values("left_on")[:1]),
            hourly_rate=Subquery(theirs.values("hourly_rate")[:1]),
        )

    def with_college_now(self) -> EmployeeQuerySet:
        """Each with the `college_now` that he is in today, or was in last."""
        return self.annotate(college_now=_college(clock.today()))


class Employee(models.Model):
    """A person who works, or worked, for one site. The NIR is shown on no list and in no export."""

    site = models.ForeignKey(
        Site, verbose_name="site déclarant", on_delete=models.PROTECT, related_name="employees"
    )
    matricule = models.CharField("matricule", max_length=20)
    nir = models.CharField("numéro de sécurité sociale", max_length=15)
    last_name = models.CharField("nom", max_length=100)
    first_name = models.CharField("prénom", max_length=100)
    born_on = models.DateField("date de naissance")
    recent_hours = models.DecimalField("heures des deux derniers mois", max_digits=7, decimal_places=2)
    bad_weather_days = models.PositiveSmallIntegerField("jours d’intempéries de l’année")
    leave_earned = models.DecimalField("congés acquis (jours)", max_digits=6, decimal_places=2)
    iban_known = models.BooleanField("IBAN connu")

    objects = EmployeeQuerySet.as_manager()

    class Meta:
        verbose_name = "salarié"
        verbose_name_plural = "salariés"
        ordering: ClassVar = ["site", "last_name", "first_name", "matricule"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "matricule"], name="employee_unique_in_its_site"),
            models.CheckConstraint(
                condition=Q(nir__regex=r"^[0-9]{5}([0-9]{2}|2A|2B)[0-9]{8}$"), name="employee_nir_format"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.last_name} {self.first_name} ({self.matricule})"

    @property
    def college(self) -> str | None:
        """The collège that he is in today; of somebody who has left, the last one; None for none.

        The permission backend asks for it. Out of `visible_to` it is the one of the day asked there.
        """
        known = self.__dict__
        if "college_then" not in known:
            found = Employee.objects.annotate(college_then=_college(clock.today()))
            known["college_then"] = found.values_list("college_then", flat=True).get(pk=self.pk)
        college: str | None = known["college_then"]
        return college


class Contract(models.Model):
    """Work for the site from one day to another; the last day is worked."""

    employee = models.ForeignKey(
        Employee, verbose_name="salarié", on_delete=models.PROTECT, db_index=False, related_name="contracts"
    )
    trade = models.CharField("métier", max_length=10, blank=True)
    classification = models.CharField("classification", max_length=20, blank=True)
    hired_on = models.DateField("date d’embauche")
    left_on = models.DateField("date de sortie", null=True, blank=True)
    hourly_rate = models.DecimalField(
        "taux horaire (€)", max_digits=8, decimal_places=2, null=True, blank=True
    )

    class Meta:
        verbose_name = "contrat"
        verbose_name_plural = "contrats"
        ordering: ClassVar = ["employee", "hired_on"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["employee", "hired_on"], name="contract_one_a_day_of_hire"),
            models.UniqueConstraint(
                fields=["employee"], condition=Q(left_on__isnull=True), name="contract_one_open"
            ),
            models.CheckConstraint(
                condition=Q(left_on__isnull=True) | Q(left_on__gte=F("hired_on")),
                name="contract_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.employee_id} {self.hired_on:%d/%m/%Y}"


class CollegePeriod(models.Model):
    """The collège of an employee from one day to another, both included; without end while it lasts."""

    employee = models.ForeignKey(
        Employee,
        verbose_name="salarié",
        on_delete=models.PROTECT,
        db_index=False,
        related_name="college_periods",
    )
    college = models.CharField("collège", max_length=10, choices=College.choices)
    starts_on = models.DateField("premier jour")
    ends_on = models.DateField("dernier jour", null=True, blank=True)

    class Meta:
        verbose_name = "période de collège"
        verbose_name_plural = "périodes de collège"
        ordering: ClassVar = ["employee", "starts_on"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["employee", "starts_on"], name="college_period_one_a_first_day"),
            models.UniqueConstraint(
                fields=["employee"], condition=Q(ends_on__isnull=True), name="college_period_one_open"
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="college_period_ends_after_it_begins",
            ),
            models.CheckConstraint(condition=Q(college__in=College.values), name="college_period_college"),
        ]

    def __str__(self) -> str:
        return f"{self.employee_id} {self.college} {self.starts_on:%d/%m/%Y}"


def _contracts() -> QuerySet[Contract]:
    """The contracts of the employee of the outer query."""
    return Contract.objects.filter(employee=OuterRef("pk"))


def _not_over(on: dt.date) -> Q:
    return Q(left_on__isnull=True) | Q(left_on__gte=on)


def _college(on: dt.date) -> Any:
    """The collège of that day; the last one of somebody who does not work that day."""
    periods = CollegePeriod.objects.filter(employee=OuterRef("pk")).order_by("-starts_on")
    then = periods.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=on), starts_on__lte=on)
    works = _contracts().filter(_not_over(on), hired_on__lte=on)
    last = Case(When(~Exists(works), then=Subquery(periods.values("college")[:1])))
    return Coalesce(Subquery(then.values("college")[:1]), last)
