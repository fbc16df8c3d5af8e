"""The sites that a person keeps at the top of his choice."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from adherents.models import Site


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
