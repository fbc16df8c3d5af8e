"""One row a holiday (Code du travail, L.3133-1; L.3134-13 for Alsace-Moselle)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Holiday(models.Model):
    """A day that is not worked; `alsace_moselle` when it is one only there."""

    day = models.DateField("jour", unique=True)
    name = models.CharField("nom", max_length=60)
    alsace_moselle = models.BooleanField("en Alsace-Moselle seulement", default=False)

    class Meta:
        verbose_name = "jour férié"
        verbose_name_plural = "jours fériés"
        ordering: ClassVar = ["day"]

    def __str__(self) -> str:
        return f"{self.day:%d/%m/%Y} {self.name}"
