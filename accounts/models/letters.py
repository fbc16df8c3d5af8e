"""The letters that open a space: the batch printed, and the code that each second letter bears."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from adherents.models import Site
from portal import clock


class LetterBatch(models.Model):
    """One printing: two PDFs, the same sites in the same order."""

    printed_at = models.DateTimeField("imprimé le", default=clock.now)
    printed_by = models.CharField("imprimé par", max_length=150)
    folder = models.CharField("dossier", max_length=500)

    class Meta:
        verbose_name = "lot de courriers"
        verbose_name_plural = "lots de courriers"
        ordering: ClassVar = ["-printed_at"]

    def __str__(self) -> str:
        return f"Lot du {clock.day_of(self.printed_at):%d/%m/%Y} n° {self.pk}"


class ProvisionalCodeQuerySet(models.QuerySet["ProvisionalCode"]):
    """Named selections."""

    def live(self) -> ProvisionalCodeQuerySet:
        """Neither used nor voided; one of them may have expired."""
        return self.filter(used_at=None, voided_at=None)

    def void(self, now: dt.datetime) -> int:
        """Void the live ones; returns how many."""
        return self.live().update(voided_at=now)


class ProvisionalCode(models.Model):
    """A *code confidentiel provisoire*: its keyed hash, never the code itself (R17).

    Live means neither used nor voided; a live code may still have expired. One live code per site.
    """

    site = models.ForeignKey(
        Site, verbose_name="site déclarant", on_delete=models.PROTECT, related_name="provisional_codes"
    )
    batch = models.ForeignKey(LetterBatch, verbose_name="lot", on_delete=models.PROTECT, related_name="codes")
    page = models.PositiveIntegerField("page")
    digest = models.CharField(max_length=64, unique=True, editable=False)
    expires_at = models.DateTimeField("valable jusqu’au")
    used_at = models.DateTimeField("utilisé le", null=True, blank=True)
    voided_at = models.DateTimeField("annulé le", null=True, blank=True)

    objects = ProvisionalCodeQuerySet.as_manager()

    class Meta:
        verbose_name = "courrier"
        verbose_name_plural = "courriers"
        ordering: ClassVar = ["-batch_id", "page"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["site"],
                condition=Q(used_at__isnull=True, voided_at__isnull=True),
                name="one_live_code_per_site",
            ),
            models.UniqueConstraint(fields=["batch", "page"], name="one_code_per_page_of_a_batch"),
            models.CheckConstraint(
                condition=Q(voided_at__isnull=True)
                | Q(used_at__isnull=True)
                | Q(voided_at__gte=F("used_at")),
                name="code_voided_after_use_at_the_latest",
            ),
        ]

    def __str__(self) -> str:
        return f"Courrier {self.page} du lot {self.batch_id} : {self.site.cibtp_id}"

    @property
    def last_day(self) -> dt.date:
        """The last day on which it opens its site, as the letter says."""
        return clock.day_of(self.expires_at - dt.timedelta(seconds=1))

    def is_usable(self, now: dt.datetime | None = None) -> bool:
        """Whether the code opens its site at that instant: live and not expired."""
        live = self.used_at is None and self.voided_at is None
        return live and (now or clock.now()) < self.expires_at


class CodeRequestQuerySet(models.QuerySet["CodeRequest"]):
    """Named selections."""

    def pending(self) -> CodeRequestQuerySet:
        """Those that the next printing answers."""
        return self.filter(answered_at=None)


class CodeRequest(models.Model):
    """« Recevoir mon code confidentiel par courrier »: the site waits for a letter until one is printed.

    A site that gets its Administrateur meanwhile needs none: its request is answered without a letter.
    """

    site = models.ForeignKey(
        Site, verbose_name="site déclarant", on_delete=models.PROTECT, related_name="code_requests"
    )
    asked_at = models.DateTimeField("demandé le", default=clock.now)
    answered_at = models.DateTimeField("traité le", null=True, blank=True)
    batch = models.ForeignKey(
        LetterBatch,
        verbose_name="lot",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="code_requests",
    )

    objects = CodeRequestQuerySet.as_manager()

    class Meta:
        verbose_name = "demande de code"
        verbose_name_plural = "demandes de code"
        ordering: ClassVar = ["-asked_at", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["site"],
                condition=Q(answered_at__isnull=True),
                name="one_pending_code_request_per_site",
            ),
            models.CheckConstraint(
                condition=Q(batch__isnull=True) | Q(answered_at__isnull=False),
                name="code_request_printed_is_answered",
            ),
        ]

    def __str__(self) -> str:
        return f"Demande du {clock.day_of(self.asked_at):%d/%m/%Y} pour {self.site.cibtp_id}"
