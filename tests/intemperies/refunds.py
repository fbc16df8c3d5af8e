"""Lines of the caisse and declarations that were sent, written briefly, and their page."""

import datetime as dt
from decimal import Decimal

from django.test import Client

from intemperies.models import Period, RefundLine, RefundState, State, Stoppage, Worksite
from portal import clock
from portal.access.levels import College
from tests.factories import UserFactory

CODE = "intemperies.refund"
MONDAY = dt.date(2026, 1, 12)


def refund_line(site, amount, college=College.OUVRIER, **fields):
    values = {"start_year": 2025, "state": RefundState.PROVISIONAL, "period": dt.date(2026, 3, 1)}
    return RefundLine.objects.create(site=site, college=college, amount=Decimal(amount), **(values | fields))


def sent(site, refunded, day=MONDAY, **fields):
    """A declaration that stands, of one employee of each collège named: {collège: its estimate in euros}."""
    rank = Stoppage.objects.count()
    worksite = Worksite.objects.create(site=site, name=f"Chantier {rank}", departement="54", trade="GO")
    year, week, _ = day.isocalendar()
    values = {"state": State.SENT, "number": f"INT-{rank:05}", "sent_at": clock.now()} | fields
    stoppage = Stoppage.objects.create(
        site=site,
        worksite=worksite,
        trade="GO",
        cause="gel",
        work="murs",
        iso_year=year,
        iso_week=week,
        begun_by=UserFactory(),
        said=said(refunded),
        **values,
    )
    Period.objects.create(stoppage=stoppage, begins=clock.at(day, dt.time(10)))
    return stoppage


def said(refunded):
    """What was said of one line of each collège: an empty amount was not estimated."""
    line = {"lost": "12.00", "owed": "115.50", "told": []}
    return {
        "lines": {
            str(rank): line | {"college": college.value, "refunded": amount}
            for rank, (college, amount) in enumerate(refunded.items())
        }
    }


def address(site, page=""):
    return f"/sites/{site.cibtp_id}/intemperies/remboursements/{page}"


def signed_in(person):
    browser = Client()
    browser.force_login(person)
    return browser


def words(page):
    return page.content.decode().replace("&nbsp;", "\u00a0")


def figures(page):
    """The three figures of each campaign, in the order of the page."""
    campaigns = page.context["campaigns"]
    return {each.years: {figure.label: figure.value for figure in each.figures} for each in campaigns}
