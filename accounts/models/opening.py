"""An opening: who opened which site with which code, until it is activated or undone."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models.letters import ProvisionalCode
from accounts.models.user import User
from adherents.models import Site
from portal import clock


class OpeningQuerySet(models.QuerySet["Opening"]):
    """Named selections."""

    def pending(self) -> OpeningQuerySet:
        """Neither activated nor undone."""
        return self.filter(activated_at=None, undone_at=None)

    def account_waits(self, address: str) -> bool:
        """Whether the account at an address, if any, is one that an opening made and nobody activated."""
        return self.pending().filter(user__email=address, user__is_active=False).exists()

    def whole(self) -> OpeningQuerySet:
        """With the account, the code and the site that a change of state touches."""
        return self.select_related("user", "code", "site__adherent")

    def stale(self, now: dt.datetime) -> OpeningQuerySet:
        """Pending for longer than an opening may wait (product.md 3.3)."""
        limit = now - dt.timedelta(days=settings.UNACTIVATED_OPENING_DAYS)
        return self.pending().filter(opened_at__lte=limit)


class Opening(models.Model):
    """A space opened with a posted code; its account counts from the activation only."""

    site = models.ForeignKey(
        Site, verbose_name="site déclarant", on_delete=models.PROTECT, related_name="openings"
    )
    code = models.ForeignKey(
        ProvisionalCode, on_delete=models.PROTECT, related_name="openings", editable=False
    )
    user = models.ForeignKey(User, verbose_name="compte", on_delete=models.PROTECT, related_name="openings")
    attempt = models.UUIDField(editable=False)
    link_number = models.PositiveIntegerField(default=1, editable=False)
    by_firm = models.BooleanField("ouvert par un cabinet comptable", default=False)
    opened_at = models.DateTimeField("ouvert le", default=clock.now)
    activated_at = models.DateTimeField("activé le", null=True, blank=True)
    undone_at = models.DateTimeField("annulé le", null=True, blank=True)

    objects = OpeningQuerySet.as_manager()

    class Meta:
        verbose_name = "ouverture"
        verbose_name_plural = "ouvertures"
        ordering: ClassVar = ["-opened_at"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["code"], condition=Q(undone_at__isnull=True), name="one_opening_per_code"
            ),
            models.UniqueConstraint(
                fields=["site"],
                condition=Q(undone_at__isnull=True, activated_at__isnull=True),
                name="one_pending_opening_per_site",
            ),
            models.CheckConstraint(
                condition=Q(activated_at__isnull=True) | Q(undone_at__isnull=True),
                name="opening_activated_or_undone",
            ),
        ]

    def __str__(self) -> str:
        return f"Ouverture de {self.site.cibtp_id} le {clock.day_of(self.opened_at):%d/%m/%Y}"

    @property
    def is_pending(self) -> bool:
        """Neither activated nor undone."""
        return self.activated_at is None and self.undone_at is None

    def is_stale(self, now: dt.datetime) -> bool:
        """Whether it waited longer than it may."""
        return self.is_pending and now - self.opened_at >= dt.timedelta(
            days=settings.UNACTIVATED_OPENING_DAYS
        )
