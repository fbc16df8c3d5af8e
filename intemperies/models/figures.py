"""The dated figures of the regime and our readings of it: staff keep them, the calculator takes them.

Whatever writes one of them renews `ReadingChoices.edition`, by which a process knows that what it read
before is out of date (`intemperies.figures`).
"""

from __future__ import annotations

import secrets
from decimal import Decimal
from typing import Any, ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import Q

from intemperies.calculation.parameters import CarenceScope, Tolerance
from intemperies.calculation.sentences import figure
from portal.templatetags.french import amount

RATE = (
    MinValueValidator(0),
    # Ten times what a rate has ever been: 0,68 typed for 0,68 % is no rate.
    MaxValueValidator(Decimal("0.05"), "Écrivez-le en fraction\u00a0: 0,0068 pour 0,68\u00a0%%."),
)
FRACTION = (MinValueValidator(0), MaxValueValidator(1))
ONE = 1  # the only row of ReadingChoices
LAST_EDITION = 2**31 - 1  # what the column holds


class Dated(models.Model):
    """A figure whose every writing renews the edition."""

    class Meta:
        abstract = True

    @transaction.atomic
    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write it, in a new edition."""
        super().save(*args, **kwargs)
        _renew_edition()

    @transaction.atomic
    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Take it away, in a new edition."""
        done = super().delete(*args, **kwargs)
        _renew_edition()
        return done


class CampaignFigures(Dated):
    """What the yearly order sets from 1 April to 31 March (domain rules, 1.6)."""

    start_year = models.PositiveSmallIntegerField("année de début", unique=True)
    abattement = models.DecimalField("abattement (€)", max_digits=10, decimal_places=2)
    structural_rate = models.DecimalField(
        "taux gros œuvre et travaux publics", max_digits=6, decimal_places=5, validators=RATE
    )
    finishing_rate = models.DecimalField("taux second œuvre", max_digits=6, decimal_places=5, validators=RATE)
    canicule = models.DecimalField(
        "coefficient de canicule",
        max_digits=4,
        decimal_places=3,
        null=True,
        blank=True,
        validators=FRACTION,
        help_text="Vide tant qu’il n’est pas publié.",
    )

    class Meta:
        verbose_name = "paramètres d’une campagne"
        verbose_name_plural = "paramètres des campagnes"
        ordering: ClassVar = ["-start_year"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(abattement__gt=0), name="campaign_abattement_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.start_year - 1945}e campagne ({self.start_year}-{self.start_year + 1})"


class HourlyCeiling(Dated):
    """Social security's hourly ceiling of a calendar year."""

    year = models.PositiveSmallIntegerField("année", unique=True)
    amount = models.DecimalField("plafond horaire (€)", max_digits=6, decimal_places=2)

    class Meta:
        verbose_name = "plafond horaire de la Sécurité sociale"
        verbose_name_plural = "plafonds horaires de la Sécurité sociale"
        ordering: ClassVar = ["-year"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="hourly_ceiling_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.year}\u00a0: {amount(self.amount)}"


class SeasonalExclusion(Dated):
    """A season, set by the DREETS, in which the regime does not apply to some worksites (rule 8)."""

    departement = models.CharField("département", max_length=3, blank=True, help_text="Vide : tous.")
    activity = models.CharField("activité", max_length=60, blank=True, help_text="Vide : toutes.")
    altitude = models.PositiveSmallIntegerField(
        "au-dessus de (m)", default=0, help_text="0 : à toute altitude."
    )
    first_month = models.PositiveSmallIntegerField(
        "du mois", validators=[MinValueValidator(1), MaxValueValidator(12)]
    )
    first_day = models.PositiveSmallIntegerField(
        "du jour", validators=[MinValueValidator(1), MaxValueValidator(31)]
    )
    last_month = models.PositiveSmallIntegerField(
        "au mois", validators=[MinValueValidator(1), MaxValueValidator(12)]
    )
    last_day = models.PositiveSmallIntegerField(
        "au jour", validators=[MinValueValidator(1), MaxValueValidator(31)], help_text="Compris."
    )

    class Meta:
        verbose_name = "exclusion saisonnière"
        verbose_name_plural = "exclusions saisonnières"
        ordering: ClassVar = ["departement", "altitude", "first_month", "first_day"]

    def __str__(self) -> str:
        where = [self.departement or "tous départements", self.activity]
        if self.altitude:
            where.append(f"au-dessus de {figure(Decimal(self.altitude))} m")
        days = f"du {self.first_day:02}/{self.first_month:02} au {self.last_day:02}/{self.last_month:02}"
        return ", ".join(part for part in (*where, days) if part)


class ReadingChoices(models.Model):
    """Our own readings where the texts leave a choice; one row, and the edition of all the figures."""

    carence_first = models.BooleanField(
        "carence avant les plafonds",
        default=True,
        help_text="L’heure de carence se retire des heures perdues, puis les plafonds s’appliquent.",
    )
    carence_scope = models.CharField(
        "carence comptée",
        max_length=10,
        choices=[
            (CarenceScope.EMPLOYEE.value, "par salarié"),
            (CarenceScope.WORKSITE.value, "par salarié et chantier"),
        ],
        default=CarenceScope.EMPLOYEE.value,
    )
    tolerance = models.CharField(
        "tolérance après le délai d’un mois",
        max_length=15,
        choices=[
            (Tolerance.NONE.value, "aucune"),
            (Tolerance.END_OF_MONTH.value, "30 jours fin de mois, jour ouvré suivant"),
        ],
        default=Tolerance.NONE.value,
    )
    first_band_hours = models.DecimalField(
        "heures remboursées au premier taux", max_digits=4, decimal_places=2, default=6
    )
    edition = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        verbose_name = "lecture des règles"
        verbose_name_plural = "lectures des règles"
        default_permissions = ("change", "view")
        constraints: ClassVar = [models.CheckConstraint(condition=Q(id=ONE), name="readings_one_row")]

    def __str__(self) -> str:
        return "Nos lectures des règles"

    @transaction.atomic
    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write them, in a new edition."""
        self.pk = ONE
        super().save(*args, **kwargs)
        _renew_edition()


def _renew_edition() -> None:
    """Another number, drawn: one that was counted and rolled back would be given again to other figures."""
    drawn = secrets.randbelow(LAST_EDITION) + 1
    if not ReadingChoices.objects.filter(pk=ONE).update(edition=drawn):
        ReadingChoices.objects.bulk_create([ReadingChoices(pk=ONE, edition=drawn)], ignore_conflicts=True)
