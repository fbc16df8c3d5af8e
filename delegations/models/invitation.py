"""The mail that offers rights to an address, on one site or on several at once."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from portal import clock


class Invitation(models.Model):
    """One link sent to one address; only the last number sent opens anything."""

    email = models.CharField("courriel", max_length=254)
    number = models.PositiveIntegerField(default=1, editable=False)
    sent_at = models.DateTimeField("envoyée le", default=clock.now)
    attempt = models.UUIDField(null=True, unique=True, editable=False)  # the page sent: twice gives once
    refused = models.JSONField(default=dict, editable=False)  # of several sites: why not on this one

    class Meta:
        verbose_name = "invitation"
        verbose_name_plural = "invitations"
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(email=Lower("email")), name="invited_address_is_canonical"),
        ]

    def __str__(self) -> str:
        return f"Invitation n° {self.pk} du {clock.day_of(self.sent_at):%d/%m/%Y}"
