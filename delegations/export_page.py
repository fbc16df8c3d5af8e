"""The list of beneficiaries as a file."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from delegations.exporting import HEADS, TooMany, export
from delegations.giver_page import GiverPage
from delegations.listing import Asked
from portal import clock
from portal.origin import Origin
from portal.reauth.pages import FreshPage
from portal.spreadsheets import SheetFormat, attachment


class RightsExport(GiverPage, FreshPage):
    """Exactly the list shown, to its reader only; a POST, for it is written in the journal."""

    http_method_names = ("post",)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """The sheet; or the list again, with a sentence, when it is too long."""
        asked = Asked.posted(request.POST, self.giver.side)
        wanted = SheetFormat.CSV if request.POST.get("format") == SheetFormat.CSV else SheetFormat.XLSX
        try:
            rows = export(giver=self.giver, asked=asked, origin=Origin.of(request))
        except TooMany as too_many:
            messages.warning(request, str(too_many))
            return redirect(self.list_url)
        name = f"droits-{self.site.cibtp_id}-{clock.today():%Y-%m-%d}"
        return attachment(name, HEADS, rows, wanted)
