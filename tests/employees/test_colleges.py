"""Whoever may read one collège meets nobody of another: in the list, counts, search, export and source."""

import datetime as dt
import io

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client
from openpyxl import load_workbook

from delegations.deciding import access_of
from employees.models import CollegePeriod, Contract, Employee
from portal import clock
from portal.access.levels import College
from portal.journal.models import Entry
from tests.alike import lasting
from tests.factories import (
    EmployeeFactory,
    SiteFactory,
    employee_of,
    owner_of,
    reader_of_colleges,
)

pytestmark = pytest.mark.django_db
OUVRIER, ETAM, CADRE = "CANARI-OUVRIER", "CANARI-ETAM", "CANARI-CADRE"
ELSEWHERE, NOBODYS = "CANARI-AILLEURS", "CANARI-SANS-COLLEGE"
DAY = dt.timedelta(days=1)


@pytest.fixture
def site():
    """A site with somebody in each collège, present and departed, and somebody in none; another site."""
    site = SiteFactory()
    employee_of(site, College.OUVRIER, last_name=OUVRIER, matricule="OUV-1")
    employee_of(site, College.ETAM, last_name=ETAM)
    employee_of(site, College.CADRE, last_name=CADRE)
    employee_of(site, College.OUVRIER, last_name=f"{OUVRIER}-SORTI", left_on=clock.today() - DAY)
    employee_of(site, College.ETAM, last_name=f"{ETAM}-SORTI", left_on=clock.today() - DAY)
    nobodys = EmployeeFactory(site=site, last_name=NOBODYS)
    Contract.objects.create(employee=nobodys, hired_on=dt.date(2015, 3, 2))
    employee_of(SiteFactory(adherent=site.adherent), College.ETAM, last_name=ELSEWHERE)
    return site


def signed_in(person):
    browser = Client()
    browser.force_login(person)
    return browser


def address(site, page=""):
    return f"/sites/{site.cibtp_id}/salaries/{page}"


def names_of(page):
    return [row.last_name for row in page.context["page_obj"].object_list]


def everywhere(browser, site, name=""):
    """All that the pages and files of the list say, whatever is asked of them."""
    sent = {"situation": "tous", "lignes": "100"} | ({"nom": name} if name else {})
    pages = [
        browser.get(address(site)),
        browser.get(address(site), sent),
        browser.get(address(site), sent | {"college": "ouvrier"}),
        browser.post(address(site), sent, follow=True),
        browser.post(address(site), sent | {"college": "ouvrier"}, follow=True),
        browser.post(address(site, "exporter/"), sent | {"format": "csv"}),
    ]
    texts = [page.content.decode() for page in pages]
    book = load_workbook(io.BytesIO(browser.post(address(site, "exporter/"), sent).content))
    return "\n".join([*texts, *(str(cell.value) for row in book.active for cell in row)])


def test_a_reader_of_one_college_meets_nobody_of_another_anywhere(site):
    seen = everywhere(signed_in(reader_of_colleges(site, College.ETAM)), site)
    assert ETAM in seen
    assert f"{ETAM}-SORTI" in seen
    for canary in (OUVRIER, "OUV-1", CADRE, ELSEWHERE, NOBODYS, "Ouvrier", "Cadre"):
        assert canary not in seen


def test_the_owner_meets_every_college_of_his_site_and_no_other_site(site):
    seen = everywhere(signed_in(owner_of(site)), site)
    for canary in (OUVRIER, f"{OUVRIER}-SORTI", ETAM, CADRE):
        assert canary in seen
    assert ELSEWHERE not in seen
    assert NOBODYS not in seen


def test_counts_are_of_what_one_may_read(site):
    browser = signed_in(reader_of_colleges(site, College.ETAM))
    assert browser.get(address(site)).context["count_text"] == "1 salarié présent"
    assert browser.get(address(site), {"situation": "sortis"}).context["count_text"] == "1 salarié sorti"
    assert browser.get(address(site), {"situation": "tous"}).context["count_text"] == "2 salariés"
    browser = signed_in(reader_of_colleges(site, College.OUVRIER, College.CADRE))
    assert browser.get(address(site), {"situation": "tous"}).context["count_text"] == "3 salariés"


def test_a_search_for_somebody_of_another_college_answers_as_for_nobody(site):
    browser = signed_in(reader_of_colleges(site, College.ETAM))
    answers = []
    for name in (OUVRIER, NOBODYS, ELSEWHERE, "CANARI-INVENTE"):
        answer = browser.post(address(site), {"nom": name, "situation": "tous"})
        answers.append(lasting(answer.content.decode()).replace(name, "…"))
    assert all(each == answers[-1] for each in answers)
    assert "0 salarié sur 2" in answers[0]
    assert "Aucune ligne ne correspond aux filtres." in answers[0]


def test_only_the_colleges_that_one_may_read_are_offered(site):
    page = signed_in(reader_of_colleges(site, College.ETAM, College.CADRE)).get(address(site))
    offered = [value for value, _ in page.context["filter_form"].fields["college"].choices]
    assert offered == ["", "etam", "cadre"]
    assert "Vous consultez ici\u00a0: ETAM, Cadre." in page.content.decode().replace("&nbsp;", "\u00a0")


def test_without_any_college_the_page_and_its_export_are_refused(site):
    browser = signed_in(reader_of_colleges(site, College.ETAM, code="employees.planning"))
    for answer in (
        browser.get(address(site)),
        browser.post(address(site), {"nom": ETAM}),
        browser.post(address(site, "exporter/")),
    ):
        assert answer.status_code == 403
        assert ETAM not in answer.content.decode()
    assert not Entry.objects.filter(action="employees.exported").exists()


def test_the_entry_of_the_menu_is_for_who_may_read_it(site):
    link = f'href="{address(site)}"'
    home = f"/sites/{site.cibtp_id}/"
    assert link in signed_in(reader_of_colleges(site, College.ETAM)).get(home).content.decode()
    other = reader_of_colleges(site, College.ETAM, code="employees.planning")
    assert link not in signed_in(other).get(home).content.decode()


def test_a_closed_site_stays_readable(site):
    site.closed_on = clock.today() - DAY
    site.save()
    browser = signed_in(reader_of_colleges(site, College.ETAM))
    assert names_of(browser.get(address(site))) == [ETAM]
    assert browser.post(address(site, "exporter/")).status_code == 200


def test_a_right_on_the_employee_follows_his_college(site):
    reader = reader_of_colleges(site, College.ETAM)
    may = {
        person.last_name: reader.has_perm("employees.read_employee", person)
        for person in Employee.objects.exclude(last_name__in=[NOBODYS, ELSEWHERE])
    }
    assert {name for name, allowed in may.items() if allowed} == {ETAM, f"{ETAM}-SORTI"}
    assert not reader.has_perm("employees.write_employee", Employee.objects.get(last_name=ETAM))
    assert not reader.has_perm("employees.read_employee", Employee.objects.get(last_name=ELSEWHERE))


# --- collèges with dates -------------------------------------------------------------------------


def moved(site, day):
    """Somebody who is an Ouvrier until the day before, and ETAM from that day on."""
    employee = employee_of(site, College.OUVRIER, last_name="CANARI-PROMU")
    employee.college_periods.update(ends_on=day - DAY)
    CollegePeriod.objects.create(employee=employee, college=College.ETAM, starts_on=day)
    return employee


def test_somebody_who_changes_college_changes_readers_that_very_day(site):
    promoted = moved(site, dt.date(2026, 6, 1))
    with time_machine.travel("2026-05-01T10:00:00Z", tick=False):
        before, after = reader_of_colleges(site, College.OUVRIER), reader_of_colleges(site, College.ETAM)
    # The day is Paris's: at 22:30 in UTC on 31 May it is 1 June there.
    for moment, reader, other in (
        ("2026-05-31T21:30:00Z", before, after),
        ("2026-05-31T22:30:00Z", after, before),
    ):
        with time_machine.travel(moment, tick=False):
            assert "CANARI-PROMU" in everywhere(signed_in(reader), site)
            assert "CANARI-PROMU" not in everywhere(signed_in(other), site)
            found = Employee.objects.get(pk=promoted.pk)
            assert reader.has_perm("employees.read_employee", found)
            assert not other.has_perm("employees.read_employee", Employee.objects.get(pk=promoted.pk))


def test_a_day_of_the_past_is_read_with_the_college_of_that_day(site):
    promoted = moved(site, clock.today())
    for college, on, seen in (
        (College.ETAM, clock.today(), True),
        (College.ETAM, clock.today() - DAY, False),
        (College.OUVRIER, clock.today() - DAY, True),
    ):
        access = access_of(reader_of_colleges(site, college), site.cibtp_id)
        assert Employee.objects.visible_to(access, on).filter(pk=promoted.pk).exists() is seen


def test_somebody_who_has_left_is_in_his_last_college(site):
    gone = employee_of(site, College.OUVRIER, left_on=clock.today() - 10 * DAY)
    gone.college_periods.update(ends_on=clock.today() - 30 * DAY)
    last = CollegePeriod.objects.create(
        employee=gone,
        college=College.CADRE,
        starts_on=clock.today() - 29 * DAY,
        ends_on=clock.today() - 10 * DAY,
    )
    assert gone.college == last.college
    assert Employee.objects.get(pk=gone.pk) in Employee.objects.visible_to(
        access_of(reader_of_colleges(site, College.CADRE), site.cibtp_id)
    )


def test_somebody_present_whose_college_has_ended_is_shown_to_nobody(site):
    employee = employee_of(site, College.ETAM)
    employee.college_periods.update(ends_on=clock.today() - DAY)
    access = access_of(owner_of(site), site.cibtp_id)
    assert not Employee.objects.visible_to(access).filter(pk=employee.pk).exists()


@pytest.mark.parametrize(
    "dates",
    [
        {"starts_on": dt.date(2026, 1, 1)},  # a second one without end
        {"starts_on": dt.date(2015, 3, 2), "ends_on": dt.date(2015, 3, 3)},  # two since the same day
        {"starts_on": dt.date(2016, 3, 2), "ends_on": dt.date(2016, 3, 1)},  # ended before it began
        {"starts_on": dt.date(2016, 3, 2), "ends_on": dt.date(2016, 3, 3), "college": "patron"},
    ],
)
def test_the_database_refuses_a_college_that_cannot_be(site, dates):
    employee = Employee.objects.get(last_name=ETAM)
    with pytest.raises(IntegrityError), transaction.atomic():
        CollegePeriod.objects.create(**{"employee": employee, "college": "cadre"} | dates)
