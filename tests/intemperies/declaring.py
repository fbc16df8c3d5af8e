"""Declaring a stop as a person does: what the pages are sent, and who sends it."""

from __future__ import annotations

import datetime as dt
from html import unescape
from typing import Any

from django.test import Client

from adherents.models import Site
from intemperies.models import Stoppage, Worksite
from portal.access.levels import Access, College
from tests.factories import beneficiary_of

NOON = "2026-01-20T12:00:00+01:00"  # the Tuesday after the week of the stop
MONDAY, TUESDAY, WEDNESDAY = (dt.date(2026, 1, day) for day in (12, 13, 14))
STOPPAGE = "intemperies.stoppage"


def stop(worksite: Worksite, **typed: str) -> dict[str, str]:
    """Step 1, as it is typed: from Monday at ten to Wednesday at eight."""
    return {
        "worksite": str(worksite.pk),
        "trade": "",
        "cause": "gel",
        "work": "élévation de murs",
        "stop_day_0": "12/01/2026",
        "stop_time_0": "10 h",
        "resume_day_0": "14/01/2026",
        "resume_time_0": "8h",
        "spans": "1",
    } | typed


def address(site: Site, page: str, number: int | None = None) -> str:
    """A page of stops."""
    return f"/sites/{site.cibtp_id}/intemperies/arrets/{f'{number}/' if number else ''}{page}"


def version(draft: Stoppage) -> str:
    """What the page shown now would send back."""
    return str(Stoppage.objects.get(pk=draft.pk).version)


def chosen(*employees: Any, wage: str = "14,00", hours: str = "300", days: str = "0") -> dict[str, str]:
    """Step 2: some employees ticked, and what is stated of each."""
    typed = {}
    for employee in employees:
        key = employee.pk
        typed |= {f"e_{key}": "on", f"w_{key}": wage, f"t_{key}": hours, f"d_{key}": days}
    return typed


def lost(draft: Stoppage, hours: dict[dt.date, str]) -> dict[str, str]:
    """Step 3: the same hours for every line."""
    return {f"h_{line.pk}_{day:%Y%m%d}": typed for line in draft.lines.all() for day, typed in hours.items()}


SIGNED = {"committee": "consulted", "conditions": "on"}


def draft_by(browser: Client, worksite: Worksite, *employees: Any, **typed: str) -> Stoppage:
    """A draft with its employees, each of whom lost five hours and seven, ready to be sent."""
    site = worksite.site
    begun = browser.post(address(site, "nouveau/"), stop(worksite, **typed))
    assert begun.status_code == 302, begun.content.decode()
    draft = Stoppage.objects.latest("pk")
    people = chosen(*employees) | {"version": version(draft)}
    assert browser.post(address(site, "salaries/", draft.pk), people).status_code == 302
    hours = lost(draft, {MONDAY: "5", TUESDAY: "7"}) | {"version": version(draft)}
    assert browser.post(address(site, "heures/", draft.pk), hours).status_code == 302
    return Stoppage.objects.get(pk=draft.pk)


def sent_by(browser: Client, draft: Stoppage) -> Stoppage:
    """The draft, sent."""
    answer = browser.post(address(draft.site, "envoi/", draft.pk), SIGNED | {"version": version(draft)})
    assert answer["Location"] == address(draft.site, "", draft.pk)
    return Stoppage.objects.get(pk=draft.pk)


def browser_of(person: Any) -> Client:
    """A browser in which he is signed in."""
    browser = Client()
    browser.force_login(person)
    return browser


def writer_of(site: Site, *colleges: College, level: Access = Access.WRITE) -> Client:
    """The browser of somebody who declares for these collèges only."""
    return browser_of(beneficiary_of(site, {(STOPPAGE, college): level for college in colleges}).beneficiary)


def read(answer: Any) -> str:
    """A page's text, with plain spaces."""
    return unescape(answer.content.decode()).replace("\u00a0", " ")
