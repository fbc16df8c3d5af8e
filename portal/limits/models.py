"""One counter per limit and subject; the subject is kept as a keyed hash only."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from django.db import models


class Counter(models.Model):
    """Tries counted for one limit and one subject (an address, an identifier, an IP)."""

    key = models.CharField(max_length=64, unique=True)
    limit = models.CharField("limite", max_length=40)
    tries = models.PositiveIntegerField("essais", default=0)
    since = models.DateTimeField("depuis")
    last_try_at = models.DateTimeField("dernier essai")
    blocked_until = models.DateTimeField("bloqué jusqu’au", null=True, blank=True)

    class Meta:
        verbose_name = "compteur"
        verbose_name_plural = "compteurs"
        ordering: ClassVar = ["-last_try_at"]
        permissions: ClassVar = [
            ("unlock_sign_in", "Débloquer une connexion"),
            ("unlock_opening", "Débloquer une ouverture"),
        ]

    def __str__(self) -> str:
        return f"{self.limit} : {self.tries}"

    def is_blocked(self, now: dt.datetime) -> bool:
        """Whether further tries are refused at that instant."""
        return self.blocked_until is not None and now < self.blocked_until
