"""The journal of a site as a sheet: the lines of its page, same filters, same scope (product.md 6.6)."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from delegations.journal_page import JournalFilters, Line
from portal import clock
from portal.access.levels import Rule
from portal.access.pages import SitePage
from portal.journal.facts import Changed
from portal.journal.models import Entry
from portal.reauth.pages import FreshPage
from portal.spreadsheets import Cell, SheetFormat, attachment

MOST = 5_000  # R66: beyond that, one narrows the list first
TOO_MANY = (
    "Le journal compte plus de 5\u00a0000 lignes\u00a0: choisissez une période plus courte, puis exportez-le."
)
HEADS = ("Date et heure", "Genre", "Qui", "Ce qui s’est passé", "Détail")


class JournalExport(SitePage, FreshPage):
    """« Exporter le journal »; reading it changes nothing, so that the journal does not speak of it."""

    rule = Rule.COMPANY
    title = "Journal"

    def get(self, request: HttpRequest, **kwargs: str) -> HttpResponse:
        """The sheet; or the page again, when its filters cannot be read or too many lines answer."""
        site = self.site_request.site
        filters = JournalFilters(request.GET)
        page = reverse("rights:journal", kwargs={"cibtp_id": site.cibtp_id})
        back = f"{page}?{urlencode(filters.typed())}"
        if filters.errors:
            return redirect(back)
        found = list(filters.of(Entry.objects.visible_to(self.site_request.access))[: MOST + 1])
        if len(found) > MOST:
            messages.warning(request, TOO_MANY)
            return redirect(back)
        wanted = SheetFormat.XLSX if request.GET.get("format") == SheetFormat.XLSX else SheetFormat.CSV
        name = f"journal-{site.cibtp_id}-{clock.today():%Y-%m-%d}"
        return attachment(name, HEADS, [cells(Line.of(entry)) for entry in found], wanted)

    def fresh_back(self) -> str:
        """The page of the lines."""
        return reverse("rights:journal", kwargs={"cibtp_id": self.site_request.site.cibtp_id})


def cells(line: Line) -> Sequence[Cell]:
    """A row of the sheet, in the order of `HEADS`."""
    details = "\u00a0; ".join(map(in_words, line.changes))
    return line.at, line.kind, line.who, line.sentence, details


def in_words(change: Changed) -> str:
    """`Ville : METZ → NANCY`, or what was given where nothing was before."""
    before, after = change.before or "non renseigné", change.after or "non renseigné"
    return f"{change.label}\u00a0: {after if change.before is None else f'{before} → {after}'}"
