"""What the back office took of the declarations, batch by batch: each may be had again, the same."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from intemperies.models.stoppages import State, Stoppage
from portal import clock


class Taking(models.Model):
    """A batch: its file, byte for byte. `by` is a name, so that it outlives the account."""

    at = models.DateTimeField("prise le", default=clock.now)
    by = models.CharField("prise par", max_length=150)
    declarations = models.PositiveIntegerField("déclarations")
    lines = models.PositiveIntegerField("lignes")
    content = models.BinaryField("fichier")

    class Meta:
        verbose_name = "lot d’arrêts pris"
        verbose_name_plural = "lots d’arrêts pris"
        ordering: ClassVar = ["-pk"]
        default_permissions = ("view",)
        permissions: ClassVar = [
            ("take_stoppages", "Peut prendre les arrêts intempéries pour le logiciel de la caisse"),
        ]

    def __str__(self) -> str:
        return f"Lot n°\u00a0{self.pk}"

    @property
    def file_name(self) -> str:
        """How its file is called."""
        return f"arrets-intemperies-{self.pk:05}.csv"


class TakenDeclaration(models.Model):
    """A declaration that a batch holds, in the state in which it was taken; in the order of the file."""

    taking = models.ForeignKey(Taking, verbose_name="lot", on_delete=models.PROTECT, related_name="taken")
    stoppage = models.ForeignKey(
        Stoppage, verbose_name="arrêt intempéries", on_delete=models.PROTECT, related_name="batches"
    )
    state = models.CharField("état pris", max_length=10, choices=State.choices)

    class Meta:
        verbose_name = "déclaration d’un lot"
        verbose_name_plural = "déclarations d’un lot"
        ordering: ClassVar = ["pk"]
        default_permissions = ()
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["taking", "stoppage"], name="taken_declaration_once_a_batch"),
            models.CheckConstraint(
                condition=Q(state__in=("sent", "cancelled", "replaced")), name="taken_declaration_state"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.taking_id} {self.stoppage_id}"
