"""Several people declare one worksite's week, each for his collèges: nobody is locked out or goes beyond."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from employees.models import CollegePeriod, Contract
from intemperies.models import Line, State, Stoppage
from portal.access.levels import Access, College
from tests.factories import WorksiteFactory, employee_of
from tests.intemperies.declaring import (
    SIGNED,
    address,
    chosen,
    draft_by,
    read,
    sent_by,
    stop,
    version,
    writer_of,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


@pytest.fixture
def worker(site):
    return employee_of(site, College.OUVRIER, last_name="OUVRARD")


@pytest.fixture
def technician(site):
    return employee_of(site, College.ETAM, last_name="TECHNER")


@pytest.fixture
def of_etam(site):
    return writer_of(site, College.ETAM)


@pytest.fixture
def of_workers(site):
    return writer_of(site, College.OUVRIER)


def test_a_draft_that_a_colleague_began_for_others_is_joined(
    site, worksite, worker, technician, of_etam, of_workers, browser
):
    draft = draft_by(of_etam, worksite, technician)
    refused = of_workers.post(address(site, "nouveau/"), stop(worksite, work="autre"))
    assert f'href="{address(site, "", draft.pk)}"' in read(refused)
    file = of_workers.get(address(site, "", draft.pk))
    assert "TECHNER" not in read(file)
    added = chosen(worker) | {"version": version(draft)}
    assert of_workers.post(address(site, "salaries/", draft.pk), added).status_code == 302
    assert {line.employee for line in draft.lines.all()} == {worker, technician}
    assert "TECHNER" not in read(of_workers.get(address(site, "heures/", draft.pk)))
    assert of_workers.get(address(site, "envoi/", draft.pk)).status_code == 302  # his collèges alone


def test_who_only_reads_a_college_sees_no_draft_of_another(site, worksite, technician, of_etam):
    draft = draft_by(of_etam, worksite, technician)
    reader = writer_of(site, College.OUVRIER, level=Access.READ)
    assert reader.get(address(site, "", draft.pk)).status_code == 404


def test_a_week_sent_for_another_college_is_told_without_its_number_nor_a_link(
    site, worksite, worker, technician, of_etam, of_workers
):
    sent = sent_by(of_etam, draft_by(of_etam, worksite, technician))
    assert of_workers.get(address(site, "", sent.pk)).status_code == 404
    refused = read(of_workers.post(address(site, "nouveau/"), stop(worksite)))
    assert "demandez à un Administrateur du site de la corriger" in refused
    assert sent.number not in refused
    assert f"/arrets/{sent.pk}/" not in refused


def test_the_first_step_is_of_everybody_on_it(site, worksite, worker, technician, browser, of_etam):
    draft = draft_by(browser, worksite, worker, technician)
    moved = stop(WorksiteFactory(site=site), version=version(draft))
    for answer in (
        of_etam.get(address(site, "arret/", draft.pk)),
        of_etam.post(address(site, "arret/", draft.pk), moved),
    ):
        assert answer["Location"] == address(site, "salaries/", draft.pk)
    draft.refresh_from_db()
    assert draft.worksite == worksite
    assert browser.post(address(site, "arret/", draft.pk), moved).status_code == 302


def test_a_correction_replaces_only_what_its_sender_may_write_whole(
    site, worksite, worker, technician, browser, of_etam
):
    sent = sent_by(browser, draft_by(browser, worksite, worker, technician))
    browser.post(address(site, "corriger/", sent.pk))
    correction = Stoppage.objects.latest("pk")
    browser.post(
        address(site, "salaries/", correction.pk), chosen(technician) | {"version": version(correction)}
    )
    of_etam.post(address(site, "envoi/", correction.pk), SIGNED | {"version": version(correction)})
    sent.refresh_from_db()
    correction.refresh_from_db()
    assert (sent.state, correction.state) == (State.SENT, State.DRAFT)
    sent_by(browser, correction)
    sent.refresh_from_db()
    assert sent.state == State.REPLACED


def test_a_draft_without_anybody_is_thrown_away_by_who_began_it_or_may_write_all(
    site, worksite, browser, of_etam, of_workers
):
    of_workers.post(address(site, "nouveau/"), stop(worksite))
    draft = Stoppage.objects.get()
    assert "Supprimer ce brouillon" not in read(of_etam.get(address(site, "", draft.pk)))
    of_etam.post(address(site, "supprimer/", draft.pk))
    assert Stoppage.objects.exists()
    of_workers.post(address(site, "supprimer/", draft.pk))
    assert not Stoppage.objects.exists()
    of_workers.post(address(site, "nouveau/"), stop(worksite))
    browser.post(address(site, "supprimer/", Stoppage.objects.get().pk))
    assert not Stoppage.objects.exists()


@pytest.fixture
def promoted(site):
    """ETAM until 30/11/2025, cadre since, with today's wage."""
    person = employee_of(site, College.ETAM, last_name="PROMU")
    period = person.college_periods.get()
    period.ends_on = dt.date(2025, 11, 30)
    period.save()
    CollegePeriod.objects.create(employee=person, college=College.CADRE, starts_on=dt.date(2025, 12, 1))
    Contract.objects.filter(employee=person).update(hourly_rate="41.23")
    return person


PAST = {"stop_day_0": "10/11/2025", "resume_day_0": "12/11/2025"}


def test_of_who_has_left_the_college_since_nothing_of_today_is_shown(site, worksite, promoted, of_etam):
    of_etam.post(address(site, "nouveau/"), stop(worksite, **PAST))
    page = read(of_etam.get(address(site, "salaries/", Stoppage.objects.get().pk)))
    assert "PROMU" in page  # he was ETAM then
    assert "41,23" not in page
    for field in ("w", "t", "d"):
        assert re.search(rf'name="{field}_{promoted.pk}"[^>]* value=""', page)


def test_a_stop_moved_to_another_day_has_the_colleges_of_that_day(site, worksite, promoted, of_etam):
    of_etam.post(address(site, "nouveau/"), stop(worksite, **PAST))
    draft = Stoppage.objects.get()
    people = chosen(promoted) | {"version": version(draft)}
    of_etam.post(address(site, "salaries/", draft.pk), people)
    assert Line.objects.get().college == College.ETAM
    of_etam.post(address(site, "arret/", draft.pk), stop(worksite, version=version(draft)))
    assert Line.objects.get().college == College.CADRE
    assert "PROMU" not in read(of_etam.get(address(site, "salaries/", draft.pk)))
    answer = of_etam.get(address(site, "envoi/", draft.pk))
    assert answer["Location"] == address(site, "controles/", draft.pk)


def test_who_is_on_it_by_another_college_is_not_put_on_it_twice(site, worksite, promoted, of_etam):
    of_etam.post(address(site, "nouveau/"), stop(worksite, **PAST))
    draft = Stoppage.objects.get()
    Line.objects.create(stoppage=draft, employee=promoted, college=College.CADRE)
    people = chosen(promoted) | {"version": version(draft)}
    assert of_etam.post(address(site, "salaries/", draft.pk), people).status_code == 302
    assert Line.objects.get().college == College.CADRE
