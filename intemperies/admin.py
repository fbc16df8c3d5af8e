"""The dated figures, as staff keep them; what companies declared, as staff read it."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import admin
from django.core.validators import RegexValidator
from django.http import HttpRequest

from intemperies.models import CampaignFigures, HourlyCeiling, ReadingChoices, SeasonalExclusion
from intemperies.stoppage_admin import StoppageAdmin
from intemperies.taking_admin import TakingAdmin
from portal.administration.recorded import M, RecordedAdmin

__all__ = ["StoppageAdmin", "TakingAdmin"]

LEAP_YEAR = 2028  # the year in which every day that may begin or end a season exists
DEPARTEMENT = RegexValidator(
    r"^(?:0[1-9]|1[0-9]|2[1-9AB]|[3-8][0-9]|9[0-5])\Z", "Écrivez-le comme 57 ou 2A.", flags=re.IGNORECASE
)
MOST_FIRST_BAND = Decimal(45)  # hours of a week: no more is paid
FRACTION = "En fraction, comme 0,0068 pour 0,68\u00a0%."


class OfAYearAdmin(RecordedAdmin[M]):
    """A figure of a year: a row does not pass to another year."""

    room = "figures"
    year_field: str

    def get_readonly_fields(self, request: HttpRequest, obj: M | None = None) -> tuple[str, ...]:
        """The year, once it is given."""
        return (self.year_field,) if obj else ()


class CampaignForm(forms.ModelForm[CampaignFigures]):
    """What the yearly order sets."""

    class Meta:
        model = CampaignFigures
        fields = ("start_year", "abattement", "structural_rate", "finishing_rate", "canicule")
        help_texts = {
            "start_year": "L’année du 1er avril qui commence la campagne.",
            "structural_rate": FRACTION,
            "finishing_rate": FRACTION,
            "canicule": "En fraction, comme 0,5 pour la moitié. Vide tant qu’il n’est pas publié.",
        }


@admin.register(CampaignFigures)
class CampaignFiguresAdmin(OfAYearAdmin[CampaignFigures]):
    """Campaigns: the latest first."""

    year_field = "start_year"
    form = CampaignForm
    list_display = ("__str__", "abattement", "structural_rate", "finishing_rate", "canicule")


@admin.register(HourlyCeiling)
class HourlyCeilingAdmin(OfAYearAdmin[HourlyCeiling]):
    """Ceilings: the latest first."""

    year_field = "year"
    list_display = ("of_the_year", "amount")

    @admin.display(description="année", ordering="year")
    def of_the_year(self, row: HourlyCeiling) -> str:
        """A year is not a quantity: without a space."""
        return str(row.year)


class ExclusionForm(forms.ModelForm[SeasonalExclusion]):
    """A season: its two days exist, and its département too."""

    departement = forms.CharField(
        label="Département",
        max_length=3,
        required=False,
        help_text="Vide\u00a0: tous.",
        validators=[DEPARTEMENT],
    )

    class Meta:
        model = SeasonalExclusion
        fields = (
            "departement", "activity", "altitude", "first_day", "first_month", "last_day", "last_month"
        )  # fmt: skip
        help_texts = {"activity": "Vide\u00a0: toutes.", "altitude": "0\u00a0: à toute altitude."}

    def clean_departement(self) -> str:
        """As worksites write it."""
        return str(self.cleaned_data["departement"]).upper()

    def clean(self) -> dict[str, Any]:
        """No 31 February."""
        values = super().clean() or {}
        for end in ("first", "last"):
            month, day = values.get(f"{end}_month"), values.get(f"{end}_day")
            if month and day and not _exists(month, day):
                self.add_error(f"{end}_day", "Ce mois n’a pas ce jour.")
        return values


def _exists(month: int, day: int) -> bool:
    try:
        dt.date(LEAP_YEAR, month, day)
    except ValueError:
        return False
    return True


@admin.register(SeasonalExclusion)
class SeasonalExclusionAdmin(RecordedAdmin[SeasonalExclusion]):
    """Seasons set by the DREETS."""

    room = "figures"
    form = ExclusionForm
    list_display = ("__str__", "departement", "activity", "altitude")


class ReadingsForm(forms.ModelForm[ReadingChoices]):
    """How the caisse reads the rules."""

    first_band_hours = forms.DecimalField(
        label="Heures remboursées au premier taux",
        min_value=Decimal(0),
        max_value=MOST_FIRST_BAND,
        max_digits=4,
        decimal_places=2,
        localize=True,
    )

    class Meta:
        model = ReadingChoices
        fields = ("carence_first", "carence_scope", "tolerance", "first_band_hours")


@admin.register(ReadingChoices)
class ReadingChoicesAdmin(RecordedAdmin[ReadingChoices]):
    """One row, changed."""

    room = "figures"
    form = ReadingsForm
    list_display = ("__str__", "carence_first", "carence_scope", "tolerance", "first_band_hours")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """There is one already."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """It stays."""
        return False
