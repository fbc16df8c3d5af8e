"""The journal of a site, read by its Administrateurs (product.md 6.6)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import QuerySet
from django.urls import reverse
from django.views.generic import TemplateView

from portal import clock
from portal.access.levels import Rule
from portal.access.pages import SitePage
from portal.fields import DayField
from portal.journal.facts import Changed, changed
from portal.journal.models import KINDS_READ_BY_COMPANIES, Entry
from portal.lists import page_of
from portal.parts import Column
from portal.spreadsheets import SheetFormat
from portal.templatetags.french import pluralize_fr

LINES_PER_PAGE = 25
UNFOLDED = 3
FAR_DATE = "Choisissez une date entre le 01/01/2000 et le 31/12/2100."
DAYS = (
    MinValueValidator(dt.date(2000, 1, 1), FAR_DATE),
    MaxValueValidator(dt.date(2100, 12, 31), FAR_DATE),
)
WRONG_ORDER = "La date « Au » précède la date « Du »."
UNKNOWN_KIND = "Choisissez un genre dans la liste."
COLUMNS = [Column("Date et heure"), Column("Genre"), Column("Qui"), Column("Ce qui s’est passé")]
EMPTY = "Rien n’est encore inscrit au journal de ce site."
# Who acted, where nobody is named.
UNNAMED = {"command": "La caisse"}
NOBODY = "Le portail"


class JournalFilters(forms.Form):
    """What the lines are narrowed to. By no name: the filters are in the address (R81)."""

    genre = forms.ChoiceField(
        label="Genre",
        required=False,
        choices=[("", "Tous"), *((kind.value, kind.label) for kind in KINDS_READ_BY_COMPANIES)],
        error_messages={"invalid_choice": UNKNOWN_KIND},
    )
    du = DayField(label="Du", required=False, validators=DAYS)
    au = DayField(label="Au", required=False, validators=DAYS)

    def clean(self) -> dict[str, Any]:
        """A period does not end before it begins."""
        values = super().clean() or {}
        if values.get("du") and values.get("au") and values["au"] < values["du"]:
            self.add_error("au", WRONG_ORDER)
        return values

    def typed(self) -> dict[str, str]:
        """The filters as they were typed, for the address of another page."""
        return {name: self.data[name] for name in self.fields if self.data.get(name)}

    def asked(self) -> dict[str, Any]:
        """The filters that could be read; the others narrow nothing."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    def of(self, lines: QuerySet[Entry]) -> QuerySet[Entry]:
        """The lines that are asked for; a day is a whole day in Europe/Paris."""
        asked = self.asked()
        if "genre" in asked:
            lines = lines.filter(kind=asked["genre"])
        if "du" in asked:
            lines = lines.filter(at__gte=clock.start_of(asked["du"]))
        if "au" in asked:
            lines = lines.filter(at__lt=clock.start_of(asked["au"] + dt.timedelta(days=1)))
        return lines


@dataclass(frozen=True)
class Line:
    """A line as a company reads it: neither address nor channel."""

    at: dt.datetime
    kind: str
    who: str
    sentence: str
    changes: list[Changed]

    @property
    def is_long(self) -> bool:
        """Whether its changes are folded away until asked for: a whole matrix has seventeen rows."""
        return len(self.changes) > UNFOLDED

    @classmethod
    def of(cls, entry: Entry) -> Line:
        """What is shown of an entry."""
        who = entry.actor_name or UNNAMED.get(entry.channel, NOBODY)
        return cls(entry.at, entry.get_kind_display(), who, entry.sentence, changed(entry))


class JournalPage(SitePage, TemplateView):
    """« Journal »: who did what for this site, the latest first."""

    rule = Rule.COMPANY
    title = "Journal"
    template_name = "delegations/journal.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """One page of lines, and the filters."""
        filters = JournalFilters(self.request.GET, auto_id="filtre_%s")
        lines = filters.of(Entry.objects.visible_to(self.site_request.access))
        page = page_of(lines, LINES_PER_PAGE, self.request.GET.get("page", ""))
        page.object_list = [Line.of(entry) for entry in page.object_list]
        count = page.paginator.count
        export = reverse("rights:journal_export", kwargs={"cibtp_id": self.site_request.site.cibtp_id})
        exports = [
            (label, f"{export}?{urlencode({'format': value} | filters.typed())}")
            for value, label in SheetFormat.choices
        ]
        return super().get_context_data(
            title=self.title,
            caption="Lignes du journal",
            page_obj=page,
            count_text=f"{count} ligne{pluralize_fr(count)}",
            columns=COLUMNS,
            rows_template="delegations/_journal_row.html",
            filters=filters,
            exports=exports if count else [],
            filtered=bool(filters.asked() or filters.errors),
            empty_text=EMPTY,
            has_errors=bool(filters.errors),
            **kwargs,
        )
