"""The texts at the foot of every page, version by version, and who accepted which terms of use.

A version in effect is never rewritten nor deleted: the admin offers neither, and triggers refuse both
(migration 0002).
"""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from django.conf import settings
from django.db import models

from portal import clock


class LegalPage(models.TextChoices):
    """The pages that anybody may read; the value is the page's address (product.md 11)."""

    NOTICE = "mentions-legales", "Mentions légales"
    DATA = "protection-des-donnees", "Protection des données personnelles"
    TERMS = "conditions-generales", "Conditions Générales d’Utilisation"
    ACCESSIBILITY = "accessibilite", "Accessibilité"


class LegalTextQuerySet(models.QuerySet["LegalText"]):
    """Named selections."""

    def begun(self, page: str, on: dt.date | models.Expression | None = None) -> LegalTextQuerySet:
        """The versions of a page that are or were in effect that day (today by default), latest first."""
        return self.filter(page=page, starts_on__lte=on or clock.today()).order_by("-starts_on")


class LegalText(models.Model):
    """One version of a page, in Markdown; in effect from its day until the next version's."""

    page = models.CharField("page", max_length=30, choices=LegalPage.choices)
    starts_on = models.DateField("prend effet le")
    body = models.TextField("texte")
    written_at = models.DateTimeField("écrit le", default=clock.now, editable=False)
    written_by = models.CharField("écrit par", max_length=150, editable=False)

    objects = LegalTextQuerySet.as_manager()

    class Meta:
        verbose_name = "texte légal"
        verbose_name_plural = "textes légaux"
        ordering: ClassVar = ["page", "-starts_on"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["page", "starts_on"],
                name="one_legal_text_per_page_and_day",
                violation_error_message="Cette page a déjà une version qui prend effet ce jour-là.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_page_display()}, version du {self.starts_on:%d/%m/%Y}"

    def has_begun(self) -> bool:
        """Whether it is, or was, in effect: then it never changes any more."""
        return self.starts_on <= clock.today()


class TermsAcceptance(models.Model):
    """A person accepted one version of the « Conditions Générales d'Utilisation »."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="compte",
        on_delete=models.PROTECT,
        related_name="terms_accepted",
    )
    text = models.ForeignKey(
        LegalText, verbose_name="version", on_delete=models.PROTECT, related_name="acceptances"
    )
    accepted_at = models.DateTimeField("acceptée le", default=clock.now)

    class Meta:
        verbose_name = "acceptation des CGU"
        verbose_name_plural = "acceptations des CGU"
        ordering: ClassVar = ["-accepted_at"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "text"], name="one_acceptance_per_person_and_version"),
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.text}"
