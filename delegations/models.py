"""One beneficiary's rights on one site, from one day to another; and the sites a person keeps at hand."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from adherents.models import Site
from delegations.matrix import RightsMatrix, everything
from portal import clock


class Role(models.TextChoices):
    """What a beneficiary may do with the rights themselves, on this one site."""

    ADMINISTRATOR = "administrator", "Administrateur"
    DEPUTY = "deputy", "Responsable adjoint"
    USER = "user", "Utilisateur"


class Side(models.TextChoices):
    """On whose side the beneficiary stands."""

    COMPANY = "company", "Entreprise"
    FIRM = "firm", "Cabinet comptable"


class DelegationQuerySet(models.QuerySet["Delegation"]):
    """Named selections; a status always follows from dates, never from a task having run."""

    def active(self, on: dt.date | None = None) -> DelegationQuerySet:
        """In force that day (today by default), the last day included, the beneficiary activated."""
        day = on or clock.today()
        ended = Q(ends_on__lt=day)
        return self.filter(closed_at=None, starts_on__lte=day, beneficiary__is_active=True).exclude(ended)

    def administrators(self, on: dt.date | None = None) -> DelegationQuerySet:
        """Those that administer their site that day (product.md 6.2)."""
        return self.active(on).filter(role=Role.ADMINISTRATOR)


class Delegation(models.Model):
    """Rights given. A role's rights are computed, not stored; days are whole days in Europe/Paris."""

    site = models.ForeignKey(
        Site, verbose_name="site déclarant", on_delete=models.PROTECT, related_name="delegations"
    )
    beneficiary = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="bénéficiaire",
        on_delete=models.PROTECT,
        related_name="delegations",
    )
    side = models.CharField("côté", max_length=10, choices=Side.choices, default=Side.COMPANY)
    role = models.CharField("rôle", max_length=15, choices=Role.choices)
    read_bits = models.BigIntegerField(default=0, editable=False)
    write_bits = models.BigIntegerField(default=0, editable=False)
    starts_on = models.DateField("date d’effet")
    ends_on = models.DateField("date de fin", null=True, blank=True)
    created_at = models.DateTimeField("créée le", default=clock.now)
    closed_at = models.DateTimeField("fermée le", null=True, blank=True)

    objects = DelegationQuerySet.as_manager()

    class Meta:
        verbose_name = "délégation"
        verbose_name_plural = "délégations"
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="delegation_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=Q(write_bits=F("write_bits").bitand(F("read_bits"))),  # type: ignore[arg-type]
                name="delegation_writing_implies_reading",
            ),
            models.CheckConstraint(
                condition=Q(role="user") | Q(read_bits=0, write_bits=0),
                name="delegation_role_is_not_cells",
            ),
            models.CheckConstraint(
                condition=~Q(role="administrator") | Q(side="company"),
                name="administrator_stands_on_the_company_side",
            ),
            models.UniqueConstraint(
                fields=["site", "beneficiary", "side"],
                condition=Q(closed_at__isnull=True),
                name="one_open_delegation_per_person_site_side",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.beneficiary}, {self.get_role_display()} de {self.site.cibtp_id}"

    @property
    def matrix(self) -> RightsMatrix:
        """What is given: the cells, or all of them for an Administrateur."""
        if self.role == Role.ADMINISTRATOR:
            return everything()
        return RightsMatrix(self.read_bits, self.write_bits)


class FavouriteSite(models.Model):
    """A site that a person keeps at the top of his choice. Gives no right."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="favourite_sites"
    )
    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="favoured_by")

    class Meta:
        verbose_name = "site favori"
        verbose_name_plural = "sites favoris"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "site"], name="one_favourite_per_person_and_site")
        ]

    def __str__(self) -> str:
        return f"{self.user_id} → {self.site_id}"
