"""What the caisse says that it gives back: lines of its extract, which nobody writes here."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from adherents.models import Site
from intemperies.features import REFUND
from portal.access.levels import College
from portal.access.site_access import SiteAccess

FIRST_MONTH = 4  # a campaign begins on 1 April
FIRST_CAMPAIGN = 1946  # the regime's first one


class RefundState(models.TextChoices):
    """How far the caisse's figure goes. One never takes the other's place, nor adds to it."""

    PROVISIONAL = "provisional", "Provisoire"
    FINAL = "final", "Définitif"


class RefundLineQuerySet(models.QuerySet["RefundLine"]):
    """Named selections."""

    def visible_to(self, access: SiteAccess) -> RefundLineQuerySet:
        """The site's lines of the collèges that the person may read (product.md 6.5)."""
        return self.filter(site_id=access.site.pk, college__in=access.colleges(REFUND))


class RefundLine(models.Model):
    """What comes back for one collège and one month of a campaign, provisional or final."""

    site = models.ForeignKey(
        Site, verbose_name="site déclarant", on_delete=models.PROTECT, related_name="refund_lines"
    )
    start_year = models.PositiveSmallIntegerField("année de début de la campagne")
    college = models.CharField("collège", max_length=10, choices=College.choices)
    state = models.CharField("état", max_length=15, choices=RefundState.choices)
    period = models.DateField("période", help_text="Le premier jour du mois.")
    amount = models.DecimalField("montant (€)", max_digits=12, decimal_places=2)

    objects = RefundLineQuerySet.as_manager()

    class Meta:
        verbose_name = "ligne de remboursement"
        verbose_name_plural = "lignes de remboursement"
        ordering: ClassVar = ["-start_year", "period", "college", "state"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["site", "start_year", "college", "state", "period"], name="refund_line_said_once"
            ),
            models.CheckConstraint(condition=Q(college__in=College.values), name="refund_line_college"),
            models.CheckConstraint(condition=Q(state__in=RefundState.values), name="refund_line_state"),
            models.CheckConstraint(
                condition=Q(start_year__gte=FIRST_CAMPAIGN), name="refund_line_campaign_of_the_regime"
            ),
            models.CheckConstraint(condition=Q(period__day=1), name="refund_line_whole_month"),
            models.CheckConstraint(
                condition=Q(period__year__gt=F("start_year"))
                | Q(period__year=F("start_year"), period__month__gte=FIRST_MONTH),
                name="refund_line_not_before_its_campaign",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.site_id} {self.start_year}-{self.start_year + 1} {self.college} {self.period:%m/%Y}"
