"""What becomes of a person's address: a change that waits to be confirmed, a certification about to lapse."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from accounts.models.user import User
from portal import clock


class EmailChangeQuerySet(models.QuerySet["EmailChange"]):
    """Named selections."""

    def pending(self) -> EmailChangeQuerySet:
        """Neither confirmed nor cancelled."""
        return self.filter(confirmed_at=None, cancelled_at=None)


class EmailChange(models.Model):
    """A new address that a person asked for; his account keeps the former one until it is confirmed."""

    user = models.ForeignKey(
        User, verbose_name="compte", on_delete=models.PROTECT, related_name="email_changes"
    )
    former = models.CharField("ancienne adresse", max_length=254)
    address = models.CharField("nouvelle adresse", max_length=254)
    link_number = models.PositiveIntegerField(default=1, editable=False)
    asked_at = models.DateTimeField("demandé le", default=clock.now)
    confirmed_at = models.DateTimeField("confirmé le", null=True, blank=True)
    cancelled_at = models.DateTimeField("annulé le", null=True, blank=True)

    objects = EmailChangeQuerySet.as_manager()

    class Meta:
        verbose_name = "changement d’adresse"
        verbose_name_plural = "changements d’adresse"
        ordering: ClassVar = ["-asked_at", "-pk"]
        indexes: ClassVar = [
            models.Index(
                fields=["address"],
                condition=Q(confirmed_at=None, cancelled_at=None),
                name="email_change_awaited",
            )
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(confirmed_at__isnull=True, cancelled_at__isnull=True),
                name="one_pending_email_change_per_account",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at__isnull=True) | Q(cancelled_at__isnull=True),
                name="email_change_confirmed_or_cancelled",
            ),
            models.CheckConstraint(
                condition=Q(address=Lower("address")), name="email_change_address_is_canonical"
            ),
        ]

    def __str__(self) -> str:
        return f"Changement d’adresse du {clock.day_of(self.asked_at):%d/%m/%Y}"


class Recertification(models.Model):
    """The links sent so that one certification of one address does not lapse; the last number serves."""

    user = models.OneToOneField(
        User,
        verbose_name="compte",
        on_delete=models.PROTECT,
        primary_key=True,
        related_name="recertification",
    )
    address = models.CharField("adresse", max_length=254)
    certified_at = models.DateTimeField("certification du", null=True, blank=True)
    number = models.PositiveIntegerField(default=1, editable=False)
    days_warned = models.PositiveSmallIntegerField("prévenu à", null=True, blank=True)
    sent_at = models.DateTimeField("dernier envoi", default=clock.now)

    class Meta:
        verbose_name = "recertification"
        verbose_name_plural = "recertifications"
        ordering: ClassVar = ["-sent_at"]

    def __str__(self) -> str:
        return f"Recertification, envoi n° {self.number} du {clock.day_of(self.sent_at):%d/%m/%Y}"
