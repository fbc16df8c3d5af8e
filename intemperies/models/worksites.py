"""Where a site's people work, and what the regime must know of it."""

from __future__ import annotations

from dataclasses import fields
from typing import ClassVar

from django.db import models

from adherents.models import Site
from intemperies.calculation.parameters import Trade
from intemperies.places import Place
from portal.access.site_access import SiteAccess

TRADES = [
    (Trade.STRUCTURAL.value, "Gros œuvre ou travaux publics"),
    (Trade.FINISHING.value, "Second œuvre"),
]


class WorksiteQuerySet(models.QuerySet["Worksite"]):
    """Named selections."""

    def visible_to(self, access: SiteAccess) -> WorksiteQuerySet:
        """Those of the site on which that access is held: they say nothing of anybody."""
        return self.filter(site_id=access.site.pk)

    def current(self) -> WorksiteQuerySet:
        """Where stops are still declared."""
        return self.filter(over=False)


class Worksite(models.Model):
    """A *chantier*: its place decides of a season's exclusions and of the heat's vigilance."""

    site = models.ForeignKey(
        Site, verbose_name="site déclarant", on_delete=models.PROTECT, related_name="worksites"
    )
    name = models.CharField("nom du chantier", max_length=100)
    address = models.CharField("numéro et voie, ou lieu-dit", max_length=100)
    postal_code = models.CharField("code postal", max_length=5)
    town = models.CharField("ville", max_length=100)
    departement = models.CharField("département", max_length=3)
    altitude = models.PositiveSmallIntegerField("altitude (m)", default=0)
    trade = models.CharField("catégorie", max_length=2, choices=TRADES)
    activity = models.CharField("activité", max_length=60, blank=True)
    public_works = models.BooleanField("marché public", default=False)
    over = models.BooleanField("terminé", default=False)

    objects = WorksiteQuerySet.as_manager()

    class Meta:
        verbose_name = "chantier"
        verbose_name_plural = "chantiers"
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "name"], name="worksite_named_once"),
            models.CheckConstraint(
                condition=models.Q(trade__in=[value for value, _ in TRADES]), name="worksite_trade"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.town})"

    @property
    def place(self) -> Place:
        """What it is now."""
        return Place(**{fact.name: getattr(self, fact.name) for fact in fields(Place)})
