"""The three levels of a right and the three collèges over which a right may vary."""

from __future__ import annotations

from enum import Enum, IntEnum

from django.db import models


class Access(IntEnum):
    """How far a right goes; writing implies reading."""

    NONE = 0
    READ = 1
    WRITE = 2

    @property
    def label(self) -> str:
        """The word of the printed guides (product.md 6.1)."""
        return ("Aucun droit", "Consultation", "Mise à jour")[self]


class College(models.TextChoices):
    """Staff category."""

    OUVRIER = "ouvrier", "Ouvrier"
    ETAM = "etam", "ETAM"
    CADRE = "cadre", "Cadre"

    @property
    def position(self) -> int:
        """0, 1 or 2: the college's place in a feature's three cells."""
        return _POSITIONS[self]


_POSITIONS = {college: position for position, college in enumerate(College)}


class Rule(Enum):
    """What a page asks when it belongs to no feature."""

    MEMBER = "any live right on the site"
    ADMINISTRATION = "who gives rights, on the company's side or on its firm's"
    COMPANY = "who administers the site: its journal, its firm"
