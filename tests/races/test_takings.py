"""Two clerks who take at one instant, and a company that cancels meanwhile: nothing twice, nothing lost."""

import csv
import io
import threading
from collections import Counter

import pytest
from django.db import transaction

from intemperies import taking
from intemperies.models import State, Stoppage, Taking
from intemperies.taking import NothingToTake, take
from intemperies.undoing import cancel
from portal.origin import COMMAND
from tests.factories import SiteFactory, UserFactory
from tests.intemperies.declared import declared

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


def taken_by(person):
    return lambda: take(person, COMMAND)


def states_of(batch):
    rows = csv.DictReader(io.StringIO(bytes(batch.content).decode("cp1252")), delimiter=";")
    return {(row["numero"], row["etat"]) for row in rows}


def test_two_clerks_at_once_take_each_declaration_once(at_once):
    sent = [declared(SiteFactory()).number for _ in range(6)]
    results = at_once(*(taken_by(UserFactory(is_staff=True)) for _ in range(2)))
    assert sorted(type(result).__name__ for result in results) == ["NothingToTake", "Taking"]
    assert states_of(Taking.objects.get()) == {(number, "ENVOYEE") for number in sent}


def test_clerks_whose_batches_are_full_share_what_waits(at_once, monkeypatch):
    monkeypatch.setattr(taking, "MOST", 2)
    sent = [declared(SiteFactory()).number for _ in range(6)]
    staff = [UserFactory(is_staff=True) for _ in range(4)]
    at_once(*map(taken_by, staff))
    found = Counter(number for batch in Taking.objects.all() for number, _ in states_of(batch))
    while len(found) < len(sent):
        found.update(number for number, _ in states_of(take(staff[0], COMMAND)))
    assert found == Counter(sent)
    with pytest.raises(NothingToTake):
        take(staff[0], COMMAND)


def test_without_the_lock_a_declaration_would_be_taken_twice(at_once, monkeypatch):
    meeting = threading.Barrier(2)
    declared(SiteFactory())

    def unlocked():
        found = list(Stoppage.objects.to_take().select_related("site", "worksite", "corrects"))
        meeting.wait(5)
        return found

    monkeypatch.setattr(taking, "_locked", unlocked)
    results = at_once(*(taken_by(UserFactory(is_staff=True)) for _ in range(2)))
    assert [type(result).__name__ for result in results] == ["Taking"] * 2


def test_a_cancelling_waits_for_the_batch_and_is_in_the_next_one(at_once, monkeypatch):
    monkeypatch.setattr("intemperies.undoing.require_whole", lambda *given: None)
    sent, staff = declared(SiteFactory()), UserFactory(is_staff=True)
    holding, cancelling = threading.Event(), threading.Event()

    def take_slowly():
        with transaction.atomic():
            batch = take(staff, COMMAND)
            holding.set()
            assert not cancelling.wait(1)
        return batch

    def cancel_meanwhile():
        holding.wait(5)
        cancel(
            number=sent.pk, site=sent.site, person=sent.begun_by, access=None, reason="Repris", origin=COMMAND
        )
        cancelling.set()

    first, nothing = at_once(take_slowly, cancel_meanwhile)
    assert nothing is None
    assert states_of(first) == {(sent.number, "ENVOYEE")}
    assert states_of(take(staff, COMMAND)) == {(sent.number, "ANNULEE")}
    sent.refresh_from_db()
    assert sent.taken_state == State.CANCELLED


def test_a_batch_waits_for_a_cancelling_and_takes_it_as_such(at_once, monkeypatch):
    monkeypatch.setattr("intemperies.undoing.require_whole", lambda *given: None)
    sent, staff = declared(SiteFactory()), UserFactory(is_staff=True)
    holding, taking_it = threading.Event(), threading.Event()

    def cancel_slowly():
        with transaction.atomic():
            cancel(
                number=sent.pk, site=sent.site, person=sent.begun_by, access=None, reason="x", origin=COMMAND
            )
            holding.set()
            assert not taking_it.wait(1)

    def take_meanwhile():
        holding.wait(5)
        batch = take(staff, COMMAND)
        taking_it.set()
        return batch

    nothing, batch = at_once(cancel_slowly, take_meanwhile)
    assert nothing is None
    assert states_of(batch) == {(sent.number, "ANNULEE")}
