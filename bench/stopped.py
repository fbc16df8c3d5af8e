"""`python -m bench.stopped`: employees, drafts and declarations of one site; what each page asks, as JSON."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import django

FEW, MANY, DAYS = 10, 60, 7
DECLARATIONS = 2000


def make() -> dict[str, Any]:
    """An Administrateur, a site with its employees, two drafts and its declarations; what each page asks."""
    from bench.people import cookie_of

    person, site = _owner()
    employees = _employees(site)
    grids = {str(number): _draft(site, person, employees[:number]) for number in (FEW, MANY)}
    _declarations(site, person)
    place = f"/sites/{site.cibtp_id}/intemperies/arrets/"
    cookie = cookie_of(person)
    told: dict[str, Any] = {
        "cookie": cookie,
        "grids": {number: f"{place}{draft.pk}/heures/" for number, draft in grids.items()},
        "list": place,
    }
    from bench.queries import counted as queries_of

    asked = {f"grid {number}": queries_of(cookie, path) for number, path in told["grids"].items()}
    asked["list"] = queries_of(cookie, place)
    asked |= {f"sending {number}": _sending(site, person, draft) for number, draft in grids.items()}
    for number in grids:  # what was sent has no grid any more
        draft = _draft(site, person, employees[: int(number)], later=1)
        told["grids"][number] = f"{place}{draft.pk}/heures/"
    return told | {"queries": asked}


def _owner() -> tuple[Any, Any]:
    from adherents.models import Site
    from bench.given import delegation, people
    from contact import terms
    from contact.models import TermsAcceptance
    from delegations.models import Role

    (person,) = people(1, "arrets")
    text = terms.in_effect()
    assert text is not None
    TermsAcceptance.objects.create(user=person, text=text)
    site = Site.objects.filter(closed_on=None).order_by("-pk")[0]
    delegation(site=site, beneficiary=person, role=Role.ADMINISTRATOR, read_bits=0, write_bits=0).save()
    return person, site


def _employees(site: Any) -> list[Any]:
    from employees.models import CollegePeriod, Contract, Employee

    made = Employee.objects.bulk_create(
        Employee(
            site=site, matricule=f"B{number:04}", nir=f"18002570{number:05}00", last_name=f"MEYER{number}",
            first_name="Zoé", born_on=dt.date(1980, 2, 1), recent_hours=303, bad_weather_days=0,
            leave_earned=10, iban_known=True,
        )
        for number in range(MANY)
    )  # fmt: skip
    hired = dt.date(2015, 3, 2)
    Contract.objects.bulk_create(Contract(employee=one, hired_on=hired, hourly_rate=14) for one in made)
    CollegePeriod.objects.bulk_create(
        CollegePeriod(employee=one, college="ouvrier", starts_on=hired) for one in made
    )
    return made


def _draft(site: Any, person: Any, employees: list[Any], later: int = 0) -> Any:
    from intemperies.models import Line, LostHours, Period, Stoppage, Worksite
    from portal import clock

    worksite = Worksite.objects.create(
        site=site, name=f"Chantier {len(employees)} {later}", address="1 rue", postal_code="54000",
        town="NANCY", departement="54", trade="GO",
    )  # fmt: skip
    today = clock.today()
    monday = today - dt.timedelta(days=today.weekday() + 7 * (3 + later + 2 * (len(employees) == FEW)))
    year, week, _ = monday.isocalendar()
    draft = Stoppage.objects.create(
        site=site, worksite=worksite, trade="GO", cause="gel", work="Coulage", iso_year=year, iso_week=week,
        begun_by=person,
    )  # fmt: skip
    resumes = clock.at(monday + dt.timedelta(days=DAYS - 1), dt.time(18))
    Period.objects.create(stoppage=draft, begins=clock.at(monday, dt.time(8)), resumes=resumes)
    lines = Line.objects.bulk_create(
        Line(stoppage=draft, employee=one, college="ouvrier", wage=14, worked_hours=303, paid_days=0)
        for one in employees
    )
    LostHours.objects.bulk_create(
        LostHours(line=line, day=monday + dt.timedelta(days=day), hours=6)
        for line in lines
        for day in range(DAYS)
    )
    return draft


def _declarations(site: Any, person: Any) -> None:
    from intemperies.models import Period, Stoppage, Worksite
    from portal import clock

    worksites = Worksite.objects.bulk_create(
        Worksite(
            site=site, name=f"Ancien {number}", address="1 rue", postal_code="54000", town="NANCY",
            departement="54", trade="GO",
        )
        for number in range(20)
    )  # fmt: skip
    first = dt.date(2023, 1, 2)
    made = []
    for number in range(DECLARATIONS):
        year, week, _ = (first + dt.timedelta(weeks=number // 20)).isocalendar()
        made.append(
            Stoppage(
                site=site, worksite=worksites[number % 20], trade="GO", cause="gel", work="Coulage",
                iso_year=year, iso_week=week, begun_by=person, state="sent", sent_at=clock.now(),
                number=f"BENCH-{number}",
            )
        )  # fmt: skip
    Period.objects.bulk_create(
        Period(
            stoppage=one,
            begins=clock.at(monday_of(one), dt.time(8)),
            resumes=clock.at(monday_of(one), dt.time(17)),
        )
        for one in Stoppage.objects.bulk_create(made)
    )


def monday_of(stoppage: Any) -> dt.date:
    """The first day of its week."""
    return dt.date.fromisocalendar(stoppage.iso_year, stoppage.iso_week, 1)


def _sending(site: Any, person: Any, draft: Any) -> int:
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    browser = Client()
    browser.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    page = f"/sites/{site.cibtp_id}/intemperies/arrets/{draft.pk}/envoi/"
    browser.get(page, secure=True)
    typed = {"committee": "none", "conditions": "on", "version": str(draft.version)}
    with CaptureQueriesContext(connection) as found:
        response = browser.post(page, typed, secure=True)
    if response.status_code != 302 or not response["Location"].endswith(f"/{draft.pk}/"):
        raise RuntimeError(f"sending answers {response.status_code}")
    return len([each for each in found if each["sql"] not in ("BEGIN", "COMMIT")])


if __name__ == "__main__":
    django.setup()
    from django.conf import settings

    settings.ALLOWED_HOSTS.append("testserver")
    print(json.dumps(make()))
