"""The ready-made fillings of the matrix that staff keep (product.md 6.1)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from delegations.matrix import RightsMatrix


class RightsProfile(models.Model):
    """A name and its levels, the same for each collège. It fills the form: nothing is given by it."""

    name = models.CharField("nom", max_length=60, unique=True)
    order = models.PositiveSmallIntegerField("rang dans la liste", default=0)
    read_bits = models.BigIntegerField(default=0, editable=False)
    write_bits = models.BigIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = "profil de droits"
        verbose_name_plural = "profils de droits"
        ordering: ClassVar = ["order", "name"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(write_bits=F("write_bits").bitand(F("read_bits"))),  # type: ignore[arg-type]
                name="profile_writing_implies_reading",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def matrix(self) -> RightsMatrix:
        """Its levels."""
        return RightsMatrix(self.read_bits, self.write_bits)

    @matrix.setter
    def matrix(self, matrix: RightsMatrix) -> None:
        self.read_bits, self.write_bits = matrix.read_bits, matrix.write_bits
