"""The code that a person was sent by SMS: one live at a time for each holder and purpose."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from django.db import models
from django.db.models import Q

from portal import clock
from portal.messaging.models import Sms

MOST_TRIES = 5  # product.md 4.3


class SmsCode(models.Model):
    """A code sent by SMS: its keyed hash, never the code (R41). A newer code takes the row of the former one.

    `holder` says for whom it is, without a foreign key: a person has no account yet at an opening.
    """

    holder = models.CharField(max_length=80)
    purpose = models.CharField(max_length=20)
    number = models.CharField(max_length=16)
    digest = models.CharField(max_length=64, editable=False)
    tries = models.PositiveSmallIntegerField(default=0)
    made_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    sms = models.ForeignKey(Sms, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "code envoyé par SMS"
        verbose_name_plural = "codes envoyés par SMS"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["holder", "purpose"], name="one_sms_code_per_holder_and_purpose"),
            models.CheckConstraint(condition=Q(tries__lte=MOST_TRIES), name="sms_code_tries_are_counted"),
        ]

    def __str__(self) -> str:
        return f"Code n° {self.pk}"

    @property
    def is_dead(self) -> bool:
        """Whether its tries are spent."""
        return self.used_at is None and self.tries >= MOST_TRIES

    def is_live(self, now: dt.datetime | None = None) -> bool:
        """Whether the right code would be taken at that instant."""
        return self.used_at is None and self.tries < MOST_TRIES and (now or clock.now()) < self.expires_at
