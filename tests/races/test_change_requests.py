"""A change asked, withdrawn, accepted and refused at one instant: one answer holds."""

import threading

import pytest
from django.db import transaction

from adherents import profile_changes
from adherents.imports import ADHERENTS, keep_accepted_changes
from adherents.models import ChangeRequest, ChangeState
from portal.imports.line import Line
from portal.journal.models import Entry
from portal.origin import COMMAND
from tests.factories import AdherentFactory, SiteFactory, UserFactory, owner_of

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


def asking(site, person, phone):
    values = profile_changes.current_values(site.adherent) | {"phone": phone}
    return lambda: profile_changes.ask_change(site=site, person=person, values=values, origin=COMMAND)


@pytest.fixture
def asked():
    site = SiteFactory()
    return asking(site, owner_of(site), "+33329112233")()


def answers_to(asked, staff):
    facts = {"number": asked.pk, "staff": staff, "origin": COMMAND}
    return [
        lambda: profile_changes.accept(**facts),
        lambda: profile_changes.refuse(**facts, reason="Non."),
        lambda: profile_changes.withdraw(
            number=asked.pk, site=asked.site, person=asked.asked_by, origin=COMMAND
        ),
    ]


def test_of_three_answers_at_once_one_holds(asked, at_once):
    results = at_once(*answers_to(asked, UserFactory()))
    assert sorted(type(result).__name__ for result in results) == ["AlreadyAnswered"] * 2 + ["ChangeRequest"]
    asked.refresh_from_db()
    asked.adherent.refresh_from_db()
    assert not asked.is_waiting
    assert (asked.adherent.phone == "+33329112233") == (asked.state == ChangeState.ACCEPTED)
    assert Entry.objects.filter(action__startswith="company.change_").count() == 2


def test_without_the_lock_two_answers_are_given(asked, at_once, monkeypatch):
    meeting = threading.Barrier(3)

    def unlocked(request):
        request = ChangeRequest.objects.whole().get(pk=request.pk)
        meeting.wait(5)
        return request

    monkeypatch.setattr(profile_changes, "_open", unlocked)
    results = at_once(*answers_to(asked, UserFactory()))
    assert [type(result).__name__ for result in results] == ["ChangeRequest"] * 3


def test_two_sites_of_a_company_ask_at_once_and_one_waits(at_once):
    company = AdherentFactory()
    sites = [SiteFactory(adherent=company), SiteFactory(adherent=company)]
    people = [owner_of(site) for site in sites]
    results = at_once(
        *(asking(*pair, f"+3332911223{n}") for n, pair in enumerate(zip(sites, people, strict=True)))
    )
    assert sorted(type(result).__name__ for result in results) == ["AlreadyWaiting", "ChangeRequest"]
    assert ChangeRequest.objects.waiting().count() == 1


def test_an_answer_under_way_is_waited_for_by_an_import(asked, at_once):
    """The import reads the accepted changes once it holds the company, never before."""
    accepting, reading = threading.Event(), threading.Event()
    number, former = asked.adherent.number, asked.before["phone"]
    line = Line(2, {"numero_adherent": number, "telephone": former}, {"number": number, "phone": former})

    def accept_slowly():
        with transaction.atomic():
            profile_changes.accept(number=asked.pk, staff=UserFactory(), origin=COMMAND)
            accepting.set()
            reading.wait(1)

    def import_meanwhile():
        accepting.wait(5)
        with transaction.atomic():
            keep_accepted_changes(ADHERENTS, [line])
        reading.set()

    assert at_once(accept_slowly, import_meanwhile) == [None, None]
    assert line.attributes["phone"] == "+33329112233"
