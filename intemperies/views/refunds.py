"""« Mes remboursements »: what comes back of each campaign, and by which formula."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from intemperies.calculation.parameters import ParameterMissing, Parameters
from intemperies.calculation.refund import formula, rates
from intemperies.features import REFUND, STOPPAGE
from intemperies.figures import current_parameters
from intemperies.refund_exporting import HEADS, export, month_of
from intemperies.refund_statement import CampaignRefunds, Row, campaigns_of, readable
from intemperies.views.reach import url_of
from portal import clock
from portal.access.levels import Access, College
from portal.access.pages import SitePage
from portal.home.uses import count_use
from portal.origin import Origin
from portal.parts import Figure
from portal.reauth.pages import FreshPage
from portal.spreadsheets import SheetFormat, attachment
from portal.templatetags.french import amount, pluralize_fr

TITLE = "Mes remboursements"
NOT_YET = "Pas encore"
PAYROLL_UNKNOWN = "Votre caisse ne connaît pas vos salaires\u00a0: la formule n’est pas chiffrée."


@dataclass(frozen=True)
class Shown:
    """A campaign as the page shows it."""

    name: str
    years: str
    anchor: str
    figures: list[Figure]
    formula: list[str]
    rows: list[tuple[str, Row]]


class RefundsPage(SitePage):
    """The page."""

    rule = REFUND

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Each campaign, the latest first."""
        access = self.site_request.access
        payroll, parameters = self.site_request.site.adherent.payroll, current_parameters()
        campaigns = [shown(each, payroll, parameters) for each in campaigns_of(access)]
        colleges = readable(access)
        context = {
            "title": TITLE,
            "campaigns": campaigns,
            "count_text": f"{len(campaigns)} campagne{pluralize_fr(len(campaigns))}",
            "colleges": "" if len(colleges) == len(College) else ", ".join(each.label for each in colleges),
            "export_url": url_of(self.site_request, "refunds_export"),
            "export_formats": SheetFormat.choices,
            "export_label": "Exporter les remboursements",
            "stoppages_url": url_of(self.site_request, "list") if access.allows(STOPPAGE) else "",
        }
        count_use(self.site_request, REFUND)
        return render(request, "intemperies/refunds.html", context)


class RefundsExport(SitePage, FreshPage):
    """The same rows as a file."""

    rule = REFUND
    asks = Access.READ
    http_method_names = ("post",)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """The sheet."""
        access = self.site_request.access
        wanted = SheetFormat.CSV if request.POST.get("format") == SheetFormat.CSV else SheetFormat.XLSX
        rows = export(access=access, person=request.user, origin=Origin.of(request))
        name = f"remboursements-{access.site.cibtp_id}-{clock.today():%Y-%m-%d}"
        return attachment(name, HEADS, rows, wanted)

    def fresh_back(self) -> str:
        """The page."""
        return url_of(self.site_request, "refunds")


def shown(campaign: CampaignRefunds, payroll: Decimal | None, parameters: Parameters) -> Shown:
    """A campaign in words."""
    start = campaign.start_year
    return Shown(
        name=f"{start - 1945}e campagne",
        years=f"{start}-{start + 1}",
        anchor=f"campagne-{start}",
        figures=figures(campaign),
        formula=formula_of(start, payroll, parameters),
        rows=[(month_of(row), row) for row in campaign.rows],
    )


def figures(campaign: CampaignRefunds) -> list[Figure]:
    """The three figures side by side: none says anything of another."""
    return [
        Figure("Estimation", amount(campaign.estimate) or "Aucune", estimated_from(campaign)),
        of_the_caisse("Provisoire", campaign.provisional, "calculé par votre caisse"),
        of_the_caisse("Définitif", campaign.final, "arrêté par votre caisse"),
    ]


def of_the_caisse(label: str, euros: Decimal | None, note: str) -> Figure:
    """An amount of the caisse's, or that it said none."""
    return Figure(label, NOT_YET) if euros is None else Figure(label, amount(euros), note)


def estimated_from(campaign: CampaignRefunds) -> str:
    """How many declarations stand behind the estimate, and what it leaves out."""
    count, without = campaign.declarations, campaign.unestimated
    if not count:
        return "aucune déclaration envoyée"
    said = f"d’après {count} déclaration{pluralize_fr(count)} envoyée{pluralize_fr(count)}"
    return f"{said}, {without} ligne{pluralize_fr(without)} sans estimation" if without else said


def formula_of(start_year: int, payroll: Decimal | None, parameters: Parameters) -> list[str]:
    """The formula of a campaign with its figures, or which one is missing."""
    try:
        campaign = parameters.campaign_of(dt.date(start_year, 4, 1))
    except ParameterMissing as missing:
        return [str(missing)]
    if payroll is None:
        return [PAYROLL_UNKNOWN]
    return [formula(payroll, campaign), *rates(payroll, campaign, parameters.readings.first_band_hours)]
